package io.ringmaster.scheduler;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/** What all schedulers ask: may this real server get a new connection, and how much does it carry? */
final class Usable {
    /** An active connection weighs as much as this many inactive ones (include/net/ip_vs.h: conn_overhead). */
    private static final int ACTIVE_SHIFT = 8;

    private Usable() {
    }

    /** Weight above 0 and not at its upper threshold. */
    static boolean usable(final RealServerView server, final ServerLoad load) {
        return server.weight() > 0 && !load.overloaded(server);
    }

    /** Whether any real server can take a connection: asked before a search that could be long and in vain. */
    static boolean anyUsable(final ServiceView service, final ServerLoad load) {
        for (int i = 0; i < service.serverCount(); i++) {
            if (usable(service.server(i), load)) {
                return true;
            }
        }
        return false;
    }

    /** What a real server carries, in inactive connections. */
    static long overhead(final RealServerView server, final ServerLoad load) {
        return (load.active(server.number()) << ACTIVE_SHIFT) + load.inactive(server.number());
    }

    /**
     * What hashing schedulers make of a client: its address folded to 32 bits (IPv6: its four words by XOR), with its
     * port added where the flag asks for it; modulo 2³².
     */
    static int clientKey(final Packet packet, final int flags) {
        final int folded = fold(packet.sourceHigh(), packet.sourceLow());
        return (flags & SchedulerType.PORT) != 0 ? folded + packet.sourcePort() : folded;
    }

    /** An address in 32 bits: IPv4 as it is, IPv6 as the XOR of its four words. */
    static int fold(final long high, final long low) {
        if (Addresses.isIpv4(high, low)) {
            return (int) low;
        }
        final long both = high ^ low;
        return (int) (both >>> 32) ^ (int) both;
    }
}
