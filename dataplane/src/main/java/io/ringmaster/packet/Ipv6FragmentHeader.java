package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The fragment header of IPv6 (RFC 8200 §4.5), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+-----------------------+---+---+
 *  |  next header  |    zeros      |    fragment offset    | 0 | M |
 *  +---------------+---------------+-----------------------+---+---+
 *  |                        identification                         |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv6FragmentHeader {
    /** Protocol number of this header. */
    public static final int PROTOCOL = 44;
    /** Length of this header. */
    public static final int BYTES = 8;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int LENGTH = 1;
    private static final int WORD = 2;
    private static final int IDENTIFICATION = 4;
    private static final int OFFSET_MASK = 0xfff8;
    private static final int MORE = 1;

    private Ipv6FragmentHeader() {
    }

    /** Protocol number of what the datagram begins with behind this header. */
    public static int nextHeader(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset);
    }

    /** Where the fragment's data belongs, in bytes, a multiple of 8. */
    public static int offsetBytes(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + WORD) & OFFSET_MASK;
    }

    /** Whether it is not the last fragment. */
    public static boolean more(final MemorySegment memory, final long offset) {
        return (BigEndian.u16(memory, offset + WORD) & MORE) != 0;
    }

    /** What all fragments of a datagram have in common, 32 bits. */
    public static int identification(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + IDENTIFICATION);
    }

    /** Writes the header. */
    public static void write(final MemorySegment memory, final long offset, final int nextHeader,
                             final int offsetBytes, final boolean more, final int identification) {
        BigEndian.u8(memory, offset, nextHeader);
        BigEndian.u8(memory, offset + 1, 0);
        BigEndian.u16(memory, offset + WORD, offsetBytes | (more ? MORE : 0));
        BigEndian.i32(memory, offset + IDENTIFICATION, identification);
    }

    /**
     * Where the kernel puts a fragment header (ip6_find_1stfragopt): behind hop-by-hop options, a routing header, and
     * destination options, the latter only if they do not follow a routing header.
     *
     * @param network     offset of the IPv6 header, which is there.
     * @param lengthBytes of the packet from there.
     * @return bytes from there, 40 and more.
     */
    public static int place(final MemorySegment memory, final long network, final int lengthBytes) {
        int next = Ipv6.nextHeader(memory, network);
        int at = Ipv6.HEADER_BYTES;
        boolean routed = false;
        for (int i = 0; i < Ipv6Extensions.MOST_HEADERS && isInFront(next, routed)
            && at + BYTES <= lengthBytes; i++) {
            final int bytes = (BigEndian.u8(memory, network + at + LENGTH) + 1) * BYTES;
            if (at + bytes > lengthBytes) {
                return at;
            }
            routed |= next == ROUTING;
            next = BigEndian.u8(memory, network + at);
            at += bytes;
        }
        return at;
    }

    private static boolean isInFront(final int header, final boolean routed) {
        return header == HOP_BY_HOP || header == ROUTING || header == DESTINATION_OPTIONS && !routed;
    }

    /**
     * Where the byte is that names a header.
     *
     * @param network offset of the IPv6 header.
     * @param at      bytes from there to the header, by headers that all are there.
     * @return offset of the byte.
     */
    public static long naming(final MemorySegment memory, final long network, final int at) {
        long name = network + Ipv6.NEXT_HEADER;
        int header = Ipv6.HEADER_BYTES;
        while (header < at) {
            final int protocol = BigEndian.u8(memory, name);
            name = network + header;
            header += Ipv6Extensions.lengthBytes(protocol, memory, name);
        }
        return name;
    }
}
