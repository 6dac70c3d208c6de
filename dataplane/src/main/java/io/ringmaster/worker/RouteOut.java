package io.ringmaster.worker;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortView;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.EthernetRewrite;
import io.ringmaster.transmit.IcmpRelay;
import io.ringmaster.transmit.Masquerading;
import io.ringmaster.transmit.Mtu;
import io.ringmaster.transmit.RecordRoute;
import io.ringmaster.transmit.TimeToLive;
import io.ringmaster.transmit.Tunneling;

/**
 * The last steps of a packet whose connection is known: room on the route, the rewrite of its forwarding method, the
 * time to live, the Ethernet header, the interface. Owned by one worker.
 */
final class RouteOut {
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();
    private static final int TUNNELING = ForwardingMethod.TUNNELING.ordinal();

    private final Exits exits;
    private final ClientHops clientHops;
    private final IcmpPath icmp;
    private View view;
    private int tunnelId;

    RouteOut(final Exits exits, final ClientHops clientHops, final IcmpPath icmp) {
        this.exits = exits;
        this.clientHops = clientHops;
        this.icmp = icmp;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Sends a client's packet to its real server, whose next hop is resolved. */
    void toRealServer(final Packet packet, final RealServerView server, final int method) {
        final NextHop hop = server.nextHop();
        final boolean tunnel = method == TUNNELING;
        final int mtuBytes = tunnel ? Mtu.insideTunnel(hop.mtuBytes(), server.ipv4()) : hop.mtuBytes();
        if (Mtu.exceeds(packet, mtuBytes)) {
            // The kernel quotes it with the time to live already less.
            TimeToLive.decrement(packet);
            icmp.tooBig(packet, server.service().vipHigh(), server.service().vipLow(), mtuBytes);
            return;
        }
        if (RecordRoute.hasOptions(packet)) {
            RecordRoute.stamp(packet, Addresses.ipv4(server.service().vipLow()));
        }
        if (method == MASQUERADING) {
            Masquerading.toRealServer(packet, server.toRealServer());
        } else {
            TimeToLive.decrement(packet);
            if (tunnel) {
                encapsulate(packet, server);
            }
        }
        EthernetRewrite.address(packet, hop.destinationMac(), hop.sourceMac());
        exits.send(packet, hop.port(), Counter.SENT_TO_REAL_SERVER);
    }

    private void encapsulate(final Packet packet, final RealServerView server) {
        final NextHop hop = server.nextHop();
        if (server.ipv4()) {
            Tunneling.encapsulateIpip(packet, Addresses.ipv4(hop.sourceLow()), Addresses.ipv4(server.addressLow()),
                tunnelId++);
        } else {
            Tunneling.encapsulateInIpv6(packet, hop.sourceHigh(), hop.sourceLow(), server.addressHigh(),
                server.addressLow());
        }
    }

    /** Sends an ICMP error about a real server's reply to it; in IPv4 whatever its size, as the kernel does. */
    void errorToRealServer(final Packet packet, final IcmpQuote quote, final RealServerView server, final int method) {
        final NextHop hop = server.nextHop();
        if (!hop.resolved()) {
            exits.drop(packet, hop.routed() ? Counter.DROP_NEIGHBOUR_UNRESOLVED : Counter.DROP_NO_ROUTE);
            return;
        }
        if (packet.version() == 6
            && Mtu.exceeds(packet, method == TUNNELING ? Mtu.insideTunnel(hop.mtuBytes(), server.ipv4())
                : hop.mtuBytes())) {
            exits.drop(packet, Counter.DROP_TOO_BIG);
            return;
        }
        if (method == MASQUERADING) {
            IcmpRelay.toRealServer(packet, quote, server.addressHigh(), server.addressLow(), server.port());
        } else if (method == TUNNELING) {
            encapsulate(packet, server);
        }
        EthernetRewrite.address(packet, hop.destinationMac(), hop.sourceMac());
        exits.send(packet, hop.port(), Counter.SENT_ICMP_RELAYED);
    }

    /** Sends an ICMP error that is ready but for its Ethernet header back the way a connection's client is. */
    void errorToClient(final Packet packet, final int clientHop) {
        if (clientHop == ClientHops.NONE) {
            exits.drop(packet, Counter.DROP_NO_CLIENT_HOP);
            return;
        }
        final int port = clientHops.port(clientHop);
        EthernetRewrite.address(packet, clientHops.mac(clientHop), view.port(port).mac());
        exits.send(packet, port, Counter.SENT_ICMP_RELAYED);
    }

    /** Answers a real server's packet whose time to live runs out here. */
    void timeExceeded(final Packet packet, final RealServerView server) {
        icmp.timeExceeded(packet, sourceTowardsHigh(server, packet), sourceTowardsLow(server, packet));
    }

    /** The director's address in errors to a real server: the one of the route to it, as the kernel chooses. */
    private long sourceTowardsHigh(final RealServerView server, final Packet arrived) {
        final NextHop hop = server.nextHop();
        if ((hop.sourceHigh() | hop.sourceLow()) != 0) {
            return hop.sourceHigh();
        }
        final PortView port = view.port(arrived.port());
        return arrived.version() == 6 ? port.source6High() : port.sourceHigh();
    }

    private long sourceTowardsLow(final RealServerView server, final Packet arrived) {
        final NextHop hop = server.nextHop();
        if ((hop.sourceHigh() | hop.sourceLow()) != 0) {
            return hop.sourceLow();
        }
        final PortView port = view.port(arrived.port());
        return arrived.version() == 6 ? port.source6Low() : port.sourceLow();
    }

    /** Whether a real server's reply is larger than its way; then it has been answered or dropped. */
    boolean tooBigForClient(final Packet packet, final RealServerView server, final int clientHop) {
        if (clientHop == ClientHops.NONE || !Mtu.exceeds(packet, view.port(clientHops.port(clientHop)).mtuBytes())) {
            return false;
        }
        icmp.tooBig(packet, sourceTowardsHigh(server, packet), sourceTowardsLow(server, packet),
            view.port(clientHops.port(clientHop)).mtuBytes());
        return true;
    }

    /** Sends a masqueraded real server's reply, which is not too big, back the way its client's packets came. */
    void toClient(final Packet packet, final RealServerView server, final int clientHop) {
        if (clientHop == ClientHops.NONE) {
            exits.drop(packet, Counter.DROP_NO_CLIENT_HOP);
            return;
        }
        final int port = clientHops.port(clientHop);
        if (RecordRoute.hasOptions(packet)) {
            RecordRoute.stamp(packet, Addresses.ipv4(server.service().vipLow()));
        }
        Masquerading.toClient(packet, server.toClient());
        EthernetRewrite.address(packet, clientHops.mac(clientHop), view.port(port).mac());
        exits.send(packet, port, Counter.SENT_TO_CLIENT);
    }
}
