package io.ringmaster.worker;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.Sysctl;
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

    /** Whether a client's packet is larger than its way. What was learned of a tunnel's way is seldom needed for it. */
    private boolean exceedsWay(final Packet packet, final RealServerView server, final int method) {
        return method == TUNNELING
            ? Mtu.exceeds(packet, server.alwaysTunneledBytes()) && Mtu.exceeds(packet, mostBytes(server, method))
            : Mtu.exceeds(packet, server.nextHop().mtuBytes());
    }

    /** Whether a client's packet is too big for its way and must not be fragmented; then it has been answered. */
    boolean tooBigForRealServer(final Packet packet, final RealServerView server, final int method) {
        final int mostBytes = mostBytes(server, method);
        if (!Mtu.exceeds(packet, mostBytes) || !packet.dontFragment() || !discovers && method == TUNNELING) {
            return false;
        }
        // The kernel quotes it with the time to live already less.
        TimeToLive.decrement(packet);
        icmp.tooBig(packet, server.service().vipLow(), mostBytes);
        return true;
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
            RecordRoute.stamp(packet, Addresses.ipv4(server.service().vipLow()));
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

    /** Sends an ICMP error about a real server's reply to it; in fragments if need be, as the kernel does. */
    void errorToRealServer(final Packet packet, final IcmpQuote quote, final RealServerView server, final int method) {
        final NextHop hop = server.nextHop();
        if (!hop.resolved()) {
            exits.drop(packet, hop.routed() ? Counter.DROP_NEIGHBOUR_UNRESOLVED : Counter.DROP_NO_ROUTE);
            return;
        }
        if (method == MASQUERADING) {
            IcmpRelay.toRealServer(packet, quote, Addresses.ipv4(server.addressLow()), server.port());
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

    /** The director's address in errors to a real server: the one of the route to it, as the kernel chooses. */
    long sourceTowards(final RealServerView server, final Packet arrived) {
        final long source = server.nextHop().sourceLow();
        return source == 0 ? view.port(arrived.port()).sourceLow() : source;
    }

    /** Whether a real server's reply is too big for its way and must not be fragmented; then it has been answered. */
    boolean tooBigForClient(final Packet packet, final RealServerView server, final int clientHop) {
        if (clientHop == ClientHops.NONE || !Mtu.exceeds(packet, view.port(clientHops.port(clientHop)).mtuBytes())
            || !packet.dontFragment()) {
            return false;
        }
        icmp.tooBig(packet, sourceTowards(server, packet), view.port(clientHops.port(clientHop)).mtuBytes());
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
