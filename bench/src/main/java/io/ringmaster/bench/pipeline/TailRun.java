package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The time of each single batch at full load, beside that of a control loop of the same length that touches nothing.
 * Both run in turns of one pass on the same core and thread: on two cores at once they would share caches and power and
 * disturb each other, and no two cores of a shared machine are interrupted alike. Both have as many steps, so whatever
 * the machine does falls on both alike; what the packet path adds is the difference.
 */
final class TailRun {
    private static final String PEER = "control loop";
    private static final double US = 1_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int PARTS = 10;
    private static final double SAME_LENGTH = 0.10;

    private final Run run;
    private final Plan plan;
    private final Slice slice;
    private final ControlLoop control = new ControlLoop();
    private final TailSide work = new TailSide();
    private final TailSide idle = new TailSide();
    private final List<Double> partRatios = new ArrayList<>();
    private final List<Double> medians = new ArrayList<>();
    private long round;

    TailRun(final Run run) {
        this.run = run;
        this.plan = run.plan();
        this.slice = new Slice(plan.cycles());
    }

    Outcome measure() {
        try (JavaLane own = new JavaLane(plan); JvmLog log = new JvmLog()) {
            Filling.run(plan, new Both(own, null), run.progress());
            for (int i = 0; i < plan.warmRounds(); i++) {
                both(own, false);
            }
            final long allNs = plan.amount() * SECOND_NS;
            while (work.spentNs() < allNs) {
                both(own, true);
                if (work.spentNs() > allNs / PARTS * (partRatios.size() + 1)) {
                    partRatios.add(idle.partNs() / work.partNs());
                }
                run.progress().show("timing batches", work.spentNs(), allNs);
            }
            run.progress().end();
            return outcome(own, log.safepoints());
        }
    }

    private void both(final JavaLane own, final boolean counts) {
        slice.clear();
        own.timed(Lane.Kind.KNOWN, round++, slice);
        final long workNs = slice.medianNs();
        if (counts) {
            work.add(slice);
            medians.add((double) workNs / Plan.BATCH);
        }
        control.run(plan.cycles(), slice);
        if (counts) {
            idle.add(slice);
        }
        control.adjust(workNs, slice.medianNs());
    }

    private Outcome outcome(final JavaLane own, final List<JvmLog.Safepoint> safepoints) {
        final Outcome outcome = new Outcome(run.results());
        final Samples ratio = samples(partRatios);
        outcome.note("%-24s %10s %10s %10s %10s %10s %16s", "us", "p50", "p99", "p99.9", "p99.99", "max",
            "longer than 1 ms");
        outcome.note("%s", line("doWork of 64 packets", work));
        outcome.note("%s", line(PEER, idle));
        final StringBuilder times = new StringBuilder(String.format("%-24s", "times the control's"));
        for (final double percentile : TailSide.PERCENTILES) {
            times.append(String.format(Locale.ROOT, " %10.2f", work.ns(percentile) / idle.ns(percentile)));
        }
        outcome.note("%s%n", times);
        tellPauses(outcome, safepoints);
        outcome.results().nsPerPacket(samples(medians)).ratioToPeer(PEER, ratio).put("ratioOf", "p99.99")
            .object("doWorkNs", work::put).object("controlNs", idle::put)
            .put("tailOverControl", work.ns(99.99) / idle.ns(99.99));
        final double length = work.ns(50) / idle.ns(50);
        outcome.doubtIf(Math.abs(length - 1) > SAME_LENGTH, "Not an honest run: the control loop was not as long as a"
            + " batch (%.2f times); repeat it on a quieter machine.", length);
        outcome.doubtIf(ratio.spread() > 0.1, "Not an honest run: the p99.99 of a tenth of the run differs from the"
            + " next by %.0f %% against the control's; repeat it on a quieter machine.", ratio.spread() * 100);
        outcome.results().honesty(ratio.spread(), outcome.doubts());
        return outcome;
    }

    private static Samples samples(final List<Double> figures) {
        return Samples.of(figures.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static String line(final String name, final TailSide side) {
        final StringBuilder line = new StringBuilder(String.format("%-24s", name));
        for (final double percentile : TailSide.PERCENTILES) {
            line.append(String.format(Locale.ROOT, " %10.1f", side.ns(percentile) / US));
        }
        return line.append(String.format(Locale.ROOT, " %,8d of %,d", side.pauses().size(), side.steps())).toString();
    }

    private void tellPauses(final Outcome outcome, final List<JvmLog.Safepoint> safepoints) {
        final long ofJvm = work.pauses().stream().filter(pause -> JvmLog.explains(safepoints, pause)).count();
        final long longestNs = safepoints.stream().mapToLong(each -> each.endNs() - each.startNs()).max().orElse(0);
        outcome.note("The JVM's log tells of %d safepoints, the longest of %.2f ms; of the %d batches that took more"
            + " than 1 ms,%n%d are explained by them%s.", safepoints.size(), longestNs / 1e6, work.pauses().size(),
            ofJvm, work.pauses().isEmpty() ? "" : ", and the others are none of the JVM's: the control loop has "
            + idle.pauses().size());
        outcome.results().put("safepoints", safepoints.size()).put("longestSafepointNs", longestNs)
            .put("pausesOfJvm", ofJvm);
        outcome.doubtIf(ofJvm > 0, "%d pauses of more than 1 ms were the JVM's own.", ofJvm);
    }
}
