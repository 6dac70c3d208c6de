package io.ringmaster.bench.fuzz;

import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.List;

/** Plays episodes in packet memory of its own. Owned by one thread. */
final class Hunter {
    private static final int COLLECT_EVERY = 32;
    private final FrameStore store;
    private final List<Recording> recordings;
    private final FuzzPlan plan;
    private final Counts serverCounts = new Counts();
    private int directors;
    private final long[] counts = new long[Counter.values().length];

    Hunter(final FrameStore store, final List<Recording> recordings, final FuzzPlan plan) {
        this.store = store;
        this.recordings = recordings;
        this.plan = plan;
    }

    /** A fault and what led to it. */
    record Found(Fault fault, String where, Director.Shape shape, List<String> lines) {
    }

    /** What was counted over all episodes so far. */
    long[] counts() {
        return counts;
    }

    /** Plays the episode of a number; what it found, or null. */
    Found play(final long number) {
        final Recording recording = recordings.get((int) (number % recordings.size()));
        final Director.Shape shape = new Director.Shape(recording.mtuBytes(), number);
        final Fault fault = run(shape, actions -> episode(recording, number).play(actions), true);
        if (fault == null) {
            return null;
        }
        final String where = recording.name() + ", seed " + plan.seed() + ", episode " + number;
        final List<String> lines = new ArrayList<>();
        final Fault again = run(shape, actions -> {
            final CaseFile file = new CaseFile(actions);
            try {
                episode(recording, number).play(file);
            } finally {
                lines.addAll(file.lines());
            }
        }, false);
        if (again == null) {
            return new Found(fault, where + ", which did not happen again", shape, lines);
        }
        final List<String> least = new Reduction(fewer -> {
            final Fault other = run(shape, actions -> CaseFile.play(fewer, actions), false);
            return other != null && other.kind().equals(again.kind());
        }).of(lines);
        return new Found(again, where, shape, least);
    }

    private Episode episode(final Recording recording, final long number) {
        return new Episode(recording, recordings, plan.seed() * 0x9e3779b97f4a7c15L + number,
            plan.episodeFrames(recordings.size()));
    }

    /** What is done to a director. */
    interface Play {
        void on(Actions actions);
    }

    /** Plays something to a new director; the fault, or null. */
    Fault run(final Director.Shape shape, final Play play, final boolean counted) {
        if (++directors % COLLECT_EVERY == 0) {
            // Tables of directors that are gone lie outside the heap, which alone asks for this.
            System.gc();
        }
        try (Director director = new Director(store, serverCounts, plan.tamper(), shape)) {
            try {
                play.on(director);
                return null;
            } catch (final Fault fault) {
                return fault;
            } finally {
                for (final Counter counter : Counter.values()) {
                    counts[counter.ordinal()] += counted ? director.count(counter) : 0;
                }
            }
        }
    }
}
