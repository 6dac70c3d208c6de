package io.ringmaster.application;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * Reads an IP address that is written out (RFC 4291 §2.2 for IPv6), up to a delimiter. Never looks beyond the limit.
 * Owned by one worker.
 */
final class AddressText {
    private static final int GROUPS = 8;
    private static final int GROUPS_PER_LONG = 4;
    private static final int GROUP_BITS = 16;
    private static final int GROUP_DIGITS = 4;
    private static final int HEXADECIMAL = 16;
    private static final int DECIMAL = 10;
    private static final int OCTETS = 4;
    private static final int U8 = 0xff;
    private static final int NONE = -1;

    private final int[] groups = new int[GROUPS];
    private long high;
    private long low;

    /** The address that was read last, high long of {@link Addresses}. */
    long high() {
        return high;
    }

    /** The same, low long. */
    long low() {
        return low;
    }

    /**
     * Reads an IPv4 address.
     *
     * @return where the delimiter is, or −1 if no address stands there or no delimiter behind it.
     */
    long readIpv4(final MemorySegment memory, final long from, final long limit, final int delimiter) {
        int address = 0;
        long at = from;
        for (int i = 0; i < OCTETS; i++) {
            final long end = digitsEnd(memory, at, limit);
            final int octet = number(memory, at, end);
            if (octet < 0 || end == limit || BigEndian.u8(memory, end) != (i == OCTETS - 1 ? delimiter : '.')) {
                return NONE;
            }
            address = address << Byte.SIZE | octet;
            at = end + 1;
        }
        high = Addresses.IPV4_HIGH;
        low = Addresses.ipv4Low(address);
        return at - 1;
    }

    private static long digitsEnd(final MemorySegment memory, final long from, final long limit) {
        long at = from;
        while (at < limit && Character.digit(BigEndian.u8(memory, at), DECIMAL) >= 0) {
            at++;
        }
        return at;
    }

    /** 0 to 255; negative if the digits are no such number. */
    private static int number(final MemorySegment memory, final long from, final long end) {
        int number = from == end ? NONE : 0;
        for (long at = from; at < end && number >= 0; at++) {
            number = number * DECIMAL + BigEndian.u8(memory, at) - '0';
            number = number > U8 ? NONE : number;
        }
        return number;
    }

    /** As {@link #readIpv4}, of an IPv6 address, of which the last 32 bits may be written as those of IPv4. */
    long readIpv6(final MemorySegment memory, final long from, final long limit, final int delimiter) {
        int count = 0;
        int gap = NONE;
        long at = from;
        for (;;) {
            if (at < limit - 1 && gap == NONE && BigEndian.u8(memory, at) == ':'
                && BigEndian.u8(memory, at + 1) == ':') {
                gap = count;
                at += 2;
                if (at < limit && BigEndian.u8(memory, at) == delimiter) {
                    return taken(count, gap, at);
                }
            } else if (count > 0 && gap != count) {
                if (at == limit || BigEndian.u8(memory, at) != ':') {
                    return NONE;
                }
                at++;
            }
            final long end = groupEnd(memory, at, limit);
            if (end == at || end == limit || count == GROUPS) {
                return NONE;
            }
            if (BigEndian.u8(memory, end) == '.') {
                return takenWithIpv4(memory, at, limit, delimiter, count, gap);
            }
            groups[count++] = group(memory, at, end);
            at = end;
            if (BigEndian.u8(memory, at) == delimiter) {
                return taken(count, gap, at);
            }
        }
    }

    private long takenWithIpv4(final MemorySegment memory, final long from, final long limit, final int delimiter,
                               final int count, final int gap) {
        final long end = count > GROUPS - 2 ? NONE : readIpv4(memory, from, limit, delimiter);
        if (end < 0) {
            return NONE;
        }
        groups[count] = (int) low >>> GROUP_BITS;
        groups[count + 1] = (int) low & (1 << GROUP_BITS) - 1;
        return taken(count + 2, gap, end);
    }

    private static long groupEnd(final MemorySegment memory, final long from, final long limit) {
        long at = from;
        while (at < limit && at < from + GROUP_DIGITS
            && Character.digit(BigEndian.u8(memory, at), HEXADECIMAL) >= 0) {
            at++;
        }
        return at;
    }

    private static int group(final MemorySegment memory, final long from, final long end) {
        int group = 0;
        for (long at = from; at < end; at++) {
            group = group * HEXADECIMAL + Character.digit(BigEndian.u8(memory, at), HEXADECIMAL);
        }
        return group;
    }

    /** Puts the groups together, zeros where the gap is; all must be there if there is none. */
    private long taken(final int count, final int gap, final long end) {
        if (gap == NONE ? count != GROUPS : count == GROUPS) {
            return NONE;
        }
        high = 0;
        low = 0;
        for (int i = 0; i < count; i++) {
            final int place = gap == NONE || i < gap ? i : GROUPS - count + i;
            final long shifted = (long) groups[i] << (GROUPS_PER_LONG - 1 - place % GROUPS_PER_LONG) * GROUP_BITS;
            high |= place < GROUPS_PER_LONG ? shifted : 0;
            low |= place < GROUPS_PER_LONG ? 0 : shifted;
        }
        return end;
    }
}
