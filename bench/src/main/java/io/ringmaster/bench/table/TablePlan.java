package io.ringmaster.bench.table;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.connection.TableForm;

/**
 * What one run does.
 *
 * @param connections that are put in, looked up and end, 1,000 to 2^28; the table is made for as many at load 0.7.
 * @param form        of the table.
 * @param rounds      measured rounds of each kind and side, at least 3.
 * @param cpu         number of the core to run on; -1 for any.
 */
record TablePlan(long connections, TableForm form, int rounds, int cpu) {
    /** Operations of a round. */
    static final int ROUND = 65_536;
    static final int BATCH = 64;
    // Before a thread is pinned: then the JVM sees but one.
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final long MIN_CONNECTIONS = 1_000;
    private static final long MAX_CONNECTIONS = 1L << 28;
    private static final int WARM_OPERATIONS = 3_000_000;

    TablePlan {
        refuseUnless(connections >= MIN_CONNECTIONS && connections <= MAX_CONNECTIONS, "--connections " + connections
            + " is not possible; give " + MIN_CONNECTIONS + " to " + MAX_CONNECTIONS);
        refuseUnless(rounds >= 3, "--rounds " + rounds + " tell nothing of a spread; give at least 3");
        refuseUnless(cpu >= -1 && cpu < CORES, "--cpu " + cpu + " is not there; give -1 to " + (CORES - 1));
    }

    private static void refuseUnless(final boolean possible, final String sentence) {
        if (!possible) {
            throw BenchException.usage(sentence + ".");
        }
    }

    /** The last core, which interrupts like least. */
    static int defaultCpu() {
        return CORES - 1;
    }

    /** Rounds of each kind before the measured ones: enough for the JIT compiler to be done. */
    int warmRounds() {
        return WARM_OPERATIONS / ROUND;
    }

    /** Rounds until all are in. */
    long fillRounds() {
        return (connections + ROUND - 1) / ROUND;
    }
}
