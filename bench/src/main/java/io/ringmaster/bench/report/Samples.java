package io.ringmaster.bench.report;

import java.util.Arrays;

/** Figures of several rounds, put in order. Immutable. */
public final class Samples {
    private final double[] sorted;

    private Samples(final double[] sorted) {
        this.sorted = sorted;
    }

    /** Of at least one figure. */
    public static Samples of(final double... figures) {
        final double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    /** The middle one. */
    public double median() {
        return quantile(0.5);
    }

    /** The smallest. */
    public double min() {
        return sorted[0];
    }

    /** The largest. */
    public double max() {
        return sorted[sorted.length - 1];
    }

    /** How many there are. */
    public int count() {
        return sorted.length;
    }

    /** The figure below which that share of the rounds lies. */
    public double quantile(final double share) {
        final double place = share * (sorted.length - 1);
        final int below = (int) place;
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
    }

    /** Half the middle half as a share of the median: how much a round differs from the next. */
    public double spread() {
        return (quantile(0.75) - quantile(0.25)) / 2 / median();
    }
}
