package io.ringmaster.bench.forward;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Results;
import io.ringmaster.bench.report.Samples;
import io.ringmaster.bench.wire.Peer;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a run found, for people and for programs. */
final class ForwardReport {
    private static final double NS_PER_US = 1_000;

    private final ForwardPlan plan;
    private final Machine machine;
    private final ForwardRun.Result result;
    private final Samples own;
    private final Samples theirs;
    private final Samples ratio;

    ForwardReport(final ForwardPlan plan, final Machine machine, final ForwardRun.Result result) {
        this.plan = plan;
        this.machine = machine;
        this.result = result;
        own = samples(result.own(), Round::mpps);
        theirs = plan.peer() == null ? null : samples(result.theirs(), Round::mpps);
        ratio = theirs == null ? null : Samples.of(IntStream.range(0, plan.rounds())
            .mapToDouble(i -> result.own().get(i).mpps() / result.theirs().get(i).mpps()).toArray());
    }

    private static Samples samples(final List<Round> rounds, final ToDoubleFunction<Round> figure) {
        return Samples.of(rounds.stream().mapToDouble(figure).toArray());
    }

    /** Head of the table, before the run. */
    static void introduce(final PrintStream out, final ForwardPlan plan, final Machine machine) {
        out.printf(Locale.ROOT, "forward:  %s, frames of %d bytes, %,d connections, one worker on core %d (idle %s),"
                + " load on core %d; veth, copy mode%n", plan.method().word(), plan.sizeBytes(), plan.connections(),
            plan.cores().forwarder(), plan.idle(), plan.cores().load());
        machine.print(out);
        if (plan.peer() != null) {
            out.println("peer:     " + plan.peer().words() + (plan.peer() == Peer.C ? "; " + CProgram.compiler() + "; "
                + String.join(" ", CProgram.FLAGS) : ""));
        }
    }

    void print(final PrintStream out) {
        final boolean alone = theirs == null;
        out.println();
        line(out, "", "Ringmaster, Mpps", alone ? "" : plan.peer().words() + ", Mpps",
            alone ? "" : "speed, of peer's");
        line(out, "", "median (min - max)", alone ? "" : "median (min - max)",
            alone ? "" : "median (quartiles)");
        line(out, "came through", figures(own), alone ? "" : figures(theirs), alone ? ""
            : String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", ratio.median(), ratio.quantile(0.25),
                ratio.quantile(0.75)));
        line(out, "sent by the generator", figures(sent(result.own())), alone ? ""
            : figures(sent(result.theirs())), "");
        out.printf(Locale.ROOT, "%n%d rounds of %.1f s each; limit of Ringmaster was %s%n", plan.rounds(),
            plan.roundNs() / 1e9, result.ownLimit().words());
        if (!alone) {
            out.println("limit of the peer was " + result.theirLimit().words());
        }
        if (!doubts().isEmpty()) {
            out.println(doubts());
        }
    }

    private Samples sent(final List<Round> rounds) {
        return samples(rounds, Round::sentMpps);
    }

    private double spread() {
        return ratio == null ? own.spread() : ratio.spread();
    }

    /** Why the run cannot be trusted; empty if it can. */
    private String doubts() {
        if (spread() > Results.HONEST_SPREAD) {
            return String.format(Locale.ROOT, "Not an honest run: a round differs from the next by %.0f %%; repeat it"
                + " on a quieter machine.", spread() * 100);
        }
        return result.ownLimit() != Limit.GENERATOR && result.theirLimit() != Limit.GENERATOR ? ""
            : "Not an honest run: the generator was the limit, and the forwarders could perhaps do more; give the load"
            + " a faster core.";
    }

    private static void line(final PrintStream out, final String name, final String mine, final String peer,
                             final String last) {
        out.println(String.format("%-22s %26s %26s %22s", name, mine, peer, last).stripTrailing());
    }

    private static String figures(final Samples mpps) {
        return String.format(Locale.ROOT, "%.3f (%.3f - %.3f)", mpps.median(), mpps.min(), mpps.max());
    }

    /** All of it for programs; what is the peer's and more than a time of a packet is below peerSide. */
    Results results() {
        final Results results = Results.of("forward", machine).put("method", plan.method().word())
            .put("connections", plan.connections()).put("workers", 1).put("sizeBytes", plan.sizeBytes())
            .put("seconds", plan.seconds()).put("rounds", plan.rounds()).put("idle", plan.idle())
            .nsPerPacket(nsPerPacket(result.own()));
        putSide(results, result.own(), result.ownLimit());
        if (theirs != null) {
            final Samples theirNs = nsPerPacket(result.theirs());
            results.ratioToPeer(plan.peer().word(), ratio).samples("peerNsPerPacket", theirNs)
                .object("peerSide", side -> putSide(side.put("mpps", NS_PER_US / theirNs.median()), result.theirs(),
                    result.theirLimit()));
            if (plan.peer() == Peer.C) {
                results.put("compiler", CProgram.compiler());
            }
        }
        return results.honesty(spread(), doubts());
    }

    private static Samples nsPerPacket(final List<Round> rounds) {
        return samples(rounds, round -> NS_PER_US / round.mpps());
    }

    private void putSide(final Results results, final List<Round> rounds, final Limit limit) {
        results.samples("mppsRange", samples(rounds, Round::mpps)).samples("sentMpps", sent(rounds))
            .put("packetsSent", rounds.stream().mapToLong(Round::allSent).sum())
            .put("packetsTaken", rounds.stream().mapToLong(Round::allTaken).sum())
            .put("packetsCame", rounds.stream().mapToLong(Round::allCame).sum())
            .put("limit", limit.name().toLowerCase(Locale.ROOT));
    }
}
