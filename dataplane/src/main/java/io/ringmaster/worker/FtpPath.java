package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TcpState;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.TimeToLive;

/**
 * The way of packets of FTP services, both those of control connections and those of data connections, which have other
 * ports. No other packet comes here but those of no service where there are FTP services. Owned by one worker.
 */
final class FtpPath {
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();

    private final Exits exits;
    private final WideTracker tracker;
    private final DataTracker data;
    private final ServerCounts counts;
    private final RouteOut routeOut;
    private final FtpHelper helper;
    private final PacketPath path;
    private View view;

    FtpPath(final Exits exits, final Trackers trackers, final ServerCounts counts, final RouteOut routeOut,
            final FtpHelper helper, final PacketPath path) {
        this.exits = exits;
        this.tracker = trackers.wide();
        this.data = trackers.data();
        this.counts = counts;
        this.routeOut = routeOut;
        this.helper = helper;
        this.path = path;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Whether a packet to a service is one of a data connection, which goes to another port than the service has. */
    static boolean isData(final Packet packet, final ServiceView service) {
        return isData(packet.destinationPort(), service);
    }

    /** As {@link #isData(Packet, ServiceView)}, by the port that the client asks for. */
    static boolean isData(final int port, final ServiceView service) {
        return service.key().hasData() && port != service.vport();
    }

    /**
     * Sends on a packet of a control connection's real server, or of a data connection; false, and nothing was done, if
     * it is none.
     */
    boolean takes(final Packet packet) {
        if (packet.protocol() != Ipv4.PROTOCOL_TCP || !view.data().any()) {
            return false;
        }
        if (data.findControl(packet)) {
            controlToClient(packet);
        } else if (data.findReply(packet)) {
            dataToClient(packet);
        } else if (data.findFromClient(packet)) {
            dataToRealServer(packet);
        } else {
            return false;
        }
        return true;
    }

    private void controlToClient(final Packet packet) {
        final long value = tracker.value();
        final RealServerView server = view.realServer(ConnectionValue.realServer(value));
        final int clientHop = ConnectionValue.nextHop(value);
        if (TimeToLive.expires(packet)) {
            routeOut.timeExceeded(packet, server);
            return;
        }
        if (routeOut.tooBigForClient(packet, server, clientHop)) {
            return;
        }
        if (!tracker.readWanted(server.service())) {
            exits.handBack(packet, Counter.BACK_REAL_SERVER);
            return;
        }
        tracker.packetFromRealServer(packet);
        // The kernel's helper sees a reply before the connection does (ip_vs_core.c, handle_response).
        if (server.service().ftp() && !helper.fromRealServer(packet, server, value)
            || routeOut.tooBigForClient(packet, server, clientHop)) {
            return;
        }
        counts.toClient(server, packet.networkLengthBytes());
        final ServiceKey service = server.service();
        routeOut.toClientOfAnyPort(packet, service.vipHigh(), service.vipLow(), service.vport(), clientHop);
    }

    private void dataToClient(final Packet packet) {
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        final int clientHop = ConnectionValue.nextHop(tracker.value());
        if (TimeToLive.expires(packet)) {
            routeOut.timeExceeded(packet, server);
        } else if (!tracker.readWanted(server.service())) {
            exits.handBack(packet, Counter.BACK_REAL_SERVER);
        } else if (!routeOut.tooBigForClient(packet, server, clientHop)) {
            tracker.packetFromRealServer(packet);
            counts.toClient(server, packet.networkLengthBytes());
            routeOut.toClientOfAnyPort(packet, tracker.wantedHigh(), tracker.wantedLow(), tracker.wantedPort(),
                clientHop);
        }
    }

    private void dataToRealServer(final Packet packet) {
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (server == null || !server.available()) {
            tracker.endWithServer(packet, server);
            exits.drop(packet, Counter.DROP_REAL_SERVER_REMOVED);
            return;
        }
        forward(packet, server);
    }

    private void forward(final Packet packet, final RealServerView server) {
        tracker.packetFromClient(packet);
        counts.fromClient(server, packet.networkLengthBytes());
        path.notReady(packet, server, tracker);
    }

    /**
     * A packet to a port of no service at the address of an FTP service. Where that is persistent, the client's
     * template tells its real server: so passive FTP works by direct routing and tunneling. Else it is not ours
     * (ip_vs_core.c, ip_vs_leave).
     */
    void schedule(final Packet packet, final ServiceView service) {
        if (service.persistSec() == 0) {
            exits.handBack(packet, Counter.BACK_NO_CONNECTION);
            return;
        }
        final long hash = tracker.hash(packet);
        final RealServerView server = path.open(packet, service, tracker, tracker.keyOf(packet, service), hash,
            tracker.home(hash));
        if (server != null && !server.available()) {
            exits.drop(packet, Counter.DROP_REAL_SERVER_REMOVED);
        } else if (server != null) {
            forward(packet, server);
        }
    }

    /** Sends a client's packet to its real server, which all but the next hop and the room was asked of already. */
    void toRealServer(final Packet packet, final RealServerView server, final int method) {
        final ServiceKey service = server.service();
        if (!server.nextHop().resolved()) {
            if (!routeOut.tooBigForRealServer(packet, server, method)) {
                exits.drop(packet, Counter.DROP_NEIGHBOUR_UNRESOLVED);
            }
        } else if (method != MASQUERADING) {
            routeOut.toRealServer(packet, server, method);
        } else if (!routeOut.tooBigForRealServer(packet, server, method)) {
            if (service.ftp() && packet.destinationPort() == service.vport()) {
                helper.fromClient(packet, server);
            }
            routeOut.toPort(packet, server, serverPort(server, tracker.value(), packet.destinationPort()));
        }
    }

    /** The port of a real server that a connection goes to, by the one that its client asks for. */
    static int serverPort(final RealServerView server, final long value, final int port) {
        final ServiceKey service = server.service();
        // By a template every port but that of control connections is kept (ip_vs_core.c, ip_vs_sched_persist).
        return ConnectionValue.isChild(value) && port != service.vport() ? port
            : service.serverPort(port, server.port());
    }

    /** Whether a control connection is past its handshake and before its end: only then it is listened to. */
    static boolean isEstablished(final long value) {
        return ConnectionValue.state(value) == TcpState.ESTABLISHED.ordinal();
    }
}
