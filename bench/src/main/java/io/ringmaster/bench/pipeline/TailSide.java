package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.Results;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What one of the two loops of a tail run took. Owned by the measuring thread. */
final class TailSide {
    static final double[] PERCENTILES = {50, 99, 99.9, 99.99, 100};
    private static final String[] NAMES = {"p50", "p99", "p99_9", "p99_99", "max"};
    private static final long LIMIT_NS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final long PAUSE_NS = 1_000_000;

    private final Histogram all = new Histogram(LIMIT_NS, DIGITS);
    private final Histogram part = new Histogram(LIMIT_NS, DIGITS);
    private final List<Pause> pauses = new ArrayList<>();
    private long spentNs;

    /** A step that took longer than a millisecond. */
    record Pause(long startNs, long timeNs) {
    }

    void add(final Slice slice) {
        for (int i = 0; i < slice.count(); i++) {
            final long ns = slice.timeNs(i);
            all.recordValue(Math.min(ns, LIMIT_NS));
            part.recordValue(Math.min(ns, LIMIT_NS));
            spentNs += ns;
            if (ns > PAUSE_NS) {
                pauses.add(new Pause(slice.startNs(i), ns));
            }
        }
    }

    /** The 99.99th percentile since this was asked last. */
    double partNs() {
        final double ns = part.getValueAtPercentile(99.99);
        part.reset();
        return ns;
    }

    long spentNs() {
        return spentNs;
    }

    long steps() {
        return all.getTotalCount();
    }

    double ns(final double percentile) {
        return all.getValueAtPercentile(percentile);
    }

    List<Pause> pauses() {
        return pauses;
    }

    void put(final Results results) {
        for (int i = 0; i < PERCENTILES.length; i++) {
            results.put(NAMES[i], ns(PERCENTILES[i]));
        }
        results.put("steps", steps()).put("pausesOver1ms", pauses.size());
    }
}
