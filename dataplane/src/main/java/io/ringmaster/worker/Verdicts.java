package io.ringmaster.worker;

import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import java.util.ArrayList;
import java.util.List;

/** Tells what became of one packet by the counter that moved, since each packet moves one. Owned by one worker. */
final class Verdicts {
    /** Of errors that the worker sends by itself, about fragments that came long ago. */
    static final int EXPIRED = Counter.REASSEMBLY_ANSWERED.ordinal();
    private static final Counter[] ENDS = ends();

    private final WorkerCounters counters;
    private final long[] marks = new long[ENDS.length];

    Verdicts(final WorkerCounters counters) {
        this.counters = counters;
    }

    private static Counter[] ends() {
        final List<Counter> ends = new ArrayList<>();
        for (final Counter counter : Counter.values()) {
            if (counter.kind() != Counter.Kind.EVENT) {
                ends.add(counter);
            }
        }
        return ends.toArray(new Counter[0]);
    }

    /** Before the packet. */
    void mark() {
        for (int i = 0; i < ENDS.length; i++) {
            marks[i] = counters.value(ENDS[i]);
        }
    }

    /** Behind it: ordinal of the counter of its end. */
    int passed() {
        int end = 0;
        while (end < ENDS.length - 1 && counters.value(ENDS[end]) == marks[end]) {
            end++;
        }
        return ENDS[end].ordinal();
    }

    /** Whether a packet was handed to the kernel for the director's own real server. */
    static boolean isLocal(final int verdict) {
        return verdict == Counter.BACK_LOCAL_NODE.ordinal();
    }
}
