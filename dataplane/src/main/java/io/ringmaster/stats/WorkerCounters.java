package io.ringmaster.stats;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The counters of one worker, owned by it: counted in its own memory, published once a cycle for all to read.
 */
public final class WorkerCounters {
    private static final Counter[] COUNTERS = Counter.values();
    private static final int LONG_BYTES = 8;

    private final long[] local = new long[COUNTERS.length];
    private final UnsafeBuffer published = new UnsafeBuffer(
        BufferUtil.allocateDirectAligned(COUNTERS.length * LONG_BYTES, 64));

    /** Counts one; the owner's thread. */
    public void increment(final Counter counter) {
        local[counter.ordinal()]++;
    }

    /** Counts several; the owner's thread. */
    public void add(final Counter counter, final long amount) {
        local[counter.ordinal()] += amount;
    }

    /** Shows the present values to other threads; the owner's thread, once a cycle. */
    public void publish() {
        for (int i = 0; i < local.length; i++) {
            // Opaque: each value is whole and seen soon; no order between two counters is promised.
            published.putLongOpaque(i * LONG_BYTES, local[i]);
        }
    }

    /** The value at the last publication; any thread. */
    public long value(final Counter counter) {
        return published.getLongOpaque(counter.ordinal() * LONG_BYTES);
    }
}
