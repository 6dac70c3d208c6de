package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
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
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();

    private final Exits exits;
    private final WideTracker tracker;
    private final ServerCounts counts;
    private final RouteOut routeOut;
    private final IcmpPath icmp;
    private final DataTracker data;
    private final FtpHelper helper;
    private View view;

    AnyPortPath(final Exits exits, final Trackers trackers, final ServerCounts counts, final RouteOut routeOut,
                final IcmpPath icmp, final FtpHelper helper) {
        this.exits = exits;
        this.tracker = trackers.wide();
        this.data = trackers.data();
        this.helper = helper;
        this.counts = counts;
        this.routeOut = routeOut;
        this.icmp = icmp;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Sends a real server's reply on to its client; false, and nothing was done, if it answers no connection. */
    boolean toClient(final Packet packet) {
        if (!tracker.findOfAnyPort(packet) && !data.findActive(packet)) {
            return false;
        }
        final long value = tracker.value();
        final RealServerView server = view.realServer(ConnectionValue.realServer(value));
        if (!tracker.readWanted(server.service())) {
            return false;
        }
        final int clientHop = ConnectionValue.nextHop(value);
        if (TimeToLive.expires(packet)) {
            routeOut.timeExceeded(packet, server);
        } else if (!routeOut.tooBigForClient(packet, server, clientHop)) {
            tracker.packetFromRealServer(packet);
            // The kernel's helper sees a reply before the connection does (ip_vs_core.c, handle_response).
            if (isControl(packet, server, tracker.wantedPort(), value) && (!helper.fromRealServer(packet, server, value)
                || routeOut.tooBigForClient(packet, server, clientHop))) {
                return true;
            }
            counts.toClient(server, packet.networkLengthBytes());
            routeOut.toClientOfAnyPort(packet, tracker.wantedHigh(), tracker.wantedLow(), tracker.wantedPort(),
                clientHop);
        }
        return true;
    }

    /** Whether a packet is of a control connection of FTP, by the port that its client asks for. */
    private static boolean isControl(final Packet packet, final RealServerView server, final int port,
                                     final long value) {
        return packet.protocol() == Ipv4.PROTOCOL_TCP && server.service().heeds(port)
            && !ConnectionValue.isControlled(value);
    }

    /** A client's packet may be the first of a data connection that waits for it: then that is its connection. */
    void adopt(final Packet packet, final ServiceView service) {
        if (service.key().ftp() && packet.protocol() == Ipv4.PROTOCOL_TCP
            && data.side().mayHavePort(packet.destinationPort())) {
            data.findOrAdopt(packet, service);
        }
    }

    /**
     * The port of a masqueraded real server that a connection goes to, 0 for the one that its client asks for: by a
     * template every port is kept (ip_vs_core.c, ip_vs_sched_persist). Not of data connections.
     */
    static int ownPort(final RealServerView server, final long value) {
        return server.service().anyPort() && ConnectionValue.isChild(value) ? 0 : server.port();
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
        if (!server.nextHop().resolved()) {
            exits.drop(packet, Counter.DROP_NEIGHBOUR_UNRESOLVED);
        } else if (method != MASQUERADING) {
            routeOut.toRealServer(packet, server, method);
        } else {
            masquerade(packet, server, tracker.value());
        }
    }

    private void masquerade(final Packet packet, final RealServerView server, final long value) {
        if (ConnectionValue.isControlled(value)) {
            routeOut.toPort(packet, server, tracker.dataPort(packet, server.service()));
        } else if (!isControl(packet, server, packet.destinationPort(), value)) {
            routeOut.toPort(packet, server, ownPort(server, value));
        } else if (!routeOut.tooBigForRealServer(packet, server, MASQUERADING)) {
            helper.fromClient(packet, server);
            routeOut.toPort(packet, server, ownPort(server, value));
        }
    }
}
