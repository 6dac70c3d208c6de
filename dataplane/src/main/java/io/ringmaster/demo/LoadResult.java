package io.ringmaster.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What clients got: counts, shares, latency. Any thread may add to it. */
public final class LoadResult {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int FAILURES_KEPT = 5;

    private final Histogram latencyNs = new Histogram(LONGEST_NS, 3);
    private final Map<String, Integer> shares = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int sent;
    private int answered;

    /** A right answer of a real server after so many nanoseconds. */
    synchronized void answered(final String realServer, final long durationNs) {
        sent++;
        answered++;
        shares.merge(realServer, 1, Integer::sum);
        latencyNs.recordValue(Math.min(durationNs, LONGEST_NS));
    }

    /** A request without a right answer. */
    synchronized void failed(final String why) {
        sent++;
        if (failures.size() < FAILURES_KEPT) {
            failures.add(why);
        }
    }

    /** Requests that were made. */
    public synchronized int sent() {
        return sent;
    }

    /** Requests that were answered rightly: whole, by the right hash, from the right address. */
    public synchronized int answered() {
        return answered;
    }

    /** Right answers by real server. */
    public synchronized Map<String, Integer> shares() {
        return new TreeMap<>(shares);
    }

    /** The first few failures, a sentence each. */
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** Time from the begin of a request to the last byte of its answer, in microseconds, at a percentile. */
    public synchronized long latencyUs(final double percentile) {
        return TimeUnit.NANOSECONDS.toMicros(latencyNs.getValueAtPercentile(percentile));
    }

    /** The largest of those times. */
    public synchronized long maxLatencyUs() {
        return TimeUnit.NANOSECONDS.toMicros(latencyNs.getMaxValue());
    }
}
