package io.ringmaster.service;

import java.util.List;

/**
 * The addresses of virtual services, by a number of 64 bits each that hardly any two have in common. Open addressing,
 * at most half full. Immutable; made by the control thread, read by workers.
 */
final class AddressSet {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final long MIX_LOW = 0xBF58476D1CE4E5B9L;

    private final long[] numbers;
    private final int shift;

    private AddressSet(final int places) {
        this.numbers = new long[places];
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(places);
    }

    /** The VIPs of services; those of firewall marks have none. */
    static AddressSet of(final List<ServiceView> services) {
        final long[] all = services.stream().filter(service -> !service.key().marked())
            .mapToLong(service -> number(service.vipHigh(), service.vipLow())).distinct().toArray();
        final AddressSet set = new AddressSet(Integer.highestOneBit(Math.max(1, all.length)) << 2);
        for (final long number : all) {
            set.numbers[set.place(number)] = number;
        }
        return set;
    }

    /** Whether an address is one of them. */
    boolean holds(final long high, final long low) {
        final long number = number(high, low);
        return numbers[place(number)] == number;
    }

    private static long number(final long high, final long low) {
        // Never 0, which is an empty place.
        return (high * MIX ^ low * MIX_LOW) * MIX | 1;
    }

    private int place(final long number) {
        int place = (int) (number * MIX >>> shift);
        while (numbers[place] != 0 && numbers[place] != number) {
            place = place + 1 & numbers.length - 1;
        }
        return place;
    }
}
