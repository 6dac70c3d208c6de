package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.TimeToLive;

/**
 * The way back from real servers of services of several ports or addresses, of all ports or of a firewall mark: what
 * their replies get in front of the client is what that client asked for, which its connection remembers. Owned by one
 * worker.
 */
final class AnyPortPath {
    private final Exits exits;
    private final WideTracker tracker;
    private final ServerCounts counts;
    private final RouteOut routeOut;
    private final IcmpPath icmp;
    private View view;

    AnyPortPath(final Exits exits, final WideTracker tracker, final ServerCounts counts, final RouteOut routeOut,
                final IcmpPath icmp) {
        this.exits = exits;
        this.tracker = tracker;
        this.counts = counts;
        this.routeOut = routeOut;
        this.icmp = icmp;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Sends a real server's reply on to its client; false, and nothing was done, if it answers no connection. */
    boolean toClient(final Packet packet) {
        if (!tracker.findOfAnyPort(packet)) {
            return false;
        }
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (!tracker.readWanted(server.service())) {
            return false;
        }
        final int clientHop = ConnectionValue.nextHop(tracker.value());
        if (TimeToLive.expires(packet)) {
            routeOut.timeExceeded(packet, server);
        } else if (!routeOut.tooBigForClient(packet, server, clientHop)) {
            tracker.packetFromRealServer(packet);
            counts.toClient(server, packet.networkLengthBytes());
            routeOut.toClientOfAnyPort(packet, tracker.wantedHigh(), tracker.wantedLow(), tracker.wantedPort(),
                clientHop);
        }
        return true;
    }

    /**
     * Ends a client's packet of a mark's service for which there is no real server. To the host's own addresses it is
     * answered; to others nobody here can answer in their name, but it may go on to where its client sent it by the
     * kernel's own route (ip_vs_core.c, ip_vs_leave).
     */
    void unserved(final Packet packet, final ServiceView service) {
        if (view.isLocal(packet.protocol(), packet.sourceHigh(), packet.sourceLow(), packet.destinationHigh(),
            packet.destinationLow(), packet.destinationPort(), view.port(packet.port()).interfaceIndex())) {
            icmp.portUnreachable(packet, packet.destinationHigh(), packet.destinationLow());
        } else if (view.sysctls().on(Sysctl.CACHE_BYPASS)) {
            if (tracker.bypass(packet, service)) {
                exits.handBack(packet, Counter.BACK_BYPASS);
            } else {
                exits.drop(packet, tracker.full());
            }
        } else {
            exits.drop(packet, Counter.DROP_NO_REAL_SERVER);
        }
    }

    /** Sends a packet of a connection without real server on to where its client sent it. */
    void bypass(final Packet packet) {
        tracker.packetFromClient(packet);
        exits.handBack(packet, Counter.BACK_BYPASS);
    }

    /** Sends a client's packet to its real server, which all but the next hop was asked of already. */
    void toRealServer(final Packet packet, final RealServerView server, final int method) {
        if (server.nextHop().resolved()) {
            routeOut.toRealServerOfAnyPort(packet, server, method);
        } else {
            exits.drop(packet, Counter.DROP_NEIGHBOUR_UNRESOLVED);
        }
    }
}
