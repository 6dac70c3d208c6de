package io.ringmaster.service;

/**
 * Finds the number that was given to an IPv6 address, port and protocol, which do not fit one long as those of IPv4 do.
 * Open addressing, at most half full. Filled by the control thread, read by workers when it is part of a {@link View},
 * immutable from then on.
 */
final class WideEndpoints {
    /** No number was given. */
    static final int NONE = -1;
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final long MIX_LOW = 0xBF58476D1CE4E5B9L;
    private static final int LEAST_PLACES = 2;
    private static final int PORT_SHIFT = 16;

    private final long[] high;
    private final long[] low;
    /** Port and protocol, and a bit that tells a place in use. */
    private final long[] rest;
    private final int[] numbers;
    private final int shift;

    WideEndpoints(final int most) {
        final int places = Math.max(LEAST_PLACES, Integer.highestOneBit(Math.max(1, most)) << 2);
        high = new long[places];
        low = new long[places];
        rest = new long[places];
        numbers = new int[places];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(places);
    }

    /** Gives a number, 0 or above, to an endpoint, unless it has one; the number that it has now. */
    int put(final long addressHigh, final long addressLow, final int port, final int protocol, final int number) {
        final int place = place(addressHigh, addressLow, rest(port, protocol));
        if (rest[place] == 0) {
            high[place] = addressHigh;
            low[place] = addressLow;
            rest[place] = rest(port, protocol);
            numbers[place] = number;
        }
        return numbers[place];
    }

    /** The number of an endpoint, or {@link #NONE}. */
    int number(final long addressHigh, final long addressLow, final int port, final int protocol) {
        final int place = place(addressHigh, addressLow, rest(port, protocol));
        return rest[place] == 0 ? NONE : numbers[place];
    }

    /** Where it is, or the empty place where it would be. */
    private int place(final long addressHigh, final long addressLow, final long wanted) {
        int place = (int) ((addressHigh * MIX ^ addressLow * MIX_LOW ^ wanted) * MIX >>> shift);
        while (rest[place] != 0
            && (rest[place] ^ wanted | high[place] ^ addressHigh | low[place] ^ addressLow) != 0) {
            place = place + 1 & rest.length - 1;
        }
        return place;
    }

    private static long rest(final int port, final int protocol) {
        return 1L << Integer.SIZE | (long) port << PORT_SHIFT | protocol;
    }
}
