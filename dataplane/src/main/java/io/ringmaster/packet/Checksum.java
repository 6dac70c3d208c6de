package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The Internet checksum: the one's complement of the one's complement sum of 16-bit words (RFC 1071), in full and as a
 * correction for what changed (RFC 1624). Checksums are ints from 0 to 65,535 as they stand in the header.
 */
public final class Checksum {
    private static final int WORD = 0xffff;
    private static final int IPV6_ADDRESSES = 8;
    private static final int IPV6_ADDRESSES_BYTES = 32;

    private Checksum() {
    }

    /**
     * The checksum of a range; of a range that holds its own right checksum it is 0.
     *
     * @param offset      first byte, counted as the high half of a word.
     * @param lengthBytes 0 to 65,535; a last odd byte is padded with a zero.
     */
    public static int of(final MemorySegment memory, final long offset, final int lengthBytes) {
        return ~fold(sum(memory, offset, lengthBytes)) & WORD;
    }

    /**
     * The checksum of an IPv4 header, 0 if the header holds its own right one. Nearly all have no options, and are
     * worth a sum without a loop: every packet goes through it.
     *
     * @param headerBytes 20 to 60, a multiple of 4.
     */
    public static int ofIpv4Header(final MemorySegment memory, final long offset, final int headerBytes) {
        if (headerBytes != Ipv4.HEADER_BYTES) {
            return of(memory, offset, headerBytes);
        }
        final long first = BigEndian.i64(memory, offset);
        final long second = BigEndian.i64(memory, offset + 8);
        final long third = BigEndian.i32(memory, offset + 16) & 0xffff_ffffL;
        return ~fold((first >>> 32) + (first & 0xffff_ffffL) + (second >>> 32) + (second & 0xffff_ffffL) + third)
            & WORD;
    }

    /**
     * The checksum of a TCP or UDP segment together with the pseudo header of IPv4 (RFC 9293 §3.1, RFC 768).
     *
     * @param offset      first byte of the TCP or UDP header.
     * @param lengthBytes bytes of header and data.
     */
    public static int ofTransport(final MemorySegment memory, final long offset, final int lengthBytes,
        final int source, final int destination, final int protocol) {
        return ~fold(sum(memory, offset, lengthBytes) + pseudo(source, destination, protocol, lengthBytes)) & WORD;
    }

    /**
     * The checksum of what an IPv6 packet carries together with its pseudo header (RFC 8200 §8.1).
     *
     * @param network     offset of the IPv6 header: the pseudo header's addresses are those that stand there.
     * @param offset      first byte of the transport header.
     * @param lengthBytes bytes of header and data.
     */
    public static int ofTransport(final MemorySegment memory, final long network, final long offset,
        final int lengthBytes, final int protocol) {
        return ~fold(sum(memory, offset, lengthBytes) + sum(memory, network + IPV6_ADDRESSES, IPV6_ADDRESSES_BYTES)
            + protocol + lengthBytes) & WORD;
    }

    /**
     * The checksum after one aligned 16-bit word changed (RFC 1624 §3, equation 3). A wrong checksum stays as wrong as
     * it was. Zero in one's complement has two forms; 0xffff comes out only if old and new word are zero sums too.
     */
    public static int update16(final int checksum, final int oldWord, final int newWord) {
        return ~fold((long) (~checksum & WORD) + (~oldWord & WORD) + newWord) & WORD;
    }

    /**
     * What {@link #correct} adds for a word that changed: worth preparing where many packets are changed alike.
     *
     * @return 0 to 65,535.
     */
    public static int correction16(final int oldWord, final int newWord) {
        return fold((~oldWord & WORD) + (newWord & WORD));
    }

    /** As {@link #correction16} for two adjoining words, such as an IPv4 address. */
    public static int correction32(final int oldWords, final int newWords) {
        return fold((~oldWords & 0xffff_ffffL) + (newWords & 0xffff_ffffL));
    }

    /** As {@link #correction16} for eight adjoining words, an IPv6 address in two longs. */
    public static int correction128(final long oldHigh, final long oldLow, final long newHigh, final long newLow) {
        return fold(halves(~oldHigh) + halves(~oldLow) + halves(newHigh) + halves(newLow));
    }

    private static long halves(final long words) {
        return (words >>> 32) + (words & 0xffff_ffffL);
    }

    /** Two corrections in one. */
    public static int together(final int correction, final int other) {
        return fold((long) correction + other);
    }

    /** The checksum after a change: as {@link #update16} and {@link #update32}, of which it is the second half. */
    public static int correct(final int checksum, final int correction) {
        // ~(~checksum + correction), which in one's complement is a difference that borrows from its own low end.
        final int difference = checksum - correction;
        return difference + (difference >> 16) & WORD;
    }

    /** The checksum after two adjoining 16-bit words, such as an IPv4 address, changed. */
    public static int update32(final int checksum, final int oldWords, final int newWords) {
        return ~fold((long) (~checksum & WORD) + (~oldWords & 0xffff_ffffL) + (newWords & 0xffff_ffffL)) & WORD;
    }

    /** Whether a sum of 16-bit words, not more than 2^36, is that of a range which holds its own right checksum. */
    static boolean isRight(final long sum) {
        final long folded = (sum >>> 16) + (sum & WORD);
        return (folded >>> 16) + (folded & WORD) == WORD;
    }

    private static long pseudo(final int source, final int destination, final int protocol, final int lengthBytes) {
        return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + lengthBytes;
    }

    /** Sum of all 16-bit words, not folded: at most 2^14 terms below 2^33, so a long does not overflow. */
    private static long sum(final MemorySegment memory, final long offset, final int lengthBytes) {
        final long end = offset + lengthBytes;
        long at = offset;
        long sum = 0;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            final long word = BigEndian.i64(memory, at);
            sum += (word >>> 32) + (word & 0xffff_ffffL);
        }
        if (at <= end - Integer.BYTES) {
            sum += BigEndian.i32(memory, at) & 0xffff_ffffL;
            at += Integer.BYTES;
        }
        if (at <= end - Short.BYTES) {
            sum += BigEndian.u16(memory, at);
            at += Short.BYTES;
        }
        if (at < end) {
            sum += BigEndian.u8(memory, at) << Byte.SIZE;
        }
        return sum;
    }

    /** Adds the carries back in until 16 bits are left; 0 only for a sum of 0. */
    private static int fold(final long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        folded = (folded >>> 16) + (folded & WORD);
        folded = (folded >>> 16) + (folded & WORD);
        return (int) ((folded >>> 16) + (folded & WORD));
    }
}
