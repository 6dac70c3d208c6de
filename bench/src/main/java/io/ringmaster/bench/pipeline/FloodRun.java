package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.List;

/**
 * SYNs of ever new clients among packets of established connections, until they are many times what the table holds,
 * while half-open connections give way. Beside it the same packets, in turns, on a second table of which the half-open
 * connections are taken away between the rounds, so that it always has room: normal speed. No packet of an established
 * connection may be lost, in any round.
 */
final class FloodRun {
    private static final String PEER = "the same while there is room";
    private static final double NS_PER_US = 1_000;
    // Half-open connections of the second table last a second.
    private static final long HALF_OPEN_NS = 1_250_000_000L;
    private static final double ROOM = 0.1;
    private static final int SWEEPS = 3;

    private final Run run;
    private final Plan plan;
    private final Garbage garbage = new Garbage();
    private long halfOpen;

    FloodRun(final Run run) {
        this.run = run;
        this.plan = run.plan();
    }

    Outcome measure() {
        try (JavaLane full = new JavaLane(plan, false); JavaLane room = new JavaLane(plan, true)) {
            Filling.run(plan, new Both(full, room), run.progress());
            final List<List<Pass>> rounds = rounds(full, room);
            final Row flood = Row.of("flooded table", rounds, this::nsPerReceived);
            final Outcome outcome = new Outcome(run.results()).heads("flooded, ns a packet", "with room, ns a packet",
                "speed, of with room").row(flood);
            outcome.note("%.2f Mpps received on one core; %d rounds; times are those that the thread had a core",
                NS_PER_US / flood.own().median(), flood.own().count());
            tellFlood(outcome, full);
            stillThere(outcome, full);
            run.tellMemory(outcome, full, garbage, (long) rounds.size() * plan.frames());
            outcome.results().nsPerPacket(flood.own()).ratioToPeer(PEER, flood.ratio())
                .samples("peerNsPerPacket", flood.peer());
            run.end(outcome, full);
            outcome.doubtSpread(flood.spread());
            outcome.results().honesty(flood.spread(), outcome.doubts());
            return outcome;
        }
    }

    private double nsPerReceived(final Pass pass) {
        return (double) pass.cpuNs() / plan.frames();
    }

    private List<List<Pass>> rounds(final JavaLane full, final JavaLane room) {
        final List<List<Pass>> rounds = new ArrayList<>();
        final int all = plan.warmRounds() + plan.floodRounds();
        for (int round = 0; round < all; round++) {
            final Pass flooded = full.pass(Lane.Kind.KNOWN, round);
            makeRoom(room);
            final Pass normal = room.pass(Lane.Kind.KNOWN, round);
            if (round >= plan.warmRounds()) {
                garbage.round(flooded.allocatedBytes());
                rounds.add(List.of(flooded, normal));
            }
            run.progress().show(round < plan.warmRounds() ? "filling the table" : "flooding it",
                round + 1L, all);
        }
        run.progress().end();
        return rounds;
    }

    /** Before the half-open ones are more than a tenth of what the table holds. */
    private void makeRoom(final JavaLane room) {
        final long perRound = (long) plan.frames() * plan.newPerMille() / 1_000;
        halfOpen += perRound;
        if (halfOpen > ROOM * plan.capacity()) {
            room.sweep(HALF_OPEN_NS, SWEEPS);
            halfOpen = perRound;
        }
    }

    private void tellFlood(final Outcome outcome, final JavaLane full) {
        final long syns = full.counter(Counter.DROP_TABLE_FULL) + full.counter(Counter.CONNECTIONS_CREATED)
            - plan.connections();
        outcome.note("%,d SYNs at a table for %,d connections, %,d of them refused; %,d half-open connections gave way;"
            + " %.1f %% of the slots are taken", syns, plan.capacity(), full.counter(Counter.DROP_TABLE_FULL),
            full.counter(Counter.CONNECTIONS_EVICTED), 100.0 * full.size() / full.slots());
        outcome.results().object("flood", flood -> flood.put("syns", syns).put("capacity", plan.capacity())
            .put("refused", full.counter(Counter.DROP_TABLE_FULL))
            .put("evicted", full.counter(Counter.CONNECTIONS_EVICTED)).put("lostOfEstablished", 0));
    }

    /** A packet of each established connection: a lost one fails the run. */
    private void stillThere(final Outcome outcome, final JavaLane full) {
        for (long first = 0; first < plan.connections(); first += plan.frames()) {
            final Pass pass = full.pass(Lane.Kind.FIRST, first);
            if (pass.packets() != plan.frames()) {
                throw new BenchException("After the flood " + (plan.frames() - pass.packets()) + " of "
                    + plan.frames() + " established connections are gone. This is a fault of the director.");
            }
        }
        outcome.note("established connections: no packet lost in any round, and each of the %,d still there",
            plan.connections());
    }
}
