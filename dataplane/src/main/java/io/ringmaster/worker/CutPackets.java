package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.TimeToLive;

/**
 * Segments and datagrams that end within their transport header, but behind the ports. They have no flags, open no
 * connection and change no state. By direct routing and tunneling they go on with their connection, as in the kernel;
 * masquerading would have to write where they have no bytes. Owned by one worker.
 */
final class CutPackets {
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();

    private final Exits exits;
    private final Trackers trackers;
    private final ServerCounts counts;
    private final RouteOut routeOut;
    private final IcmpPath icmp;
    private View view;

    CutPackets(final Exits exits, final Trackers trackers, final ServerCounts counts, final RouteOut routeOut,
               final IcmpPath icmp) {
        this.exits = exits;
        this.trackers = trackers;
        this.counts = counts;
        this.routeOut = routeOut;
        this.icmp = icmp;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Sends one on, or ends it. */
    void forward(final Packet packet) {
        final ServiceView service = view.service(packet.protocol(), packet.sourceHigh(), packet.sourceLow(),
            packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(),
            view.port(packet.port()).interfaceIndex());
        if (service == null) {
            fromRealServer(packet);
            return;
        }
        final Tracker tracker = trackers.of(service);
        if (tracker.findClient(packet.protocol(), packet.sourceHigh(), packet.sourceLow(), packet.sourcePort(),
            service, packet.destinationHigh(), packet.destinationLow(), packet.destinationPort())) {
            toRealServer(packet, tracker);
        } else {
            exits.drop(packet, Counter.DROP_CUT);
        }
    }

    private void fromRealServer(final Packet packet) {
        if (trackers.findFromRealServer(packet) || view.hasOthers() && trackers.wide().findOfAnyPort(packet)) {
            exits.drop(packet, Counter.DROP_CUT);
        } else {
            exits.handBack(packet, Counter.BACK_REAL_SERVER);
        }
    }

    private void toRealServer(final Packet packet, final Tracker tracker) {
        final int method = ConnectionValue.method(tracker.value());
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (server == null || !server.available()) {
            exits.drop(packet, Counter.DROP_REAL_SERVER_REMOVED);
            return;
        }
        tracker.renew(packet);
        counts.fromClient(server, packet.networkLengthBytes());
        if (method == MASQUERADING) {
            exits.drop(packet, Counter.DROP_CUT);
        } else if (server.nextHop() == NextHop.LOCAL) {
            exits.handBack(packet, Counter.BACK_LOCAL_NODE);
        } else if (!server.reachable()) {
            exits.drop(packet, Counter.DROP_NEIGHBOUR_UNRESOLVED);
        } else if (TimeToLive.expires(packet)) {
            icmp.timeExceeded(packet, server, method);
        } else {
            routeOut.toRealServer(packet, server, method);
        }
    }
}
