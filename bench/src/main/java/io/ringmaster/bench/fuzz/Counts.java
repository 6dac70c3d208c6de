package io.ringmaster.bench.fuzz;

import io.ringmaster.stats.ServerCounters;

/**
 * What real servers and services carry, for one director after the other: 8 MB of memory that would else be made anew,
 * and outside the heap, for each. Owned by one thread.
 */
final class Counts {
    /** Numbers that a director gives out in its life, more than enough. */
    private static final int NUMBERS = 8192;
    private static final int FIELDS = 8;

    private final ServerCounters servers = new ServerCounters(1);
    private final ServerCounters services = new ServerCounters(1);

    ServerCounters servers() {
        return servers;
    }

    ServerCounters services() {
        return services;
    }

    /** All are 0 again. */
    void reset() {
        reset(servers);
        reset(services);
    }

    private static void reset(final ServerCounters counters) {
        for (int number = 0; number < NUMBERS; number++) {
            for (int field = 0; field < FIELDS; field++) {
                final long sum = counters.sum(number, field);
                if (sum != 0) {
                    counters.add(0, number, field, -sum);
                }
            }
        }
    }
}
