package io.ringmaster.bench.pipeline;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** Times of the steps of one slice, in the order they happened; made once, used again. Owned by one thread. */
final class Slice implements LongConsumer {
    private final long[] startsNs;
    private final long[] timesNs;
    private final long[] sorted;
    private int count;

    Slice(final int steps) {
        startsNs = new long[steps];
        timesNs = new long[steps];
        sorted = new long[steps];
    }

    void clear() {
        count = 0;
    }

    /** A step is over that began then. */
    @Override
    public void accept(final long startNs) {
        timesNs[count] = System.nanoTime() - startNs;
        startsNs[count++] = startNs;
    }

    int count() {
        return count;
    }

    long startNs(final int step) {
        return startsNs[step];
    }

    long timeNs(final int step) {
        return timesNs[step];
    }

    /** The middle one of the times. */
    long medianNs() {
        System.arraycopy(timesNs, 0, sorted, 0, count);
        Arrays.sort(sorted, 0, count);
        return sorted[count / 2];
    }
}
