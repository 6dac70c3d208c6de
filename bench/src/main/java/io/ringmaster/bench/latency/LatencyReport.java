package io.ringmaster.bench.latency;

import io.ringmaster.bench.latency.LatencyRun.Found;
import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Results;
import io.ringmaster.bench.report.Samples;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** What a run found, for people, and as files of percentiles. */
final class LatencyReport {
    /** The percentiles that are told; the last is the longest of all. */
    static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};
    /** Of packets: more spoil p99.9, which is looked at first. */
    private static final double MOST_LATE_SHARE = 0.001;
    private static final double NS_PER_US = 1_000;
    private static final int TICKS_PER_HALF = 5;

    private final LatencyPlan plan;
    private final Machine machine;
    private final Found own;
    private final Found theirs;

    LatencyReport(final LatencyPlan plan, final Machine machine, final List<Found> found) {
        this.plan = plan;
        this.machine = machine;
        own = found.getFirst();
        theirs = plan.peer() == null ? null : found.getLast();
    }

    LatencyPlan plan() {
        return plan;
    }

    Machine machine() {
        return machine;
    }

    Found own() {
        return own;
    }

    /** Null without a peer. */
    Found theirs() {
        return theirs;
    }

    /** A percentile of each round, in microseconds. */
    static Samples us(final Found side, final double percentile) {
        return Samples.of(side.rounds().stream().mapToDouble(round -> us(round, percentile)).toArray());
    }

    private static double us(final Histogram round, final double percentile) {
        return round.getValueAtPercentile(percentile) / NS_PER_US;
    }

    /** How many times as long as the peer's it was, in each pair of rounds. */
    Samples ratio(final double percentile) {
        return quotients(own, theirs, percentile);
    }

    /** How many times as fast as the peer it was, in each pair of rounds. */
    Samples speed(final double percentile) {
        return quotients(theirs, own, percentile);
    }

    private Samples quotients(final Found above, final Found below, final double percentile) {
        return Samples.of(IntStream.range(0, plan.rounds()).mapToDouble(i -> us(above.rounds().get(i), percentile)
            / us(below.rounds().get(i), percentile)).toArray());
    }

    /** Head of the table, before the run. */
    static void introduce(final PrintStream out, final LatencyPlan plan, final Machine machine) {
        out.printf(Locale.ROOT, "latency:  %s, %,d packets a second of 64 bytes, %,d connections, one worker on core %d"
                + " (idle %s), sender on core %d; veth, copy mode%n", plan.method().word(), plan.rate(),
            plan.connections(), plan.cores().forwarder(), plan.idle(), plan.cores().load());
        machine.print(out);
        out.println("sender:   " + CProgram.compiler() + "; " + String.join(" ", CProgram.FLAGS)
            + (plan.peer() == null ? "" : "; peer: " + plan.peer().words()));
    }

    void print(final PrintStream out) {
        out.println();
        line(out, "", "Ringmaster, us", theirs == null ? "" : plan.peer().words() + ", us",
            theirs == null ? "" : "of peer's");
        line(out, "", "median of rounds (min - max)", theirs == null ? "" : "median of rounds (min - max)",
            theirs == null ? "" : "median (quartiles)");
        for (final double percentile : PERCENTILES) {
            line(out, name(percentile), figures(us(own, percentile)),
                theirs == null ? "" : figures(us(theirs, percentile)), theirs == null ? "" : ratioText(percentile));
        }
        out.printf(Locale.ROOT, "%n%d rounds of %,d packets; ", plan.rounds(), plan.packets());
        out.println(theirs == null ? lostText(own) : "Ringmaster: " + lostText(own) + "; peer: " + lostText(theirs));
        if (!doubts().isEmpty()) {
            out.println(doubts());
        }
    }

    private static String lostText(final Found side) {
        return String.format(Locale.ROOT, "%,d lost, %.3f %% due while the sender had no core, the latest by %.0f us",
            side.lost(), side.senderLateShare() * 100, side.senderLatestNs() / NS_PER_US);
    }

    private String ratioText(final double percentile) {
        final Samples ratio = ratio(percentile);
        return String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", ratio.median(), ratio.quantile(0.25),
            ratio.quantile(0.75));
    }

    /** How much the middle of a round differs from that of the next. */
    double spread() {
        return theirs == null ? us(own, PERCENTILES[0]).spread() : ratio(PERCENTILES[0]).spread();
    }

    /** Why the run cannot be trusted; empty if it can. */
    String doubts() {
        if (spread() > Results.HONEST_SPREAD) {
            return String.format(Locale.ROOT, "Not an honest run: a round differs from the next by %.0f %%; repeat it"
                + " on a quieter machine.", spread() * 100);
        }
        if (tooManyLost(own) || theirs != null && tooManyLost(theirs)) {
            return "Not an honest run: packets were lost, which no percentile shows; give a lower --rate.";
        }
        final double late = Math.max(own.senderLateShare(), theirs == null ? 0 : theirs.senderLateShare());
        if (late > MOST_LATE_SHARE) {
            return String.format(Locale.ROOT, "Not an honest run: others had the sender's core when %.2f %% of the"
                + " packets were due; percentiles beyond p%.1f are theirs. Repeat it on a quieter machine.", late * 100,
                100 - late * 100);
        }
        return "";
    }

    private static boolean tooManyLost(final Found side) {
        return side.lost() * 10_000 > side.sent(); // more than p99.99 could hide
    }

    private static String name(final double percentile) {
        return percentile == 100 ? "longest" : "p" + (percentile == (long) percentile
            ? Long.toString((long) percentile) : Double.toString(percentile));
    }

    private static void line(final PrintStream out, final String name, final String mine, final String peer,
                             final String last) {
        out.println(String.format("%-10s %32s %32s %22s", name, mine, peer, last).stripTrailing());
    }

    private static String figures(final Samples us) {
        return String.format(Locale.ROOT, "%.1f (%.1f - %.1f)", us.median(), us.min(), us.max());
    }

    /** Writes all percentiles of all rounds together, in microseconds; the peer's into a file of its own beside. */
    void writePercentiles(final Path file) {
        writePercentiles(own.all(), file);
        if (theirs != null) {
            final String name = file.getFileName().toString();
            final int dot = name.lastIndexOf('.');
            writePercentiles(theirs.all(), file.resolveSibling(dot <= 0 ? name + "-" + plan.peer().word()
                : name.substring(0, dot) + "-" + plan.peer().word() + name.substring(dot)));
        }
    }

    private static void writePercentiles(final Histogram all, final Path file) {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            all.outputPercentileDistribution(out, TICKS_PER_HALF, NS_PER_US);
        } catch (final IOException e) {
            throw new BenchException("The percentiles could not be written to " + file + " (" + e.getMessage() + ").",
                e);
        }
    }
}
