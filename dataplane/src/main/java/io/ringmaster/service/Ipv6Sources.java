package io.ringmaster.service;

import java.util.List;

/**
 * The IPv6 addresses of an interface that packets of the host may come from, in the kernel's order: the one added last
 * comes first.
 *
 * @param all those of the link alone left out.
 */
public record Ipv6Sources(List<Source> all) {
    /** None. */
    public static final Ipv6Sources NONE = new Ipv6Sources(List.of());

    /** One address and the length of its network's prefix. */
    public record Source(long high, long low, int prefixBits) {
    }

    /**
     * The place of the address that the kernel answers from: the one that has most leading bits in common with the
     * receiver, as far as its prefix goes (RFC 6724, rule 8), the first of several; -1 if there is none.
     */
    public int towards(final long high, final long low) {
        int best = -1;
        int mostBits = -1;
        for (int i = 0; i < all.size(); i++) {
            final Source source = all.get(i);
            final long differing = source.high ^ high;
            final int common = differing != 0 ? Long.numberOfLeadingZeros(differing)
                : Long.SIZE + Long.numberOfLeadingZeros(source.low ^ low);
            final int bits = Math.min(common, source.prefixBits);
            if (bits > mostBits) {
                mostBits = bits;
                best = i;
            }
        }
        return best;
    }

    /** The high long of an address by its place; 0 for place -1. */
    public long high(final int place) {
        return place < 0 ? 0 : all.get(place).high;
    }

    /** The low long of an address by its place; 0 for place -1. */
    public long low(final int place) {
        return place < 0 ? 0 : all.get(place).low;
    }
}
