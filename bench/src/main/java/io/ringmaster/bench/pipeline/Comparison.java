package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Samples;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs both sides in turns, round by round, so that whatever else the machine does falls on both, and collects what
 * they took. Without a peer it is a plain measurement.
 */
final class Comparison {
    private static final int CLOSE_ENOUGH_FIRST = 2;

    private final Plan plan;
    private final Lane own;
    private final Lane peer;
    private final Progress progress;
    private boolean checksumsEqual = true;
    private long checksum;

    /** Nanoseconds for each packet of either side, and how many times as fast as the peer the own side was. */
    record Result(Samples ownNs, Samples peerNs, Samples ratio) {
        /** How much the result can be trusted: of the ratio if there is a peer, else of the figure itself. */
        double spread() {
            return ratio == null ? ownNs.spread() : ratio.spread();
        }
    }

    Comparison(final Plan plan, final Lane own, final Lane peer, final Progress progress) {
        this.plan = plan;
        this.own = own;
        this.peer = peer;
        this.progress = progress;
    }

    /** Opens all connections. What is told is of the second half, when the compiler has seen the first. */
    Result fill() {
        final List<Pass[]> rounds = new ArrayList<>();
        for (long first = 0; first < plan.connections(); first += plan.frames()) {
            final Pass[] round = both(Lane.Kind.OPEN, first);
            // The last pass begins anew with connections that are there already.
            if (first + plan.frames() <= plan.connections()) {
                rounds.add(round);
            }
            both(Lane.Kind.FIRST, first);
            progress.show("opening connections", first + plan.frames(), plan.connections());
        }
        return rounds.size() < 2 * CLOSE_ENOUGH_FIRST ? null
            : result(rounds.subList(rounds.size() / 2, rounds.size()));
    }

    /** The measured rounds, after some that are not. */
    Result known() {
        final List<Pass[]> rounds = new ArrayList<>();
        final int all = plan.warmRounds() + plan.rounds();
        for (int round = 0; round < all; round++) {
            final Pass[] passes = both(Lane.Kind.KNOWN, round);
            if (round >= plan.warmRounds()) {
                rounds.add(passes);
                checksum = checksum * 31 + passes[0].checksum();
            }
            progress.show(round < plan.warmRounds() ? "warming up" : "measuring", round + 1L, all);
        }
        progress.end();
        return result(rounds);
    }

    private Pass[] both(final Lane.Kind kind, final long argument) {
        final Pass mine = own.pass(kind, argument);
        if (peer == null) {
            return new Pass[] {mine};
        }
        final Pass theirs = peer.pass(kind, argument);
        checksumsEqual &= mine.checksum() == theirs.checksum() && mine.packets() == theirs.packets();
        return new Pass[] {mine, theirs};
    }

    private Result result(final List<Pass[]> rounds) {
        final Samples mine = samples(rounds, 0);
        if (peer == null) {
            return new Result(mine, null, null);
        }
        return new Result(mine, samples(rounds, 1), Samples.of(rounds.stream()
            .mapToDouble(round -> (double) round[1].cpuNs() / round[0].cpuNs()).toArray()));
    }

    private static Samples samples(final List<Pass[]> rounds, final int side) {
        return Samples.of(rounds.stream()
            .mapToDouble(round -> (double) round[side].cpuNs() / round[side].packets()).toArray());
    }

    /** Whether both sides sent the same bytes in every round; true without a peer. */
    boolean checksumsEqual() {
        return checksumsEqual;
    }

    /** Over all packets of the measured rounds. */
    long checksum() {
        return checksum;
    }
}
