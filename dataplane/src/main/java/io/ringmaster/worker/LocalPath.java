package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.LocalReply;
import io.ringmaster.packet.Packet;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.AnyPortMasquerading;
import io.ringmaster.transmit.IcmpRelay;
import io.ringmaster.transmit.Masquerading;
import io.ringmaster.transmit.TimeToLive;
import java.lang.foreign.MemorySegment;

/**
 * Local node: connections whose real server is the director itself. The kernel gets a client's packet back, by
 * masquerading with the real server's address and port in it, and its time to live as it was. What the real server
 * answers leaves by the kernel's own way: the egress program there is told what to write into it, and tells what it
 * saw. Owned by one worker.
 */
final class LocalPath implements SpscRing.Handler {
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();
    private static final int TOLD_AT_ONCE = 256;
    private static final int LOOPBACK_NET = 127;
    private static final long IPV6_LOOPBACK = 1;

    private final Exits exits;
    private final Trackers trackers;
    private final ServerCounts counts;
    private final SpscRing told;
    /** What the cursor that stands for a reply of the kernel's way lies over: nothing is read of it. */
    private final Packet reply = new Packet(MemorySegment.NULL);
    private View view;

    /**
     * The way of a worker.
     *
     * @param told what the egress program saw; null for a worker that is not told.
     */
    LocalPath(final Exits exits, final Trackers trackers, final ServerCounts counts, final SpscRing told) {
        this.exits = exits;
        this.trackers = trackers;
        this.counts = counts;
        this.told = told;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Gives a client's packet to the kernel, whose connection is the tracker's current one. */
    void toRealServer(final Packet packet, final RealServerView server, final Tracker tracker) {
        final int method = ConnectionValue.method(tracker.value());
        if (method == MASQUERADING && isLoopback(server)) {
            exits.drop(packet, Counter.DROP_LOOPBACK_SERVER);
            return;
        }
        final long livesMs = ConnectionValue.remainingMs(tracker.value(), tracker.nowMs());
        if (method == MASQUERADING) {
            final int port = AnyPortPath.ownPort(server, tracker.value());
            exits.expect(packet, server.addressHigh(), server.addressLow(),
                port == 0 ? packet.destinationPort() : port, livesMs);
            translate(packet, server, port);
        } else {
            exits.expect(packet, packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(), livesMs);
        }
        exits.handBack(packet, Counter.BACK_LOCAL_NODE);
    }

    /** Gives the kernel an ICMP error about what the real server sent. */
    void errorToRealServer(final Packet packet, final IcmpQuote quote, final RealServerView server, final int method,
                           final int serverPort) {
        if (method == MASQUERADING) {
            IcmpRelay.toRealServer(packet, quote, server.addressHigh(), server.addressLow(), serverPort);
        }
        exits.handBack(packet, Counter.BACK_LOCAL_NODE);
    }

    private static void translate(final Packet packet, final RealServerView server, final int port) {
        if (server.service().anyPort()) {
            AnyPortMasquerading.toRealServer(packet, server.addressHigh(), server.addressLow(), port);
        } else {
            Masquerading.toRealServer(packet, server.toRealServer());
        }
        TimeToLive.increment(packet);
    }

    /** The kernel lets no packet from outside reach a loopback address (ip_vs_xmit.c, ip_vs_nat_xmit). */
    private static boolean isLoopback(final RealServerView server) {
        return server.ipv4() ? Addresses.ipv4(server.addressLow()) >>> 24 == LOOPBACK_NET
            : server.addressHigh() == 0 && server.addressLow() == IPV6_LOOPBACK;
    }

    /** Takes over what the egress program saw; returns how much that was. */
    int takeTold() {
        return told == null || view == null ? 0 : told.poll(this, TOLD_AT_ONCE);
    }

    @Override
    public void onMessage(final MemorySegment memory, final long offset, final int lengthBytes, final int tag) {
        LocalReply.read(memory, offset, reply);
        final ServiceView service = view.service(reply.protocol(), reply.destinationHigh(), reply.destinationLow(),
            reply.sourceHigh(), reply.sourceLow(), reply.sourcePort(), MarkRule.ANY_INTERFACE);
        final Tracker tracker = service == null ? null : trackers.of(service);
        if (tracker == null || !tracker.findClient(reply.protocol(), reply.destinationHigh(), reply.destinationLow(),
            reply.destinationPort(), service, reply.sourceHigh(), reply.sourceLow(), reply.sourcePort())) {
            return;
        }
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (server != null) {
            counts.toClient(server, reply.networkLengthBytes());
            if (!LocalReply.isError(memory, offset)) {
                tracker.packetFromRealServer(reply);
            }
        }
    }
}
