package io.ringmaster.bench.fuzz;

import io.ringmaster.bench.report.BenchException;
import java.nio.file.Path;

/**
 * What a run is to do.
 *
 * @param frames  at least so many.
 * @param seconds and no longer than so many; 0 for as long as it takes.
 * @param seed    the same makes the same frames.
 * @param threads that run directors side by side.
 * @param cases   folder that cases are written to.
 * @param tamper  a fault that is planted, by tests.
 */
record FuzzPlan(long frames, long seconds, long seed, int threads, Path cases, Tamper tamper) {
    private static final long FRAMES_MAX = 1_000_000_000_000L;
    private static final int THREADS_MAX = 64;
    private static final int EPISODE_MOST = 32_768;
    private static final int EPISODE_LEAST = 64;

    FuzzPlan {
        BenchException.refuseUnless(frames >= 1 && frames <= FRAMES_MAX, "--frames " + frames + " is not possible; give"
            + " 1 to 1000000m");
        BenchException.refuseUnless(threads >= 1 && threads <= THREADS_MAX, "--threads " + threads + " is not possible;"
            + " give 1 to " + THREADS_MAX);
        BenchException.refuseUnless(seconds >= 0, "--seconds " + seconds + " is not possible; give 1 or more");
    }

    /** Frames of one director's life, about: as many as let each recording have a turn. */
    int episodeFrames(final int recordings) {
        return Math.clamp(frames / recordings, EPISODE_LEAST, EPISODE_MOST);
    }
}
