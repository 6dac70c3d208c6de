package io.ringmaster.director;

import io.ringmaster.demo.LoadResult;

/** The long form of the tests, by {@code -Dringmaster.full=true}: the numbers that were promised. */
final class Full {
    static final boolean RUN = Boolean.getBoolean("ringmaster.full");

    private Full() {
    }

    /** Prints a load's figures: the report of a long run. */
    static void tell(final String what, final LoadResult result) {
        System.out.println(what + ": " + result.answered() + " of " + result.sent() + " answered, " + result.shares()
            + ", p50 " + result.latencyUs(50) + " us, p99 " + result.latencyUs(99) + " us, max "
            + result.maxLatencyUs() + " us");
    }
}
