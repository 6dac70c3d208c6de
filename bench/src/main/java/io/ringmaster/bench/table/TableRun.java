package io.ringmaster.bench.table;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Samples;
import io.ringmaster.bench.table.TableSide.Kind;
import io.ringmaster.bench.table.TableSide.Round;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Fills both sides, looks up and refreshes in turns, lets the own side's connections end, and keeps what it took. */
final class TableRun {
    // So often does not happen in the life of the universe: ten times the mean, and ten where that is less than one.
    private static final int MORE_THAN_CHANCE = 10;

    private static final int WARM_SLICES = 12;

    private final TablePlan plan;
    private final JavaSide own;
    private final TableSide peer;
    private final Progress progress;
    private final Map<Kind, Figures> figures = new EnumMap<>(Kind.class);
    private long refused;

    /** Nanoseconds of an operation on either side, and how many times as fast as the peer the own side was. */
    record Figures(Samples ownNs, Samples peerNs, Samples ratio) {
        double spread() {
            return ratio == null ? ownNs.spread() : ratio.spread();
        }
    }

    TableRun(final TablePlan plan, final JavaSide own, final TableSide peer, final Progress progress) {
        this.plan = plan;
        this.own = own;
        this.peer = peer;
        this.progress = progress;
    }

    Map<Kind, Figures> measure() {
        warmUp();
        fill();
        for (final Kind kind : List.of(Kind.HIT, Kind.MISS, Kind.REFRESH)) {
            lookUp(kind);
        }
        expire();
        progress.end();
        return figures;
    }

    /** Connections that found no place on the own side. */
    long refused() {
        return refused;
    }

    /** Inserts into a small table that is emptied again and again, until the JIT compiler is done with them. */
    private void warmUp() {
        try (JavaSide small = new JavaSide(new TablePlan(TablePlan.ROUND, plan.form(), plan.rounds(), plan.cpu()))) {
            for (int round = 0; round < plan.warmRounds(); round++) {
                small.round(Kind.INSERT, 0);
                small.round(Kind.EXPIRE, JavaSide.OVER_MS);
                // What ended is free again after two more looks at the whole table.
                for (int slices = WARM_SLICES; slices > 0; slices--) {
                    small.round(Kind.EXPIRE, 1);
                }
                progress.show("warming up", round + 1, plan.warmRounds());
            }
        }
    }

    private void fill() {
        final List<Round[]> rounds = new ArrayList<>();
        for (long round = 0; round < plan.fillRounds(); round++) {
            final Round[] both = both(Kind.INSERT, round * TablePlan.ROUND);
            refused += both[0].operations() - both[0].done();
            // The second half of the table and of what the compiler sees.
            if (round * 2 >= plan.fillRounds() - 1) {
                rounds.add(both);
            }
            progress.show("filling", round + 1, plan.fillRounds());
        }
        figures.put(Kind.INSERT, figures(rounds));
        if (own.table().size() != plan.connections() - refused) {
            throw new BenchException("The table holds " + own.table().size() + " connections; " + plan.connections()
                + " were put in and " + refused + " of them refused.");
        }
    }

    private void lookUp(final Kind kind) {
        final List<Round[]> rounds = new ArrayList<>();
        final int all = plan.warmRounds() + plan.rounds();
        for (int round = 0; round < all; round++) {
            final Round[] both = both(kind, round);
            check(kind, both[0]);
            if (round >= plan.warmRounds()) {
                rounds.add(both);
            }
            progress.show(kind.words(), round + 1, all);
        }
        figures.put(kind, figures(rounds));
    }

    /** What was put in is found, and nothing else; those that were refused are looked up as often as chance has it. */
    private void check(final Kind kind, final Round round) {
        final long wrong = round.operations() - round.done();
        final double refusedOnes = (double) refused * round.operations() / plan.connections();
        if (kind == Kind.MISS ? wrong > 0 : wrong > MORE_THAN_CHANCE * Math.ceil(refusedOnes)) {
            throw new BenchException(kind.words() + ": " + wrong + " of " + round.operations()
                + " look-ups had the wrong outcome.");
        }
    }

    private void expire() {
        final List<Round[]> rounds = new ArrayList<>();
        final long before = own.table().size();
        long ended = 0;
        for (long passMs = JavaSide.OVER_MS; own.table().size() > 0; passMs = 1) {
            final Round round = own.round(Kind.EXPIRE, passMs);
            ended += round.operations();
            // One per entry, so a slice in which nothing ended has no place here.
            if (round.operations() > 0) {
                rounds.add(new Round[] {round});
            }
            progress.show(Kind.EXPIRE.words(), ended, before);
        }
        if (ended != before) {
            throw new BenchException(ended + " connections ended, and there were " + before + ".");
        }
        figures.put(Kind.EXPIRE, figures(rounds));
    }

    private Round[] both(final Kind kind, final long argument) {
        final Round mine = own.round(kind, argument);
        return peer == null ? new Round[] {mine} : new Round[] {mine, peer.round(kind, argument)};
    }

    private static Figures figures(final List<Round[]> rounds) {
        final Samples mine = samples(rounds, 0);
        if (rounds.get(0).length == 1) {
            return new Figures(mine, null, null);
        }
        return new Figures(mine, samples(rounds, 1), Samples.of(rounds.stream()
            .mapToDouble(round -> round[1].nsPerOperation() / round[0].nsPerOperation()).toArray()));
    }

    private static Samples samples(final List<Round[]> rounds, final int side) {
        return Samples.of(rounds.stream().mapToDouble(round -> round[side].nsPerOperation()).toArray());
    }
}
