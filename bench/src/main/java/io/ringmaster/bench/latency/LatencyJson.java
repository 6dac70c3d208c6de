package io.ringmaster.bench.latency;

import io.ringmaster.bench.latency.LatencyRun.Found;
import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.Results;
import java.util.Locale;

/** What a run found, for programs, under stable names. */
record LatencyJson(LatencyReport report) {
    private static final double MEDIAN = 50;
    private static final double TAIL = 99.9;
    private static final double LONGEST = 100;
    private static final double NS_PER_US = 1_000;

    Results results() {
        final LatencyPlan plan = report.plan();
        final Results results = Results.of("latency", report.machine()).put("method", plan.method().word())
            .put("connections", plan.connections()).put("workers", 1).put("ratePerSec", plan.rate())
            .put("seconds", plan.seconds()).put("rounds", plan.rounds()).put("idle", plan.idle())
            .put("compiler", CProgram.compiler());
        putSide(results, report.own());
        if (report.theirs() != null) {
            putRatios(results, plan.peer().word());
            results.object("peerSide", side -> putSide(side, report.theirs()));
        }
        return results.honesty(report.spread(), report.doubts());
    }

    /** The name of a percentile, the longest of all included: p50, p999, max. */
    static String name(final double percentile) {
        return percentile == LONGEST ? "max" : "p" + String.format(Locale.ROOT, percentile == (long) percentile
            ? "%.0f" : "%s", percentile).replace(".", "");
    }

    private static void putSide(final Results results, final Found side) {
        results.object("latencyUs", us -> {
            for (final double percentile : LatencyReport.PERCENTILES) {
                us.samples(name(percentile), LatencyReport.us(side, percentile));
            }
        }).object("latencyOfAllRoundsUs", us -> {
            for (final double percentile : LatencyReport.PERCENTILES) {
                us.put(name(percentile), side.all().getValueAtPercentile(percentile) / NS_PER_US);
            }
        }).put("packetsSent", side.sent()).put("packetsLost", side.lost())
            .put("senderLatestUs", side.senderLatestNs() / NS_PER_US)
            .put("senderLateShare", side.senderLateShare());
    }

    /** Those to the peer are of speed, as in every run: more is better; latencyRatio is of time, where less is. */
    private void putRatios(final Results results, final String peer) {
        results.ratioToPeer(peer, report.speed(MEDIAN)).put("ratioOf", name(MEDIAN))
            .object(name(TAIL), tail -> tail.ratioToPeer(peer, report.speed(TAIL)))
            .object("latencyRatio", of -> {
                for (final double percentile : LatencyReport.PERCENTILES) {
                    of.samples(name(percentile), report.ratio(percentile));
                }
            });
    }
}
