package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.Results;
import java.util.ArrayList;
import java.util.List;

/** One worker, packets of known connections and some new ones, beside the same in C. */
final class KnownRun {
    private static final double NS_PER_US = 1_000;

    private final Run run;
    private final Plan plan;
    private final Garbage garbage = new Garbage();

    KnownRun(final Run run) {
        this.run = run;
        this.plan = run.plan();
    }

    Outcome measure() {
        Filling.warmUp(plan, run.progress());
        try (PeerLane peer = run.peer() == null ? null : PeerLane.start(plan); JavaLane own = new JavaLane(plan)) {
            final Both both = new Both(own, peer);
            final Row fill = Filling.run(plan, both, run.progress());
            final Row known = known(both);
            final boolean alone = peer == null;
            final Outcome outcome = new Outcome(run.results()).heads("Ringmaster, ns a packet",
                alone ? "" : "C, ns a packet", alone ? "" : "speed, of C's").row(known);
            put(outcome.results(), known);
            if (fill != null) {
                outcome.row(fill);
                outcome.results().object("opening", opening -> put(opening, fill));
            }
            outcome.note("%.2f Mpps on one core; %d rounds; times are those that the thread had a core",
                NS_PER_US / known.own().median(), known.own().count());
            both.tellChecksums(outcome);
            run.tellMemory(outcome, own, garbage, (long) plan.rounds() * plan.frames());
            run.end(outcome, own);
            outcome.doubtSpread(known.spread());
            outcome.results().honesty(known.spread(), outcome.doubts());
            return outcome;
        }
    }

    /** The measured rounds, after some that are not. */
    private Row known(final Both both) {
        final List<List<Pass>> rounds = new ArrayList<>();
        final int all = plan.warmRounds() + plan.rounds();
        for (int round = 0; round < all; round++) {
            final List<Pass> passes = both.pass(Lane.Kind.KNOWN, round);
            if (round >= plan.warmRounds()) {
                rounds.add(passes);
                garbage.round(passes.getFirst().allocatedBytes());
            }
            run.progress().show(round < plan.warmRounds() ? "warming up" : "measuring", round + 1L, all);
        }
        run.progress().end();
        return Row.of(plan.newPerMille() == 0 ? "known connections" : "known and new", rounds, Pass::nsPerPacket);
    }

    private void put(final Results results, final Row row) {
        results.nsPerPacket(row.own());
        if (row.ratio() != null) {
            results.ratioToPeer(run.peer(), row.ratio()).samples("peerNsPerPacket", row.peer())
                .put("compiler", CProgram.compiler());
        }
    }
}
