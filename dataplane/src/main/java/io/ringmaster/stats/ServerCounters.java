package io.ringmaster.stats;

/**
 * What each real server (or each service) carries and has carried: one 64-byte line of longs for each worker and
 * number, written by that worker alone and read by all. Only the sum over workers means anything: a connection may be
 * counted in by one worker and out by another, so one worker's slice can be negative.
 * <pre>
 *   worker w:  | number 0 | number 1 | ... | number 65535 |
 *   number:    | active | inactive | persistent | connections | in packets | out packets | in bytes | out bytes |
 * </pre>
 */
public final class ServerCounters {
    /** Numbers go from 0 to one below this. */
    public static final int NUMBERS = 1 << 16;
    /** Active connections now. */
    public static final int ACTIVE = 0;
    /** Inactive connections now. */
    public static final int INACTIVE = 1;
    /** Connection templates now. */
    public static final int PERSISTENT = 2;
    /** Connections ever made. */
    public static final int CONNECTIONS = 3;
    /** Packets from clients. */
    public static final int IN_PACKETS = 4;
    /** Packets to clients; stays 0 where replies do not pass the director. */
    public static final int OUT_PACKETS = 5;
    /** Bytes from clients, from the IP header on. */
    public static final int IN_BYTES = 6;
    /** Bytes to clients, from the IP header on. */
    public static final int OUT_BYTES = 7;
    private final CounterLines[] slices;

    /** Counters for a number of workers; 4 MiB of address space each, touched only where counted. */
    public ServerCounters(final int workers) {
        this(workers, NUMBERS);
    }

    /**
     * Counters for some numbers only.
     *
     * @param numbers 1 to {@link #NUMBERS}; none from this on is asked for.
     */
    public ServerCounters(final int workers, final int numbers) {
        slices = new CounterLines[workers];
        for (int w = 0; w < workers; w++) {
            slices[w] = new CounterLines(numbers);
        }
    }

    /** Adds to a field; called by the worker that owns the slice. */
    public void add(final int worker, final int number, final int field, final long delta) {
        slices[worker].add(number, field, delta);
    }

    /** The lines of one worker, for it alone to add to. */
    public CounterLines ofWorker(final int worker) {
        return slices[worker];
    }

    /** A field as one worker has counted it; any thread. */
    public long of(final int worker, final int number, final int field) {
        return slices[worker].get(number, field);
    }

    /** Sum of a field over all workers; any thread. */
    public long sum(final int number, final int field) {
        long sum = 0;
        for (final CounterLines slice : slices) {
            sum += slice.get(number, field);
        }
        return sum;
    }
}
