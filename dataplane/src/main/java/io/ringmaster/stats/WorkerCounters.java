package io.ringmaster.stats;

/**
 * The counters of one worker, owned by it: counted where all may read them, so that nothing has to be published.
 */
public final class WorkerCounters {
    private static final int FIELD_SHIFT = 3;
    private static final int FIELD_MASK = (1 << FIELD_SHIFT) - 1;

    /** Eight counters to a line, in the order of the enum. */
    private final CounterLines lines = new CounterLines((Counter.values().length >> FIELD_SHIFT) + 1);

    /** Counts one; the owner's thread. */
    public void increment(final Counter counter) {
        add(counter, 1);
    }

    /** Counts several; the owner's thread. No order between two counters is promised. */
    public void add(final Counter counter, final long amount) {
        lines.add(counter.ordinal() >> FIELD_SHIFT, counter.ordinal() & FIELD_MASK, amount);
    }

    /** The value now; any thread. */
    public long value(final Counter counter) {
        return lines.get(counter.ordinal() >> FIELD_SHIFT, counter.ordinal() & FIELD_MASK);
    }
}
