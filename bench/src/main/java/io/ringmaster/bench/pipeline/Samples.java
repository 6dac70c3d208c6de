package io.ringmaster.bench.pipeline;

import java.util.Arrays;

/** Figures of several rounds, put in order. Immutable. */
final class Samples {
    private final double[] sorted;

    private Samples(final double[] sorted) {
        this.sorted = sorted;
    }

    /** Of at least one figure. */
    static Samples of(final double... figures) {
        final double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    double median() {
        return quantile(0.5);
    }

    double min() {
        return sorted[0];
    }

    double max() {
        return sorted[sorted.length - 1];
    }

    int count() {
        return sorted.length;
    }

    /** The figure below which that share of the rounds lies. */
    double quantile(final double share) {
        final double place = share * (sorted.length - 1);
        final int below = (int) place;
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
    }

    /** Half the middle half as a share of the median: how much a round differs from the next. */
    double spread() {
        return (quantile(0.75) - quantile(0.25)) / 2 / median();
    }
}
