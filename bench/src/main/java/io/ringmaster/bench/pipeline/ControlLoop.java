package io.ringmaster.bench.pipeline;

/**
 * A loop that does arithmetic only, for as long as a batch takes: what its times show is the machine, not the program.
 * Owned by one thread.
 */
final class ControlLoop {
    private static final int FIRST_TURNS = 10_000;
    private static final int MAX_TURNS = 100_000_000;

    private long turns = FIRST_TURNS;
    private long value = 1;

    /** As many steps as the slice has room for. */
    void run(final int steps, final Slice slice) {
        slice.clear();
        for (int i = 0; i < steps; i++) {
            final long from = System.nanoTime();
            spin();
            slice.accept(from);
        }
    }

    private void spin() {
        long x = value;
        for (long i = turns; i > 0; i--) {
            x = x * 0x5851f42d4c957f2dL + 0x14057b7ef767814fL;
        }
        value = x;
    }

    /** Comes closer to a length. */
    void adjust(final long wantedNs, final long tookNs) {
        turns = Math.clamp(Math.round((double) turns * wantedNs / Math.max(1, tookNs)), 1, MAX_TURNS);
    }
}
