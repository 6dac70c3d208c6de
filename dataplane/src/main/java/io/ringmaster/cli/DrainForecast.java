package io.ringmaster.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/** Foresees when nothing is left, by how fast it became less lately. Used by one thread. */
final class DrainForecast {
    private static final long WINDOW_MS = 30_000;
    private static final long ENOUGH_MS = 2_000;
    private static final double MS_PER_SECOND = 1000;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nowMs, long left) {
    }

    /** Takes over how many are left at a time, in milliseconds that only grow. */
    void add(final long nowMs, final long left) {
        samples.addLast(new Sample(nowMs, left));
        while (nowMs - samples.getFirst().nowMs > WINDOW_MS) {
            samples.removeFirst();
        }
    }

    /** Seconds until nothing is left, rounded up; empty if they do not become less, or that is not known yet. */
    OptionalLong secondsLeft() {
        if (samples.isEmpty()) {
            return OptionalLong.empty();
        }
        final Sample first = samples.getFirst();
        final Sample last = samples.getLast();
        final long ended = first.left - last.left;
        final long tookMs = last.nowMs - first.nowMs;
        if (last.left == 0) {
            return OptionalLong.of(0);
        }
        return ended <= 0 || tookMs < ENOUGH_MS ? OptionalLong.empty()
            : OptionalLong.of((long) Math.ceil((double) last.left * tookMs / ended / MS_PER_SECOND));
    }
}
