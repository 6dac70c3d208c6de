package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.sys.Capability;

/** What a machine must have for a measurement over veth, judged before anything is started. */
public final class Prerequisites {
    /** A director's virtual machine, packet memory and rings, and as much again for a peer and the bench itself. */
    private static final long PROCESSES_MB = 800;
    /** The kernel's connection tracking takes 300 bytes of each, which is more than any other forwarder here. */
    private static final long BYTES_PER_PEER_CONNECTION = 400;

    private Prerequisites() {
    }

    /**
     * Refuses in one sentence.
     *
     * @param connections that each side is to carry.
     */
    public static void check(final long connections) {
        Capability.require("To measure over veth", Capability.CAP_NET_ADMIN, Capability.CAP_NET_RAW,
            Capability.CAP_BPF, Capability.CAP_PERFMON, Capability.CAP_SYS_ADMIN);
        if (System.getenv("RINGMASTER_LAUNCHER") == null) {
            throw new BenchException("This measurement starts a director by the launcher that started it; run it as"
                + " ./ringmaster bench.");
        }
        final long neededMb = PROCESSES_MB + (ConnectionTable.memoryBytes(connections * 7 / 6 + 64)
            + connections * BYTES_PER_PEER_CONNECTION >> 20);
        if (neededMb > Machine.availableMb()) {
            throw new BenchException("This needs " + neededMb + " MB of memory and the machine has "
                + Machine.availableMb() + " MB free; give fewer --flows.");
        }
    }
}
