package io.ringmaster.bench.forward;

import static io.ringmaster.bench.report.BenchException.refuseUnless;

import io.ringmaster.bench.wire.Cores;
import io.ringmaster.bench.wire.Method;
import io.ringmaster.bench.wire.Peer;
import io.ringmaster.bench.wire.Wires;
import io.ringmaster.bpf.LoadSettings;

/**
 * What one run does.
 *
 * @param method      how the director forwards.
 * @param sizeBytes   of a frame as sizes of frames are told, with the four bytes of its checksum: 64 to 1,518.
 * @param seconds     of traffic that is measured through each side, over all rounds.
 * @param connections over which packets go round.
 * @param peer        null for none.
 * @param rounds      of each side.
 * @param cores       who works where.
 * @param idle        option of {@code ringmaster run}.
 */
record ForwardPlan(Method method, int sizeBytes, int seconds, int connections, Peer peer, int rounds, Cores cores,
                   String idle) {
    static final int MOST_CONNECTIONS = 1 << 24;
    private static final int LEAST_BYTES = 64;
    private static final int MOST_BYTES = 1518;
    private static final int CHECKSUM_BYTES = 4;
    private static final double LEAST_ROUND_SEC = 0.2;
    private static final int MOST_SECONDS = 3600;

    ForwardPlan {
        refuseUnless(sizeBytes >= LEAST_BYTES && sizeBytes <= MOST_BYTES, "--size " + sizeBytes
            + " is not possible; give " + LEAST_BYTES + " to " + MOST_BYTES
            + " bytes, of which four are the frame's checksum");
        refuseUnless(seconds >= 1 && seconds <= MOST_SECONDS, "--seconds " + seconds + " is not possible; give 1"
            + " to " + MOST_SECONDS);
        refuseUnless(rounds >= 3, "--rounds " + rounds + " tell nothing of a spread; give at least 3");
        refuseUnless((double) seconds / rounds >= LEAST_ROUND_SEC, "--rounds " + rounds + " of --seconds "
            + seconds + " last less than " + LEAST_ROUND_SEC + " seconds each; give fewer rounds or more seconds");
        refuseUnless(idle.equals("spin") || idle.equals("backoff") || idle.equals("sleep"), "--idle " + idle
            + " is not one; give spin, backoff or sleep");
    }

    /** Nanoseconds of one measured round. */
    long roundNs() {
        return seconds * 1_000_000_000L / rounds;
    }

    /** What the generator sends, and what is to come of it. */
    LoadSettings load(final LoadSettings.End end) {
        return new LoadSettings(Wires.frontMac(), Wires.outMac(), Wires.address(Wires.VIP), Wires.VPORT,
            sizeBytes - CHECKSUM_BYTES, connections, Wires.address(Wires.FIRST_CLIENT), end, 0);
    }
}
