package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The Ethernet II header (RFC 894; IEEE 802.3 clause 3), at the offset given to each accessor.
 * <pre>
 *  0                   6                  12      14
 *  +-------------------+-------------------+-------+--------- - -
 *  |  destination MAC  |    source MAC     | type  | payload
 *  +-------------------+-------------------+-------+--------- - -
 * </pre>
 * A MAC is a long of 48 bits, its first byte on the wire in bits 47 to 40.
 */
public final class Ethernet {
    /** Length of the header in bytes; a VLAN tag is not part of it. */
    public static final int HEADER_BYTES = 14;
    /** Type of IPv4 (IANA ieee-802-numbers). */
    public static final int TYPE_IPV4 = 0x0800;
    /** Type of IPv6. */
    public static final int TYPE_IPV6 = 0x86dd;
    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final long GROUP_BIT = 1L << 40;

    private Ethernet() {
    }

    public static long destination(final MemorySegment memory, final long offset) {
        return BigEndian.u48(memory, offset + DESTINATION);
    }

    public static void destination(final MemorySegment memory, final long offset, final long mac) {
        BigEndian.u48(memory, offset + DESTINATION, mac);
    }

    public static long source(final MemorySegment memory, final long offset) {
        // One load of eight bytes: the type behind the address is always there.
        return BigEndian.i64(memory, offset + SOURCE) >>> 16;
    }

    public static void source(final MemorySegment memory, final long offset, final long mac) {
        BigEndian.u48(memory, offset + SOURCE, mac);
    }

    /** Writes both addresses. */
    public static void addresses(final MemorySegment memory, final long offset, final long destinationMac,
                                 final long sourceMac) {
        BigEndian.i64(memory, offset, destinationMac << 16 | sourceMac >>> 32);
        BigEndian.i32(memory, offset + Long.BYTES, (int) sourceMac);
    }

    public static int type(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + TYPE);
    }

    public static void type(final MemorySegment memory, final long offset, final int type) {
        BigEndian.u16(memory, offset + TYPE, type);
    }

    /** Whether a MAC is a multicast address or broadcast (its first byte is odd, IEEE 802 §8.2.2). */
    public static boolean isGroup(final long mac) {
        return (mac & GROUP_BIT) != 0;
    }
}
