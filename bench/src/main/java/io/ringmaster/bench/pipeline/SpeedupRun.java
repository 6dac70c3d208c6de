package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.Samples;
import java.util.ArrayList;
import java.util.List;

/**
 * Two workers on one table beside one, and what C gains by the same. In each round either worker runs alone, then both
 * at once: cores differ, so one worker is the mean of both. Speed is packets in the time that a thread had its core,
 * which leaves out what neighbours took; that both did run at once is looked at.
 */
final class SpeedupRun {
    private static final int BOTH = 3;
    private static final double NS_PER_US = 1_000;
    private static final double AT_ONCE = 0.85;

    private final Run run;
    private final Plan plan;
    private final Garbage garbage = new Garbage();

    /**
     * One round of one side.
     *
     * @param oneNs  worker time of a packet when one worker runs alone: the mean of both.
     * @param twoNs  the same when both run, as if one had done it all.
     * @param atOnce share of the time that both were at work.
     */
    private record Round(double oneNs, double twoNs, double atOnce) {
        static Round of(final List<Pass> alone, final List<Pass> together) {
            double shortestNs = Double.MAX_VALUE;
            double longestNs = 0;
            for (final Pass pass : together) {
                shortestNs = Math.min(shortestNs, pass.cpuNs());
                longestNs = Math.max(longestNs, pass.wallNs());
            }
            return new Round(alone.size() / speed(alone), 1 / speed(together), shortestNs / longestNs);
        }

        private static double speed(final List<Pass> passes) {
            return passes.stream().mapToDouble(pass -> 1 / pass.nsPerPacket()).sum();
        }

        /** How many times as fast two are; the smaller figure is the better one for its inverse. */
        double speedup() {
            return oneNs / twoNs;
        }
    }

    SpeedupRun(final Run run) {
        this.run = run;
        this.plan = run.plan();
    }

    Outcome measure() {
        try (PeerLane peer = run.peer() == null ? null : PeerLane.start(plan); JavaLane own = new JavaLane(plan)) {
            final Both both = new Both(own, peer);
            Filling.run(plan, both, run.progress());
            final List<List<Round>> rounds = rounds(both);
            final Row one = Row.of("one worker", rounds, Round::oneNs);
            final Row two = Row.of("two workers", rounds, Round::twoNs);
            final Row gain = gain(rounds);
            final boolean alone = peer == null;
            final Outcome outcome = new Outcome(run.results()).heads("Ringmaster, ns a packet",
                alone ? "" : "C, ns a packet", alone ? "" : "of C's").row(one).row(two).row(gain);
            outcome.note("%.2f Mpps on two cores; %d rounds; times are those that a thread had its core",
                NS_PER_US / two.own().median(), two.own().count());
            put(outcome, one, two, gain);
            both.tellChecksums(outcome);
            run.tellMemory(outcome, own, garbage, 2L * 2 * plan.rounds() * plan.frames());
            run.end(outcome, own);
            doubt(outcome, rounds, gain);
            return outcome;
        }
    }

    private List<List<Round>> rounds(final Both both) {
        final List<List<Round>> rounds = new ArrayList<>();
        final int all = plan.warmRounds() + plan.rounds();
        for (int round = 0; round < all; round++) {
            final List<List<Pass>> first = both.passes(Lane.Kind.KNOWN, 2L * round, 1);
            final List<List<Pass>> second = both.passes(Lane.Kind.KNOWN, 2L * round, 2);
            final List<List<Pass>> together = both.passes(Lane.Kind.KNOWN, 2L * round + 1, BOTH);
            if (round >= plan.warmRounds()) {
                final List<Round> sides = new ArrayList<>();
                for (int side = 0; side < together.size(); side++) {
                    sides.add(Round.of(List.of(first.get(side).getFirst(), second.get(side).getFirst()),
                        together.get(side)));
                }
                rounds.add(sides);
                garbage.round(first.getFirst().getFirst().allocatedBytes()
                    + second.getFirst().getFirst().allocatedBytes()
                    + together.getFirst().stream().mapToLong(Pass::allocatedBytes).sum());
            }
            run.progress().show(round < plan.warmRounds() ? "warming up" : "measuring", round + 1L, all);
        }
        run.progress().end();
        return rounds;
    }

    private static Row gain(final List<List<Round>> rounds) {
        final Samples own = Samples.of(rounds.stream().mapToDouble(round -> round.getFirst().speedup()).toArray());
        return rounds.getFirst().size() < 2 ? new Row("two over one", own, null, null)
            : new Row("two over one", own,
                Samples.of(rounds.stream().mapToDouble(round -> round.get(1).speedup()).toArray()),
                Samples.of(rounds.stream().mapToDouble(round -> round.get(0).speedup() / round.get(1).speedup())
                    .toArray()));
    }

    private void put(final Outcome outcome, final Row one, final Row two, final Row gain) {
        outcome.results().nsPerPacket(two.own()).samples("oneWorkerNsPerPacket", one.own())
            .samples("speedup", gain.own());
        if (gain.ratio() != null) {
            outcome.results().ratioToPeer(run.peer(), two.ratio()).samples("peerNsPerPacket", two.peer())
                .put("compiler", CProgram.compiler())
                .object("gain", of -> of.samples("peerSpeedup", gain.peer()).ratioToPeer(run.peer(), gain.ratio()));
        }
    }

    private static void doubt(final Outcome outcome, final List<List<Round>> rounds, final Row gain) {
        final double atOnce = Samples.of(rounds.stream().flatMap(List::stream).mapToDouble(Round::atOnce).toArray())
            .median();
        outcome.note("both workers of a side were at work for %.0f %% of the time that they had together",
            atOnce * 100);
        outcome.results().put("atOnce", atOnce);
        outcome.doubtIf(atOnce < AT_ONCE, "Not an honest run: the workers often ran one after the other, since"
            + " something else had their cores; repeat it on a quieter machine.");
        outcome.doubtSpread(gain.spread());
        outcome.results().honesty(gain.spread(), outcome.doubts());
    }
}
