package io.ringmaster.transmit;

import io.ringmaster.packet.Packet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The UDP source port of a GUE packet: the same for all packets of a connection, so that they stay in order, and spread
 * over connections, so that routers and receive queues share the work (the kernel's udp_flow_src_port). Which port it
 * is nobody outside can tell: another one in each run.
 */
final class FlowPort {
    /** The kernel's ports of its own (net.ipv4.ip_local_port_range). */
    static final int FIRST = 32_768;
    /** The last of them is not reached, nor is it in the kernel. */
    static final int END = 60_999;

    private static final long SEED = ThreadLocalRandom.current().nextLong();
    private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

    private FlowPort() {
    }

    /** For a packet whose addresses and ports are in the cursor as they were received. */
    static int of(final Packet packet) {
        final long ports = (long) packet.sourcePort() << 32 | (long) packet.destinationPort() << 16 | packet.protocol();
        long hash = mixed(SEED ^ packet.sourceLow());
        hash = mixed(hash ^ packet.sourceHigh());
        hash = mixed(hash ^ packet.destinationLow());
        hash = mixed(hash ^ packet.destinationHigh());
        hash = mixed(hash ^ ports);
        return FIRST + (int) ((hash >>> 32) * (END - FIRST) >>> 32);
    }

    private static long mixed(final long word) {
        final long product = word * FACTOR;
        return product ^ product >>> 32;
    }
}
