package io.ringmaster.worker;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortView;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.AnyPortMasquerading;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.EthernetRewrite;
import io.ringmaster.transmit.IcmpRelay;
import io.ringmaster.transmit.Masquerading;
import io.ringmaster.transmit.Mtu;
import io.ringmaster.transmit.RecordRoute;
import io.ringmaster.transmit.TimeToLive;
import io.ringmaster.transmit.Tunneling;
import java.util.concurrent.ThreadLocalRandom;

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
    /** Whether clients learn what fits into a tunnel; else its packets are fragmented. */
    private boolean discovers;
    // Workers begin at different places: fragments of two packets with one number would be put together.
    private int identification = ThreadLocalRandom.current().nextInt();

    RouteOut(final Exits exits, final ClientHops clientHops, final IcmpPath icmp) {
        this.exits = exits;
        this.clientHops = clientHops;
        this.icmp = icmp;
    }

    void useView(final View newView) {
        this.view = newView;
        this.discovers = newView.sysctls().on(Sysctl.PMTU_DISC);
    }

    /** Sends a client's packet to its real server, whose next hop is resolved. */
    void toRealServer(final Packet packet, final RealServerView server, final int method) {
        if (exceedsWay(packet, server, method)) {
            if (!tooBigForRealServer(packet, server, method)) {
                transform(packet, server, method);
                exits.sendInFragments(packet, server.nextHop().port(), wayBytes(server, method),
                    Counter.SENT_TO_REAL_SERVER);
            }
            return;
        }
        transform(packet, server, method);
        exits.send(packet, server.nextHop().port(), Counter.SENT_TO_REAL_SERVER);
    }

    /** Sends a client's packet to a port of its masqueraded real server; 0 for the one that it asked for. */
    void toPort(final Packet packet, final RealServerView server, final int port) {
        if (!tooBigForRealServer(packet, server, MASQUERADING)) {
            if (RecordRoute.hasOptions(packet)) {
                RecordRoute.stamp(packet, Addresses.ipv4(packet.destinationLow()));
            }
            AnyPortMasquerading.toRealServer(packet, server.addressHigh(), server.addressLow(), port);
            final NextHop hop = server.nextHop();
            EthernetRewrite.address(packet, hop.destinationMac(), hop.sourceMac());
            send(packet, hop.port(), hop.mtuBytes(), Counter.SENT_TO_REAL_SERVER);
        }
    }

    /** As {@link #toClient}, of a service of several ports or addresses, from what the client asked for. */
    void toClientOfAnyPort(final Packet packet, final long high, final long low, final int port,
                           final int clientHop) {
        if (clientHop == ClientHops.NONE) {
            exits.drop(packet, Counter.DROP_NO_CLIENT_HOP);
            return;
        }
        if (RecordRoute.hasOptions(packet)) {
            RecordRoute.stamp(packet, Addresses.ipv4(low));
        }
        final PortView out = view.port(clientHops.port(clientHop));
        AnyPortMasquerading.toClient(packet, high, low, port);
        EthernetRewrite.address(packet, clientHops.mac(clientHop), out.mac());
        send(packet, clientHops.port(clientHop), out.mtuBytes(), Counter.SENT_TO_CLIENT);
    }

    /** Whether a client's packet is larger than its way. What was learned of a tunnel's way is seldom needed for it. */
    private boolean exceedsWay(final Packet packet, final RealServerView server, final int method) {
        return method == TUNNELING
            ? Mtu.exceeds(packet, server.alwaysTunneledBytes()) && Mtu.exceeds(packet, mostBytes(server, method))
            : Mtu.exceeds(packet, server.nextHop().mtuBytes());
    }

    /** Whether a client's packet is too big for its way and must not be fragmented; then it has been answered. */
    boolean tooBigForRealServer(final Packet packet, final RealServerView server, final int method) {
        final int mostBytes = leastMost(packet, mostBytes(server, method));
        if (!Mtu.forbids(packet, mostBytes) || !discovers && method == TUNNELING) {
            return false;
        }
        // The kernel quotes it with the time to live already less.
        TimeToLive.decrement(packet);
        icmp.tooBig(packet, packet.destinationHigh(), packet.destinationLow(), mostBytes);
        return true;
    }

    /** No IPv6 host heeds an MTU below 1,280: what does not fit then goes in fragments of the tunnel's packet. */
    private static int leastMost(final Packet packet, final int mostBytes) {
        return packet.version() == 6 ? Math.max(Ipv6.MINIMUM_MTU_BYTES, mostBytes) : mostBytes;
    }

    /** Largest packet that a client may send to the real server. */
    private int mostBytes(final RealServerView server, final int method) {
        return method == TUNNELING ? Mtu.insideTunnel(wayBytes(server, method), server) : server.nextHop().mtuBytes();
    }

    /** Largest packet on the way: the route's MTU, for a tunnel less if a router told so. */
    private int wayBytes(final RealServerView server, final int method) {
        final int linkMtuBytes = server.nextHop().mtuBytes();
        return method == TUNNELING ? server.tunnel().path().within(linkMtuBytes, icmp.nowMs()) : linkMtuBytes;
    }

    private void transform(final Packet packet, final RealServerView server, final int method) {
        final NextHop hop = server.nextHop();
        if (RecordRoute.hasOptions(packet)) {
            RecordRoute.stamp(packet, Addresses.ipv4(packet.destinationLow()));
        }
        if (method == MASQUERADING) {
            Masquerading.toRealServer(packet, server.toRealServer());
        } else {
            TimeToLive.decrement(packet);
            if (method == TUNNELING) {
                encapsulate(packet, server);
            }
        }
        EthernetRewrite.address(packet, hop.destinationMac(), hop.sourceMac());
    }

    private void encapsulate(final Packet packet, final RealServerView server) {
        final int number = identification++;
        Tunneling.encapsulate(packet, server, number);
        if (!discovers) {
            Tunneling.mayFragment(packet, number);
        }
    }

    /**
     * Sends an ICMP error about a real server's reply to it; in IPv4 in fragments if need be, as the kernel does. In
     * IPv6 none is longer than any way takes, or it is dropped.
     *
     * @param serverPort the port that the real server knows its packet by, which the quote has by the service's.
     */
    void errorToRealServer(final Packet packet, final IcmpQuote quote, final RealServerView server, final int method,
                           final int serverPort) {
        final NextHop hop = server.nextHop();
        if (!hop.resolved()) {
            exits.drop(packet, hop.routed() ? Counter.DROP_NEIGHBOUR_UNRESOLVED : Counter.DROP_NO_ROUTE);
            return;
        }
        if (packet.version() == 6 && Mtu.exceeds(packet, leastMost(packet, mostBytes(server, method)))) {
            exits.drop(packet, Counter.DROP_TOO_BIG);
            return;
        }
        if (method == MASQUERADING) {
            IcmpRelay.toRealServer(packet, quote, server.addressHigh(), server.addressLow(), serverPort);
        } else if (method == TUNNELING) {
            encapsulate(packet, server);
        }
        EthernetRewrite.address(packet, hop.destinationMac(), hop.sourceMac());
        send(packet, hop.port(), wayBytes(server, method), Counter.SENT_ICMP_RELAYED);
    }

    private void send(final Packet packet, final int port, final int mtuBytes, final Counter counter) {
        if (Mtu.exceeds(packet, mtuBytes)) {
            exits.sendInFragments(packet, port, mtuBytes, counter);
        } else {
            exits.send(packet, port, counter);
        }
    }

    /** Sends an ICMP error that is ready but for its Ethernet header back the way a connection's client is. */
    void errorToClient(final Packet packet, final int clientHop) {
        if (clientHop == ClientHops.NONE) {
            exits.drop(packet, Counter.DROP_NO_CLIENT_HOP);
            return;
        }
        final int port = clientHops.port(clientHop);
        EthernetRewrite.address(packet, clientHops.mac(clientHop), view.port(port).mac());
        send(packet, port, view.port(port).mtuBytes(), Counter.SENT_ICMP_RELAYED);
    }

    /** Answers a real server's packet whose time to live runs out here. */
    void timeExceeded(final Packet packet, final RealServerView server) {
        icmp.timeExceeded(packet, sourceTowardsHigh(server, packet), sourceTowardsLow(server, packet));
    }

    /** Tells a real server that a packet of its own answers no connection. */
    void strayReply(final Packet packet, final RealServerView server) {
        icmp.portUnreachable(packet, sourceTowardsHigh(server, packet), sourceTowardsLow(server, packet),
            Counter.DROP_STRAY_REPLY);
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

    /** Whether a real server's reply is too big for its way and must not be fragmented; then it has been answered. */
    boolean tooBigForClient(final Packet packet, final RealServerView server, final int clientHop) {
        if (clientHop == ClientHops.NONE || !Mtu.exceeds(packet, view.port(clientHops.port(clientHop)).mtuBytes())
            || !Mtu.forbids(packet, view.port(clientHops.port(clientHop)).mtuBytes())) {
            return false;
        }
        icmp.tooBig(packet, sourceTowardsHigh(server, packet), sourceTowardsLow(server, packet),
            view.port(clientHops.port(clientHop)).mtuBytes());
        return true;
    }

    /** Sends a masqueraded real server's reply back the way its client's packets came. */
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
        send(packet, port, view.port(port).mtuBytes(), Counter.SENT_TO_CLIENT);
    }
}
