package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.Samples;
import java.util.List;
import java.util.function.Function;

/**
 * One line of a run's table: figures of alternated rounds of both sides.
 *
 * @param name  for people.
 * @param own   of the director.
 * @param peer  of what it is compared with; null if there is nothing.
 * @param ratio how many times as good as the peer's the own one is, round by round; null likewise.
 */
record Row(String name, Samples own, Samples peer, Samples ratio) {
    /** How much the result can be trusted: of the ratio if there is one, else of the figure itself. */
    double spread() {
        return ratio == null ? own.spread() : ratio.spread();
    }

    /**
     * Of rounds of which each has the own pass first and, if there is one, the peer's second.
     *
     * @param figure of one side; the smaller, the better.
     */
    static <T> Row of(final String name, final List<List<T>> rounds, final Function<T, Double> figure) {
        final Samples own = samples(rounds, 0, figure);
        return rounds.getFirst().size() < 2 ? new Row(name, own, null, null)
            : new Row(name, own, samples(rounds, 1, figure), Samples.of(rounds.stream()
                .mapToDouble(round -> figure.apply(round.get(1)) / figure.apply(round.get(0))).toArray()));
    }

    private static <T> Samples samples(final List<List<T>> rounds, final int side, final Function<T, Double> figure) {
        return Samples.of(rounds.stream().mapToDouble(round -> figure.apply(round.get(side))).toArray());
    }
}
