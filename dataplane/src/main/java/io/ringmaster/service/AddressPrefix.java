package io.ringmaster.service;

import io.ringmaster.packet.Addresses;

/**
 * The addresses that begin with the same bits, of one family. Immutable.
 *
 * @param high high long of {@link Addresses}; bits behind the prefix are 0.
 * @param low  low long.
 * @param bits length in the form of {@link Addresses}, 0 to 128: that of an IPv4 prefix and 96.
 */
public record AddressPrefix(long high, long low, int bits) {
    private static final int MAPPED_BITS = 96;

    /** All addresses of a family. */
    public static AddressPrefix all(final boolean ipv6) {
        return ipv6 ? new AddressPrefix(0, 0, 0) : new AddressPrefix(Addresses.IPV4_HIGH, Addresses.ipv4Low(0),
            MAPPED_BITS);
    }

    /** Whether it is one of IPv4 addresses. */
    public boolean ipv4() {
        return bits >= MAPPED_BITS && Addresses.isIpv4(high, low);
    }

    /** Its length as people write it: 0 to 32 or 0 to 128. */
    public int length() {
        return ipv4() ? bits - MAPPED_BITS : bits;
    }

    /** The bits that count, high long. */
    public long maskHigh() {
        return Addresses.prefixHigh(bits);
    }

    /** The bits that count, low long. */
    public long maskLow() {
        return Addresses.prefixLow(bits);
    }

    /** Whether an address is one of them; no IPv4 address is one of IPv6, however few bits count. */
    public boolean contains(final long addressHigh, final long addressLow) {
        return ((addressHigh ^ high) & maskHigh() | (addressLow ^ low) & maskLow()) == 0
            && (bits >= MAPPED_BITS || !Addresses.isIpv4(addressHigh, addressLow));
    }
}
