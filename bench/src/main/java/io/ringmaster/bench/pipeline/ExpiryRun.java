package io.ringmaster.bench.pipeline;

import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.List;

/**
 * A mix of known and new connections while others end: as many as are made, a second after they were. Beside it the
 * same packets on the same table, in turns, while time stands still, so that nothing is due and the table is not looked
 * through; what became due is ended between the rounds, outside of what is timed.
 */
final class ExpiryRun {
    private static final String PEER = "the same without expiry";
    private static final double NS_PER_US = 1_000;
    private static final double STEADY = 0.10;

    private final Run run;
    private final Plan plan;
    private final Garbage garbage = new Garbage();
    private long made;
    private long ended;

    ExpiryRun(final Run run) {
        this.run = run;
        this.plan = run.plan();
    }

    Outcome measure() {
        try (JavaLane own = new JavaLane(plan)) {
            Filling.run(plan, new Both(own, null), run.progress());
            final Row mix = Row.of("known and new", rounds(own), Pass::nsPerPacket);
            final Outcome outcome = new Outcome(run.results()).heads("with expiry, ns a packet",
                "without, ns a packet", "speed, of without").row(mix);
            outcome.note("%.2f Mpps on one core with expiry; %d rounds; times are those that the thread had a core",
                NS_PER_US / mix.own().median(), mix.own().count());
            outcome.note("%,d connections were made and %,d ended in the rounds with expiry, and %,d stayed", made,
                ended, own.size());
            run.tellMemory(outcome, own, garbage, (long) plan.rounds() * plan.frames());
            outcome.results().nsPerPacket(mix.own()).ratioToPeer(PEER, mix.ratio())
                .samples("peerNsPerPacket", mix.peer()).put("made", made).put("ended", ended);
            run.end(outcome, own);
            outcome.doubtIf(Math.abs(made - ended) > STEADY * made, "Not an honest run: %,d connections were made and"
                + " %,d ended, so it was not yet steady; repeat it with more --rounds.", made, ended);
            outcome.doubtSpread(mix.spread());
            outcome.results().honesty(mix.spread(), outcome.doubts());
            return outcome;
        }
    }

    private List<List<Pass>> rounds(final JavaLane own) {
        final List<List<Pass>> rounds = new ArrayList<>();
        final int all = plan.warmRounds() + 2 * plan.rounds();
        for (int round = 0; round < plan.warmRounds(); round++) {
            // Of both kinds, so that the compiler sees both.
            if (round % 4 == 3) {
                without(own, round);
            } else {
                own.pass(Lane.Kind.KNOWN, round);
            }
            run.progress().show("until it is steady", round + 1L, all);
        }
        for (int round = plan.warmRounds(); round < all; round += 2) {
            final long madeBefore = own.counter(Counter.CONNECTIONS_CREATED);
            final long endedBefore = own.counter(Counter.CONNECTIONS_ENDED);
            final Pass with = own.pass(Lane.Kind.KNOWN, round);
            made += own.counter(Counter.CONNECTIONS_CREATED) - madeBefore;
            ended += own.counter(Counter.CONNECTIONS_ENDED) - endedBefore;
            garbage.round(with.allocatedBytes());
            rounds.add(List.of(with, without(own, round + 1L)));
            run.progress().show("measuring", round + 2L, all);
        }
        run.progress().end();
        return rounds;
    }

    private static Pass without(final JavaLane own, final long round) {
        final Pass pass = own.timeless(Lane.Kind.KNOWN, round);
        own.idlePass();
        return pass;
    }
}
