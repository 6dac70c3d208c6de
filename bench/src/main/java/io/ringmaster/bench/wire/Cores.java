package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.sys.CpuAffinity;
import java.util.BitSet;

/**
 * Which core does what. Everything of a forwarder that costs is on one: its thread, the kernel's transmission, and what
 * the sink does with each packet, which the kernel does at the end of a transmission. The other has the generator and
 * what takes packets from the first cable; so the forwarder cannot be starved by the kernel's receiving. Where the
 * kernel itself forwards, it does so there, too.
 *
 * @param forwarder core of the director's worker, and of the peer in its turns.
 * @param load      core of generator or sender.
 */
public record Cores(int forwarder, int load) {
    /**
     * Chooses cores.
     *
     * @param forwarder null for the last one that this process may use.
     * @param load      null for the first one.
     * @throws BenchException in one sentence if there are no such two.
     */
    public static Cores choose(final Integer forwarder, final Integer load) {
        final BitSet allowed = CpuAffinity.allowed();
        if (allowed.cardinality() < 2) {
            throw new BenchException("This measurement needs two cores, one for the director and one for the load; this"
                + " process may use only " + CpuAffinity.describe(allowed) + ".");
        }
        final Cores cores = new Cores(forwarder == null ? allowed.length() - 1 : forwarder,
            load == null ? allowed.nextSetBit(0) : load);
        requireOne(allowed, "--cpu", cores.forwarder);
        requireOne(allowed, "--load-cpu", cores.load);
        if (cores.forwarder == cores.load) {
            throw BenchException.usage("--cpu and --load-cpu are both " + cores.load + "; the director and the load"
                + " need a core each.");
        }
        return cores;
    }

    private static void requireOne(final BitSet allowed, final String option, final int core) {
        if (core < 0 || !allowed.get(core)) {
            throw BenchException.usage(option + " " + core + " is not there; this process may use "
                + CpuAffinity.describe(allowed) + ".");
        }
    }
}
