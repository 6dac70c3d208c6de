package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.service.ForwardingMethod;

/**
 * What one run does.
 *
 * @param connections in the table from the start, 1 to 2^28.
 * @param method      how packets are forwarded.
 * @param frames      packets of one round, each in a frame of its own; a power of two, 256 to 2^20.
 * @param newPerMille packets of a thousand that open a connection, 0 to 1,000.
 * @param rounds      measured rounds of each side, at least 3.
 * @param cpu         number of the core to run on; -1 for any.
 */
record Plan(long connections, Method method, int frames, int newPerMille, int rounds, int cpu) {
    static final long MAX_CONNECTIONS = 1L << 28;
    private static final int MIN_FRAMES = 256;
    private static final int MAX_FRAMES = 1 << 20;
    private static final int PER_MILLE = 1_000;

    /** The forwarding methods by the words of the command line. */
    enum Method {
        NAT(ForwardingMethod.MASQUERADING, 8080),
        DR(ForwardingMethod.DIRECT_ROUTING, 80),
        TUN(ForwardingMethod.TUNNELING, 80);

        private final ForwardingMethod forwarding;
        private final int serverPort;

        Method(final ForwardingMethod forwarding, final int serverPort) {
            this.forwarding = forwarding;
            this.serverPort = serverPort;
        }

        ForwardingMethod forwarding() {
            return forwarding;
        }

        int serverPort() {
            return serverPort;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    Plan {
        refuseUnless(connections >= 1 && connections <= MAX_CONNECTIONS, "--connections " + connections
            + " is not possible; give 1 to " + MAX_CONNECTIONS);
        refuseUnless(frames >= MIN_FRAMES && frames <= MAX_FRAMES && Integer.bitCount(frames) == 1, "--frames " + frames
            + " is not possible; give a power of two from " + MIN_FRAMES + " to " + MAX_FRAMES);
        refuseUnless(newPerMille >= 0 && newPerMille <= PER_MILLE, "--new is a share of the packets; give 0% to 100%");
        refuseUnless(rounds >= 3, "--rounds " + rounds + " tell nothing of a spread; give at least 3");
        refuseUnless(cpu >= -1 && cpu < Runtime.getRuntime().availableProcessors(), "--cpu " + cpu
            + " is not there; give 0 to " + (Runtime.getRuntime().availableProcessors() - 1));
    }

    private static void refuseUnless(final boolean possible, final String sentence) {
        if (!possible) {
            throw BenchException.usage(sentence + ".");
        }
    }

    /**
     * Connections the table is made for: those from the start, all new ones, and a sixth, which makes its load 0.6. At
     * its nominal load, 0.7, some of a million half-open connections find a crowded neighbourhood and give way, and
     * here both sides must keep every one.
     */
    long capacity() {
        final long all = connections + (warmRounds() + (long) rounds) * frames * newPerMille / PER_MILLE * 5 / 4;
        return all + all / 6 + 64;
    }

    /** Rounds before the measured ones: enough packets for the JIT compiler to be done. */
    int warmRounds() {
        return Math.max(2, 4_000_000 / frames);
    }
}
