package io.ringmaster.director;

import java.nio.file.Path;
import java.util.List;

/**
 * Everything that can be set of a director, checked once by who makes it. Immutable.
 *
 * @param interfaces    names of network interfaces, at least one, none twice; their order is that of port numbers.
 * @param cores         cores to pin workers to, one worker each; empty to let the director choose.
 * @param connections   capacity of the connection table.
 * @param idle          what a worker does that has nothing to do.
 * @param busyPoll      whether sockets prefer busy polling, where the kernel has it.
 * @param socket        path of the control socket.
 * @param frameBytes    2048 or 4096: the largest packet with its headers.
 * @param handBackRate  packets a second that are given back to the kernel at most.
 * @param xdp           how the XDP program is attached.
 */
public record Settings(List<String> interfaces, List<Integer> cores, long connections, Idle idle, boolean busyPoll,
                       Path socket, int frameBytes, int handBackRate, Xdp xdp) {
    /** Settings; lists are copied. */
    public Settings {
        interfaces = List.copyOf(interfaces);
        cores = List.copyOf(cores);
    }

    /** What a worker does that has nothing to do. */
    public enum Idle {
        /** Looks again at once: lowest latency, a whole core each. */
        SPIN,
        /** Spins, then yields, then parks for longer and longer. */
        BACKOFF,
        /** Parks at once: least load, highest latency. */
        SLEEP
    }

    /** How the XDP program is attached. */
    public enum Xdp {
        /** Native if the driver has it, else generic. */
        AUTO,
        /** In the driver; refuses to start where it cannot be. */
        NATIVE,
        /** By the kernel for any driver; slower. */
        GENERIC
    }
}
