package io.ringmaster.bench.latency;

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
 * @param rate        packets a second.
 * @param seconds     of traffic through each side, over all rounds.
 * @param connections that packets go round over.
 * @param peer        null for none.
 * @param rounds      of each side.
 * @param cores       who works where.
 * @param idle        option of {@code ringmaster run}.
 */
record LatencyPlan(Method method, int rate, int seconds, int connections, Peer peer, int rounds, Cores cores,
                   String idle) {
    static final int LEAST_RATE = 100;
    static final int MOST_RATE = 1_000_000;
    static final int MOST_CONNECTIONS = 1 << 20;
    /** 60 bytes: the shortest that there is, less the checksum that a NIC adds. */
    static final int FRAME_BYTES = 60;
    private static final int MOST_SECONDS = 3600;
    private static final long MOST_PACKETS_OF_A_ROUND = 1 << 24;
    private static final int LEAST_PACKETS_OF_A_ROUND = 100;

    LatencyPlan {
        refuseUnless(seconds >= 1 && seconds <= MOST_SECONDS, "--seconds " + seconds + " is not possible; give 1"
            + " to " + MOST_SECONDS);
        refuseUnless(rounds >= 3, "--rounds " + rounds + " tell nothing of a spread; give at least 3");
        refuseUnless(idle.equals("spin") || idle.equals("backoff") || idle.equals("sleep"), "--idle " + idle
            + " is not one; give spin, backoff or sleep");
        final long packets = (long) rate * seconds / rounds;
        refuseUnless(packets >= LEAST_PACKETS_OF_A_ROUND && packets <= MOST_PACKETS_OF_A_ROUND, "--rate " + rate
            + ", --seconds " + seconds + " and --rounds " + rounds + " make " + packets + " packets a round; "
            + LEAST_PACKETS_OF_A_ROUND + " to " + MOST_PACKETS_OF_A_ROUND + " are possible");
    }

    /** Packets of one round of one side. */
    int packets() {
        return (int) ((long) rate * seconds / rounds);
    }

    /** What the sink expects, with room for the arrivals of a round. */
    LoadSettings load(final LoadSettings.End end) {
        return new LoadSettings(Wires.frontMac(), Wires.outMac(), Wires.address(Wires.VIP), Wires.VPORT, FRAME_BYTES,
            connections, Wires.address(Wires.FIRST_CLIENT), end, packets());
    }
}
