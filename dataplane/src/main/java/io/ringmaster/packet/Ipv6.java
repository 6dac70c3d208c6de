package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The IPv6 header (RFC 8200 §3), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +-------+---------------+---------------------------------------+
 *  |version| traffic class |              flow label               |
 *  +-------+---------------+-------+---------------+---------------+
 *  |        payload length         |  next header  |   hop limit   |
 *  +-------------------------------+---------------+---------------+
 *  |                   source address, 16 bytes                    |
 *  +---------------------------------------------------------------+
 *  |                 destination address, 16 bytes                 |
 *  +---------------------------------------------------------------+
 * </pre>
 * An address is two longs, the first byte on the wire highest (see {@link Addresses}).
 */
public final class Ipv6 {
    /** Length of the header in bytes, without extension headers. */
    public static final int HEADER_BYTES = 40;
    /** Every link takes packets of this length (RFC 8200 §5). */
    public static final int MINIMUM_MTU_BYTES = 1280;
    /** Protocol number of IPv6 in something else (RFC 2473, RFC 4213). */
    public static final int PROTOCOL_IPV6 = 41;
    /** Protocol number of ICMPv6. */
    public static final int PROTOCOL_ICMPV6 = 58;

    /** Where the payload length stands, in bytes from the header's start. */
    public static final int PAYLOAD_LENGTH = 4;

    private static final int VERSION_CLASS_LABEL = 0;
    static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;
    private static final int VERSION_SHIFT = 28;
    private static final int CLASS_SHIFT = 20;
    private static final int CONGESTION = 3;
    private static final int U8 = 0xff;

    private Ipv6() {
    }

    public static int version(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + VERSION_CLASS_LABEL) >>> 4;
    }

    /** DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168). */
    public static int trafficClass(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + VERSION_CLASS_LABEL) >>> CLASS_SHIFT & U8;
    }

    /** Sets both ECN bits (RFC 3168: congestion experienced). */
    public static void markCongestion(final MemorySegment memory, final long offset) {
        BigEndian.i32(memory, offset + VERSION_CLASS_LABEL,
            BigEndian.i32(memory, offset + VERSION_CLASS_LABEL) | CONGESTION << CLASS_SHIFT);
    }

    /** Writes version 6, traffic class and flow label 0. */
    public static void versionAndClass(final MemorySegment memory, final long offset, final int trafficClass) {
        BigEndian.i32(memory, offset + VERSION_CLASS_LABEL, 6 << VERSION_SHIFT | trafficClass << CLASS_SHIFT);
    }

    /** Bytes behind this header, extension headers included. */
    public static int payloadLength(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + PAYLOAD_LENGTH);
    }

    public static void payloadLength(final MemorySegment memory, final long offset, final int bytes) {
        BigEndian.u16(memory, offset + PAYLOAD_LENGTH, bytes);
    }

    /** Protocol number of what follows: an extension header or the transport protocol. */
    public static int nextHeader(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + NEXT_HEADER);
    }

    public static void nextHeader(final MemorySegment memory, final long offset, final int protocol) {
        BigEndian.u8(memory, offset + NEXT_HEADER, protocol);
    }

    /** What IPv4 calls time to live. */
    public static int hopLimit(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + HOP_LIMIT);
    }

    public static void hopLimit(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + HOP_LIMIT, value);
    }

    public static long sourceHigh(final MemorySegment memory, final long offset) {
        return BigEndian.i64(memory, offset + SOURCE);
    }

    public static long sourceLow(final MemorySegment memory, final long offset) {
        return BigEndian.i64(memory, offset + SOURCE + Long.BYTES);
    }

    public static void source(final MemorySegment memory, final long offset, final long high, final long low) {
        BigEndian.i64(memory, offset + SOURCE, high);
        BigEndian.i64(memory, offset + SOURCE + Long.BYTES, low);
    }

    public static long destinationHigh(final MemorySegment memory, final long offset) {
        return BigEndian.i64(memory, offset + DESTINATION);
    }

    public static long destinationLow(final MemorySegment memory, final long offset) {
        return BigEndian.i64(memory, offset + DESTINATION + Long.BYTES);
    }

    public static void destination(final MemorySegment memory, final long offset, final long high, final long low) {
        BigEndian.i64(memory, offset + DESTINATION, high);
        BigEndian.i64(memory, offset + DESTINATION + Long.BYTES, low);
    }
}
