package io.ringmaster.control;

import io.ringmaster.stats.ServerCounters;

/**
 * The kernel's estimator (ip_vs_est.c): every two seconds a quarter of the way from the old average to the new rate,
 * with 10 binary places for connections and packets and 5 for bytes.
 */
final class Rates {
    private static final int PLACES = 10;
    private static final int PLACES_OF_BYTES = 5;

    private Rates() {
    }

    /** The average after a step of two seconds in which this much was counted. */
    static long next(final int field, final long average, final long counted) {
        // Two seconds' difference: half of it is the rate, so one place less than the average has.
        return average + ((counted << places(field) - 1) - average >> 2);
    }

    /** The average per second, rounded as the kernel does. */
    static long rounded(final int field, final long average) {
        return average + (1L << places(field) - 1) - 1 >> places(field);
    }

    private static int places(final int field) {
        return field < ServerCounters.IN_BYTES ? PLACES : PLACES_OF_BYTES;
    }
}
