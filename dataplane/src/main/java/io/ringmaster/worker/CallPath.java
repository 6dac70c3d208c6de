package io.ringmaster.worker;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.TimeToLive;
import java.lang.foreign.MemorySegment;

/**
 * What masqueraded real servers of services with the persistence engine send by themselves: requests within a call, and
 * answers where one-packet scheduling remembers no connection. Such a datagram makes a connection, as one of its client
 * would, and leaves from the service's address (ip_vs_core.c, ip_vs_new_conn_out). Owned by one worker.
 * <p>
 * The way to the client is the one by which its packets of the same call came. Where none came before, and in services
 * without persistence, where no Call-ID is looked at, there is none to be known: the kernel routes such a datagram as
 * it is.
 */
final class CallPath {
    private final Packet asOfClient;
    private final Trackers trackers;
    private final ServerCounts counts;
    private final RouteOut routeOut;
    private View view;

    CallPath(final MemorySegment memory, final Trackers trackers, final ServerCounts counts, final RouteOut routeOut) {
        this.asOfClient = new Packet(memory);
        this.trackers = trackers;
        this.counts = counts;
        this.routeOut = routeOut;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Sends a real server's datagram of no connection on to its client; false, and nothing was done, if it is none. */
    boolean toClient(final Packet packet) {
        // One that was put together of fragments lies elsewhere than the cursor can point to.
        if (packet.protocol() != Ipv4.PROTOCOL_UDP || packet.memory() != asOfClient.memory()
            || TimeToLive.expires(packet)) {
            return false;
        }
        final RealServerView server = view.caller(packet.version() == 6
            ? view.wideReplyKey(packet.protocol(), packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())
            : View.addressKey(Addresses.ipv4(packet.sourceLow()), packet.sourcePort(), packet.protocol()));
        if (server == null) {
            return false;
        }
        final ServiceView service = view.service(server.service());
        asOfClient.turnFrom(packet);
        final int hop = trackers.of(service).openByRealServer(asOfClient, service, server);
        if (hop == ClientHops.NONE) {
            return false;
        }
        if (!routeOut.tooBigForClient(packet, server, hop)) {
            counts.toClient(server, packet.networkLengthBytes());
            routeOut.toClient(packet, server, hop);
        }
        return true;
    }
}
