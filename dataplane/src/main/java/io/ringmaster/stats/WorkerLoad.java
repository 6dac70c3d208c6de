package io.ringmaster.stats;

/**
 * How busy a worker is: time in cycles that found work, and batches of packets. Counted once a cycle by the worker that
 * owns it, read by all.
 */
public final class WorkerLoad {
    private static final int BUSY_NS = 0;
    private static final int BATCHES = 1;
    private static final int CYCLE_NS = 2;

    private final CounterLines line = new CounterLines(1);
    private long begunNs;
    private boolean worked;

    /** A cycle begins; with it ends the one before, which was followed by no waiting if it found work. Owner. */
    public void beginCycle(final long nowNs) {
        if (worked) {
            line.add(0, BUSY_NS, nowNs - begunNs);
        }
        line.add(0, CYCLE_NS, nowNs - begunNs);
        begunNs = nowNs;
    }

    /** What the cycle found: any work, and batches with a packet in them. Owner. */
    public void endCycle(final boolean foundWork, final int batches) {
        worked = foundWork;
        if (batches > 0) {
            line.add(0, BATCHES, batches);
        }
    }

    /** Time in cycles that found work, since the start; any thread. */
    public long busyNs() {
        return line.get(0, BUSY_NS);
    }

    /** When the last cycle began, by the worker's clock; any thread. */
    public long cycleNs() {
        return line.get(0, CYCLE_NS);
    }

    /** Batches that had at least one packet, since the start; any thread. */
    public long batches() {
        return line.get(0, BATCHES);
    }
}
