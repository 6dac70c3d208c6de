package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The IPv4 header (RFC 791 §3.1; the second byte as RFC 2474 and RFC 3168), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +-------+-------+-----------+---+-------------------------------+
 *  |version|  ihl  |   DSCP    |ECN|         total length          |
 *  +-------+-------+-----------+---+-+-+-+-------------------------+
 *  |        identification         |0|D|M|    fragment offset      |
 *  +---------------+---------------+-+F+F+-------------------------+
 *  |      ttl      |   protocol    |        header checksum        |
 *  +---------------+---------------+-------------------------------+
 *  |                        source address                         |
 *  +---------------------------------------------------------------+
 *  |                      destination address                      |
 *  +---------------------------------------------------------------+
 *  |                     options, if ihl &gt; 5                      |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv4 {
    /** Length of a header without options, in bytes. */
    public static final int HEADER_BYTES = 20;
    /** Protocol number of ICMP (IANA protocol-numbers). */
    public static final int PROTOCOL_ICMP = 1;
    /** Protocol number of IPv4 in IPv4 (RFC 2003). */
    public static final int PROTOCOL_IPIP = 4;
    /** Protocol number of TCP. */
    public static final int PROTOCOL_TCP = 6;
    /** Protocol number of UDP. */
    public static final int PROTOCOL_UDP = 17;
    /** Protocol number of GRE (RFC 2784). */
    public static final int PROTOCOL_GRE = 47;
    /** The don't-fragment bit of {@link #fragmentWord}. */
    public static final int DONT_FRAGMENT = 0x4000;
    /** The more-fragments bit of {@link #fragmentWord}. */
    public static final int MORE_FRAGMENTS = 0x2000;
    /** The fragment offset of {@link #fragmentWord}, in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET = 0x1fff;
    /** First byte of a header without options. */
    public static final int VERSION_4_IHL_5 = 0x45;

    /** What a time to live of one less does to the header checksum: the same whatever it was (see Checksum.correct). */
    public static final int ONE_HOP_LESS = Checksum.correction16(1 << Byte.SIZE, 0);

    private static final int VERSION_IHL = 0;
    private static final int TYPE_OF_SERVICE = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private Ipv4() {
    }

    public static int version(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + VERSION_IHL) >>> 4;
    }

    /** Length of the header in bytes as its ihl field tells: 0 to 60, valid from 20 on. */
    public static int headerBytes(final MemorySegment memory, final long offset) {
        return (BigEndian.u8(memory, offset + VERSION_IHL) & 0xf) << 2;
    }

    /** Writes version and header length, {@link #VERSION_4_IHL_5} for a header without options. */
    public static void versionAndIhl(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + VERSION_IHL, value);
    }

    /** DSCP in the upper six bits, ECN in the lower two. */
    public static int typeOfService(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + TYPE_OF_SERVICE);
    }

    public static void typeOfService(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + TYPE_OF_SERVICE, value);
    }

    /** Bytes of header and payload. */
    public static int totalLength(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + TOTAL_LENGTH);
    }

    public static void totalLength(final MemorySegment memory, final long offset, final int bytes) {
        BigEndian.u16(memory, offset + TOTAL_LENGTH, bytes);
    }

    public static int identification(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + IDENTIFICATION);
    }

    public static void identification(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u16(memory, offset + IDENTIFICATION, value);
    }

    /** The 16 bits of flags and fragment offset. */
    public static int fragmentWord(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + FRAGMENT);
    }

    public static void fragmentWord(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u16(memory, offset + FRAGMENT, value);
    }

    public static int timeToLive(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + TIME_TO_LIVE);
    }

    public static void timeToLive(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + TIME_TO_LIVE, value);
    }

    /** TTL in the upper and protocol in the lower eight bits: the word that a TTL change changes in the checksum. */
    public static int timeToLiveWord(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + TIME_TO_LIVE);
    }

    public static int protocol(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + PROTOCOL);
    }

    public static void protocol(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + PROTOCOL, value);
    }

    public static int checksum(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + CHECKSUM);
    }

    public static void checksum(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u16(memory, offset + CHECKSUM, value);
    }

    /** Computes the header checksum afresh and writes it (RFC 791 §3.1). */
    public static void writeChecksum(final MemorySegment memory, final long offset) {
        checksum(memory, offset, 0);
        checksum(memory, offset, Checksum.ofIpv4Header(memory, offset, headerBytes(memory, offset)));
    }

    public static int source(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + SOURCE);
    }

    public static void source(final MemorySegment memory, final long offset, final int address) {
        BigEndian.i32(memory, offset + SOURCE, address);
    }

    public static int destination(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + DESTINATION);
    }

    public static void destination(final MemorySegment memory, final long offset, final int address) {
        BigEndian.i32(memory, offset + DESTINATION, address);
    }
}
