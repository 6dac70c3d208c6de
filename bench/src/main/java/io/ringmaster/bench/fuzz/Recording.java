package io.ringmaster.bench.fuzz;

import java.util.List;

/**
 * What is played to a director: rules, frames and pauses of one recording of a real kernel, without what came of them.
 *
 * @param name     of the recording.
 * @param mtuBytes of each interface.
 * @param steps    in order.
 * @param frames   all that come in, of the steps.
 */
record Recording(String name, int[] mtuBytes, List<Step> steps, List<Frame> frames) {
    /** One thing that was done. */
    sealed interface Step {
    }

    /** A command of {@code ringmaster}. */
    record Command(List<String> words, String stdin) implements Step {
    }

    /** A pause. */
    record Pause(long ms) implements Step {
    }

    /** A frame in. */
    record Frame(int port, byte[] bytes) implements Step {
    }
}
