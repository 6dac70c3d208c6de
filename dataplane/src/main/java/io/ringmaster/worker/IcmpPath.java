package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PathMtu;
import io.ringmaster.service.PortView;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.IcmpErrors;
import io.ringmaster.transmit.IcmpRateLimiter;
import io.ringmaster.transmit.IcmpRelay;
import io.ringmaster.transmit.Mtu;
import io.ringmaster.transmit.TimeToLive;
import java.lang.foreign.MemorySegment;

/**
 * ICMP errors: those that the director makes itself, and those about a connection, which go on to its other end. Owned
 * by one worker.
 * <p>
 * An error does not refresh its connection, and one that cannot go on ends silently: no error is ever made about an
 * error (RFC 1122 §3.2.2).
 */
final class IcmpPath {
    private static final long MS_NS = 1_000_000;
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();
    private final Exits exits;
    private final Trackers trackers;
    private final ServerCounts counts;
    private final IcmpRateLimiter limiter;
    private final IcmpQuote quote = new IcmpQuote();
    /** A packet as of the client, that what an error quotes would have answered. */
    private final Packet answered;
    private final LocalPath local;
    /** The same for errors that came in fragments, which lie in other memory. */
    private Packet answeredWhole;
    private RouteOut routeOut;
    private View view;
    private boolean schedules;
    private IcmpLimits hostsLimits = IcmpLimits.LINUX;
    private int identification;
    private long nowNs;
    private long sourceHigh;
    private long sourceLow;

    IcmpPath(final MemorySegment memory, final Exits exits, final Trackers trackers, final ServerCounts counts,
             final IcmpRateLimiter limiter, final LocalPath local) {
        this.local = local;
        this.answered = new Packet(memory);
        this.exits = exits;
        this.trackers = trackers;
        this.counts = counts;
        this.limiter = limiter;
    }

    /** The last steps, which need this for packets that are too big: set once, before the first packet. */
    void routeBy(final RouteOut newRouteOut) {
        this.routeOut = newRouteOut;
    }

    /** Where errors lie that were put together: set once, before the first packet. */
    void wholesLieIn(final MemorySegment memory) {
        this.answeredWhole = new Packet(memory);
    }

    void useView(final View newView) {
        this.view = newView;
        this.schedules = newView.sysctls().on(Sysctl.SCHEDULE_ICMP);
        if (!newView.sysctls().icmpLimits().equals(hostsLimits)) {
            hostsLimits = newView.sysctls().icmpLimits();
            limiter.use(hostsLimits);
        }
    }

    void begin(final long batchNowNs) {
        this.nowNs = batchNowNs;
    }

    /**
     * Chooses where an error comes from that is to come from where its packet went to: {@link #sourceHigh} and
     * {@link #sourceLow}. In IPv6 that must be an address of the host, else it is one of the interface's.
     */
    private void answerFrom(final Packet packet, final long high, final long low) {
        sourceHigh = high;
        sourceLow = low;
        if (packet.version() == 6 && high == packet.destinationHigh() && low == packet.destinationLow()
            && !view.answersFrom(high, low)) {
            final PortView port = view.port(packet.port());
            sourceHigh = port.answersFromHigh(packet.sourceHigh(), packet.sourceLow());
            sourceLow = port.answersFromLow(packet.sourceHigh(), packet.sourceLow());
        }
    }

    /** Answers a packet whose time to live runs out here. */
    void timeExceeded(final Packet packet, final long fromHigh, final long fromLow) {
        timeExceeded(packet, fromHigh, fromLow, null);
    }

    /** As the other one, a client's packet of a connection; by its method. */
    void timeExceeded(final Packet packet, final RealServerView server, final int method) {
        timeExceeded(packet, packet.destinationHigh(), packet.destinationLow(), counting(server, method));
    }

    private void timeExceeded(final Packet packet, final long fromHigh, final long fromLow,
                              final RealServerView counting) {
        answerFrom(packet, fromHigh, fromLow);
        if ((sourceHigh | sourceLow) != 0 && allowed(packet, Icmp.TIME_EXCEEDED, 0)
            && IcmpErrors.timeExceeded(packet, sourceHigh, sourceLow, identification++)) {
            send(packet, counting);
        } else {
            exits.drop(packet, Counter.DROP_TTL);
        }
    }

    /**
     * Tells the sender of a datagram's first fragment that the others did not come in time. What is not sent needs no
     * reason: the fragment was counted when it came.
     */
    void reassemblyTimeExceeded(final Packet first, final long fromHigh, final long fromLow) {
        if ((fromHigh | fromLow) != 0 && allowed(first, Icmp.TIME_EXCEEDED, Icmp.REASSEMBLY)
            && IcmpErrors.reassemblyTimeExceeded(first, fromHigh, fromLow, identification++)) {
            exits.sendByTheWay(first, first.port(), Counter.REASSEMBLY_ANSWERED);
        }
    }

    /** Answers an IPv6 fragment whose length no fragment may have. */
    void wrongLength(final Packet packet, final long fromHigh, final long fromLow) {
        if ((fromHigh | fromLow) != 0 && allowed(packet, Icmp.PARAMETER_PROBLEM, 0)
            && IcmpErrors.wrongLength(packet, fromHigh, fromLow)) {
            exits.send(packet, packet.port(), Counter.SENT_ICMP_ERROR);
        } else {
            exits.drop(packet, Counter.DROP_FRAGMENT_MALFORMED);
        }
    }

    /** A real server's packet that answers no connection: the kernel's, or the real server is told. */
    void strayReply(final Packet packet) {
        final RealServerView server = view.toldOfStrays(packet.version() == 6
            ? Math.max(view.wideReplyKey(packet.protocol(), packet.sourceHigh(), packet.sourceLow(),
                packet.sourcePort()), view.data().controlKey(packet.protocol(), packet.sourceHigh(),
                packet.sourceLow(), packet.sourcePort()))
            : View.addressKey(Addresses.ipv4(packet.sourceLow()), packet.sourcePort(), packet.protocol()));
        if (server == null || (packet.tcpFlags() & Tcp.RST) != 0 || TimeToLive.expires(packet)) {
            exits.handBack(packet, Counter.BACK_REAL_SERVER);
            return;
        }
        // The kernel is about to route it.
        TimeToLive.decrement(packet);
        routeOut.strayReply(packet, server);
    }

    /** Answers a packet to a service that has no real server for it. */
    void portUnreachable(final Packet packet, final long fromHigh, final long fromLow) {
        portUnreachable(packet, fromHigh, fromLow, Counter.DROP_NO_REAL_SERVER);
    }

    /** As {@link #portUnreachable(Packet, long, long)}; what cannot be answered is counted as told. */
    void portUnreachable(final Packet packet, final long fromHigh, final long fromLow, final Counter otherwise) {
        answerFrom(packet, fromHigh, fromLow);
        if (allowed(packet, Icmp.DESTINATION_UNREACHABLE, Icmp.PORT_UNREACHABLE)
            && IcmpErrors.portUnreachable(packet, sourceHigh, sourceLow, identification++)) {
            exits.send(packet, packet.port(), Counter.SENT_ICMP_ERROR);
        } else {
            exits.drop(packet, otherwise);
        }
    }

    /** Answers a client's packet whose real server no route leads to; by its connection's method. */
    void hostUnreachable(final Packet packet, final RealServerView server, final int method) {
        answerFrom(packet, packet.destinationHigh(), packet.destinationLow());
        if (allowed(packet, Icmp.DESTINATION_UNREACHABLE, Icmp.HOST_UNREACHABLE)
            && IcmpErrors.hostUnreachable(packet, sourceHigh, sourceLow, identification++)) {
            send(packet, counting(server, method));
        } else {
            exits.drop(packet, Counter.DROP_NO_ROUTE);
        }
    }

    /** Answers a packet that is larger than its way and must not be fragmented. */
    void tooBig(final Packet packet, final long fromHigh, final long fromLow, final int mtuBytes) {
        tooBig(packet, fromHigh, fromLow, mtuBytes, null);
    }

    /** As the other one, a client's packet of a connection; by its method. */
    void tooBig(final Packet packet, final int mtuBytes, final RealServerView server, final int method) {
        tooBig(packet, packet.destinationHigh(), packet.destinationLow(), mtuBytes, counting(server, method));
    }

    private void tooBig(final Packet packet, final long fromHigh, final long fromLow, final int mtuBytes,
                        final RealServerView counting) {
        answerFrom(packet, fromHigh, fromLow);
        if ((sourceHigh | sourceLow) != 0
            && IcmpErrors.fragmentationNeeded(packet, mtuBytes, sourceHigh, sourceLow, identification++)) {
            send(packet, counting);
        } else {
            exits.drop(packet, Counter.DROP_TOO_BIG);
        }
    }

    /**
     * The real server that an answer to a client's packet is counted for, or null. The kernel takes an error of its own
     * for a reply of the connection that it is about, but for a masqueraded one's, whose replies have other addresses
     * (ip_vs_core.c, ip_vs_out_icmp).
     */
    private RealServerView counting(final RealServerView server, final int method) {
        if (method == MASQUERADING) {
            return null;
        }
        // That of one datagram is not there any more.
        final Tracker tracker = server.service().wide() ? trackers.wide() : trackers.narrow();
        return ConnectionValue.isLive(tracker.value()) ? server : null;
    }

    private void send(final Packet packet, final RealServerView counting) {
        if (counting != null) {
            counts.toClient(counting, packet.networkLengthBytes());
        }
        exits.send(packet, packet.port(), Counter.SENT_ICMP_ERROR);
    }

    /** Milliseconds of the worker's clock, for what is learned of ways. */
    long nowMs() {
        return nowNs / MS_NS;
    }

    private boolean allowed(final Packet packet, final int type, final int code) {
        return allowed(packet.sourceHigh(), packet.sourceLow(), type, code);
    }

    private boolean allowed(final long receiverHigh, final long receiverLow, final int type, final int code) {
        final long both = receiverHigh ^ receiverLow;
        if (Addresses.isIpv4(receiverHigh, receiverLow)
            ? limiter.allow(type, code, Addresses.ipv4(receiverLow), nowNs)
            : limiter.allow6((int) (both >>> Integer.SIZE ^ both), nowNs)) {
            return true;
        }
        exits.count(Counter.ICMP_RATE_LIMITED);
        return false;
    }

    /** Sends an ICMP error to the other end of the connection that it is about. */
    void relay(final Packet packet) {
        if (quote.parse(packet) != ParseResult.OK) {
            exits.handBack(packet, Counter.BACK_ICMP);
        } else if (!quote.mayBeTunnel() || !aboutTunnelPacket(packet)) {
            aboutPlainPacket(packet);
        }
    }

    private void aboutPlainPacket(final Packet packet) {
        // Again, as far as it was looked at as a tunnel packet.
        if (quote.parse(packet) != ParseResult.OK || !quote.hasPorts()) {
            exits.handBack(packet, Counter.BACK_ICMP);
        } else {
            final ServiceView service = view.service(quote.protocol(), quote.destinationHigh(), quote.destinationLow(),
                quote.sourceHigh(), quote.sourceLow(), quote.sourcePort(), MarkRule.ANY_INTERFACE);
            if (service != null) {
                aboutReply(packet, service);
            } else if (!aboutDataReply(packet)) {
                aboutClientsPacket(packet);
            }
        }
    }

    /** As {@link #aboutReply}, of a data connection; false, and nothing was done, if it is about none. */
    private boolean aboutDataReply(final Packet packet) {
        for (final int port : view.data().ports()) {
            final ServiceView service = view.dataService(quote.protocol(), quote.sourceHigh(), quote.sourceLow(),
                port);
            if (service != null && trackers.wide().findClient(quote.protocol(), quote.destinationHigh(),
                quote.destinationLow(), quote.destinationPort(), service, quote.sourceHigh(), quote.sourceLow(),
                quote.sourcePort())) {
                aboutReply(packet, trackers.wide());
                return true;
            }
        }
        return false;
    }

    /** From the client's side: what the real server sent, by way of us or not, did not arrive. */
    private void aboutReply(final Packet packet, final ServiceView service) {
        final Tracker tracker = trackers.of(service);
        if (!tracker.findClient(quote.protocol(), quote.destinationHigh(), quote.destinationLow(),
            quote.destinationPort(), service, quote.sourceHigh(), quote.sourceLow(), quote.sourcePort())) {
            if (!schedules || service.left() || FtpPath.isData(quote.sourcePort(), service)) {
                exits.handBack(packet, Counter.BACK_ICMP);
                return;
            }
            if (!scheduled(packet, service, tracker)) {
                return;
            }
        }
        aboutReply(packet, tracker);
    }

    private void aboutReply(final Packet packet, final Tracker tracker) {
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (server == null) {
            exits.drop(packet, Counter.DROP_REAL_SERVER_REMOVED);
            return;
        }
        // That of ICMPv6 the kernel does not look at here: masquerading makes it right, other methods leave it.
        if (packet.version() == 4 && !IcmpRelay.checksumHolds(packet)) {
            exits.drop(packet, Counter.DROP_BAD_CHECKSUM);
            return;
        }
        if (server.available()) {
            counts.fromClient(server, packet.networkLengthBytes());
        }
        if (server.nextHop() == NextHop.LOCAL) {
            local.errorToRealServer(packet, quote, server, ConnectionValue.method(tracker.value()),
                serverPort(server, tracker.value()));
            return;
        }
        if (TimeToLive.expires(packet)) {
            exits.drop(packet, Counter.DROP_TTL);
            return;
        }
        TimeToLive.decrement(packet);
        routeOut.errorToRealServer(packet, quote, server, ConnectionValue.method(tracker.value()),
            serverPort(server, tracker.value()));
    }

    /** The port of a real server that the packet came from which the quote has by the port asked for. */
    private int serverPort(final RealServerView server, final long value) {
        if (server.service().hasData()) {
            return FtpPath.serverPort(server, value, quote.sourcePort());
        }
        if (server.service().anyPort() && ConnectionValue.isControlled(value)) {
            return trackers.wide().foundDataPort(quote.destinationLow(), quote.sourcePort());
        }
        final int port = AnyPortPath.ownPort(server, value);
        return port == 0 ? quote.sourcePort() : port;
    }

    /** Makes the connection that an error is about; false if nobody takes it, and then the error has ended. */
    private boolean scheduled(final Packet packet, final ServiceView service, final Tracker tracker) {
        final Packet asAnswered = packet.memory() == answered.memory() ? answered : answeredWhole;
        quote.answered(packet, asAnswered);
        if (tracker.admission().drops()) {
            exits.drop(packet, Counter.DROP_DEFENCE);
        } else if (tracker.openByError(asAnswered, service)) {
            return true;
        } else {
            final Counter refusal = tracker.refusal(service);
            exits.drop(packet, tracker.tableFull() ? tracker.full()
                : refusal != null ? refusal : Counter.DROP_NO_REAL_SERVER);
        }
        return false;
    }

    /** From the real server's side: what we sent there for a client did not arrive. */
    private void aboutClientsPacket(final Packet packet) {
        final Tracker tracker = foundByRealServer();
        final RealServerView server = tracker == null ? null
            : view.realServer(ConnectionValue.realServer(tracker.value()));
        final boolean several = server != null && (server.service().anyPort() || server.service().hasData());
        if (server == null || several && !trackers.wide().readWanted(server.service())) {
            exits.handBack(packet, Counter.BACK_ICMP);
            return;
        }
        if (!IcmpRelay.checksumHolds(packet)) {
            exits.drop(packet, Counter.DROP_BAD_CHECKSUM);
            return;
        }
        if (TimeToLive.expires(packet)) {
            exits.drop(packet, Counter.DROP_TTL);
            return;
        }
        TimeToLive.decrement(packet);
        counts.toClient(server, packet.networkLengthBytes());
        if (several) {
            IcmpRelay.toClient(packet, quote, trackers.wide().wantedHigh(), trackers.wide().wantedLow(),
                trackers.wide().wantedPort());
        } else {
            IcmpRelay.toClient(packet, quote, server.service().vipHigh(), server.service().vipLow(),
                server.service().vport());
        }
        routeOut.errorToClient(packet, ConnectionValue.nextHop(tracker.value()));
    }

    /** The tracker that found the connection of a client's packet that is quoted, or null. */
    private Tracker foundByRealServer() {
        final Tracker tracker = trackers.of(quote.version());
        if (tracker.findByRealServer(quote)) {
            return tracker;
        }
        return view.hasOthers() && (trackers.data().findByRealServer(quote) || trackers.wide().findOfAnyPort(quote)
            || trackers.data().findActive(quote)) ? trackers.wide() : null;
    }

    /**
     * From the way to a real server: one of our tunnel packets, with a client's packet in it, did not arrive. False,
     * and nothing was done, if it is none of ours.
     */
    private boolean aboutTunnelPacket(final Packet packet) {
        if (quote.descend(packet) != ParseResult.OK) {
            return false;
        }
        final ServiceView service = view.service(quote.protocol(), quote.sourceHigh(), quote.sourceLow(),
            quote.destinationHigh(), quote.destinationLow(), quote.destinationPort(), MarkRule.ANY_INTERFACE);
        final Tracker tracker = service == null ? null : trackers.of(service);
        if (tracker == null
            || !tracker.findClient(quote.protocol(), quote.sourceHigh(), quote.sourceLow(), quote.sourcePort(),
                service, quote.destinationHigh(), quote.destinationLow(), quote.destinationPort())) {
            return false;
        }
        final int clientHop = ConnectionValue.nextHop(tracker.value());
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (server == null || !wentTo(server)) {
            return false;
        }
        if (!IcmpRelay.checksumHolds(packet)) {
            exits.drop(packet, Counter.DROP_BAD_CHECKSUM);
        } else if (quote.isFragmentationNeeded()) {
            tunnelTooNarrow(packet, server, clientHop);
        } else {
            fromTunnel(packet, server, quote.rest(), clientHop);
        }
        return true;
    }

    private boolean wentTo(final RealServerView server) {
        return server.addressLow() == quote.tunnelEndLow() && server.addressHigh() == quote.tunnelEndHigh()
            && server.tunnel().sends(quote.tunnelProtocol(), quote.tunnelPort());
    }

    /** The MTU that a router told is remembered, and what is left of it beside our header told to the client. */
    private void tunnelTooNarrow(final Packet packet, final RealServerView server, final int clientHop) {
        final int linkMtuBytes = server.nextHop().mtuBytes();
        final PathMtu path = server.tunnel().path();
        if (path.learn(quote.mtuBytes(), linkMtuBytes, nowMs())) {
            exits.count(Counter.PATH_MTU_LEARNED);
        }
        if (quote.dontFragment()) {
            final int insideBytes = Mtu.insideTunnel(path.within(linkMtuBytes, nowMs()), server);
            fromTunnel(packet, server, quote.version() == 6 ? Math.max(Ipv6.MINIMUM_MTU_BYTES, insideBytes)
                : insideBytes, clientHop);
        } else {
            // The client lets its packets be fragmented, which we do from now on.
            exits.drop(packet, Counter.DROP_ICMP_LEARNED);
        }
    }

    private void fromTunnel(final Packet packet, final RealServerView server, final int rest, final int clientHop) {
        if (!quote.isFragmentationNeeded()
            && !allowed(quote.sourceHigh(), quote.sourceLow(), Icmp.DESTINATION_UNREACHABLE, 0)) {
            exits.drop(packet, Counter.DROP_ICMP_LIMITED);
            return;
        }
        counts.toClient(server, quote.lengthBytes());
        IcmpRelay.fromTunnel(packet, quote, rest, identification++);
        routeOut.errorToClient(packet, clientHop);
    }
}
