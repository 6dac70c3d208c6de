package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.ring.RxRing;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.TimeToLive;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The way of a packet, a batch at a time. Owned by one worker.
 * <pre>
 *   receive ring -> parse the whole batch -> hash and touch the table -> each packet:
 *     to a service:        connection, else scheduler -> real server -> masquerading | direct routing | tunneling
 *     from a real server:  connection -> the service's address -> the way its client's packets came
 *     an ICMP error:       the connection it is about -> its other end
 *     anything else:       back to the kernel
 * </pre>
 * The stages are loops of their own so that the table's cache misses overlap: the touch of one packet does not wait for
 * the look-up of another.
 */
public final class PacketPath {
    /** Most packets taken from a ring at once. */
    public static final int BATCH = 64;

    // Where a packet goes on, if it is to no service: 0 and above are places of services in the view.
    private static final int TO_CLIENT = -1;
    private static final int ICMP_ERROR = -2;
    private static final int ENDED = -3;
    private static final int CUT = -4;
    private static final int FRAGMENT = -5;
    /** The place behind those of a batch, for a datagram that was put together. */
    private static final int WHOLE = BATCH;
    /** No place of a service: the packet was a reply and is on its way. */
    private static final int ANSWERED = -2;

    private final Packet[] packets = new Packet[BATCH];
    private final int[] ways = new int[BATCH];
    private final long[] hashes = new long[BATCH + 1];
    private final long[] homes = new long[BATCH];
    private final long[] keys = new long[BATCH + 1];
    private final int[] slots = new int[BATCH];
    private final long[] frames = new long[BATCH];
    private final MemorySegment memory;
    private final Exits exits;
    private final NarrowTracker narrow;
    private final WideTracker wide;
    private final ServerCounts counts;
    private final RouteOut routeOut;
    private final IcmpPath icmp;
    private final CutPackets cutPackets;
    private final FragmentPath fragments;
    private final AnyPortPath anyPort;
    private final LocalPath local;
    private final FtpPath ftp;
    private final CallPath calls;
    private View view;
    private long touched;

    PacketPath(final MemorySegment memory, final Exits exits, final Trackers trackers, final ServerCounts counts,
               final RouteOut routeOut, final IcmpPath icmp, final LocalPath local, final Arena arena) {
        this.memory = memory;
        for (int i = 0; i < BATCH; i++) {
            packets[i] = new Packet(memory);
        }
        this.exits = exits;
        this.narrow = trackers.narrow();
        this.wide = trackers.wide();
        this.counts = counts;
        this.routeOut = routeOut;
        this.icmp = icmp;
        this.local = local;
        final FtpHelper helper = new FtpHelper(exits, trackers.wide(), trackers.data());
        this.anyPort = new AnyPortPath(exits, trackers, counts, routeOut, icmp, helper);
        this.calls = new CallPath(memory, trackers, counts, routeOut);
        this.cutPackets = new CutPackets(exits, trackers, counts, routeOut, icmp);
        this.fragments = new FragmentPath(exits, this, icmp, arena);
        this.ftp = new FtpPath(exits, trackers, counts, routeOut, helper, this);
    }

    /** The configuration from the next batch on. */
    void useView(final View newView) {
        this.view = newView;
        narrow.useView(newView);
        wide.useView(newView);
        icmp.useView(newView);
        routeOut.useView(newView);
        cutPackets.useView(newView);
        anyPort.useView(newView);
        local.useView(newView);
        ftp.useView(newView);
        calls.useView(newView);
        fragments.useView(newView);
    }

    /** The configuration now. */
    View view() {
        return view;
    }

    /** Once a duty cycle: forgets datagrams of which not all fragments came in time. */
    void expireFragments(final long nowNs) {
        if (fragments.expires(nowNs)) {
            icmp.begin(nowNs);
            fragments.begin(nowNs);
            fragments.expire();
        }
    }

    /** Takes one batch from a queue and sends each of its packets on its way; the number of packets taken. */
    int process(final WorkerQueue queue, final long nowNs) {
        return process(queue, BATCH, nowNs);
    }

    /** As {@link #process(WorkerQueue, long)}, of so many packets at most. */
    int process(final WorkerQueue queue, final int most, final long nowNs) {
        final RxRing rx = queue.rx();
        final int count = rx.peek(most);
        if (count > 0) {
            batch(queue, count, nowNs);
        }
        return count;
    }

    /** A batch, in a method of its own: most cycles of a worker that spins have none, and are compiled for that. */
    private void batch(final WorkerQueue queue, final int count, final long nowNs) {
        final RxRing rx = queue.rx();
        for (int i = 0; i < count; i++) {
            frames[i] = rx.address(i);
            packets[i].wrap(frames[i], rx.length(i), queue.port());
        }
        touched ^= touchFrames(count);
        rx.release(count);
        exits.begin(queue.queue(), nowNs);
        icmp.begin(nowNs);
        fragments.begin(nowNs);
        for (int i = 0; i < count; i++) {
            ways[i] = classify(i, packets[i]);
        }
        touched ^= narrow.touch(hashes, count, homes);
        touched ^= narrow.locate(homes, keys, count, slots);
        touched ^= wide.touch();
        forwardAll(count);
    }

    /**
     * Loads the first byte of each frame of the batch, so that the cache misses of the whole batch overlap. The loop is
     * as small as can be: a processor looks some 500 instructions ahead, and only what it sees overlaps.
     */
    private long touchFrames(final int count) {
        long folded = 0;
        for (int i = 0; i < count; i++) {
            folded ^= BigEndian.u8(memory, frames[i]);
        }
        return folded;
    }

    private int classify(final int i, final Packet packet) {
        final ParseResult result = PacketParser.parse(packet);
        if (result != ParseResult.OK) {
            hashes[i] = 0;
            return unreadable(i, packet, result);
        }
        if (packet.version() == 6) {
            return classifyIpv6(i, packet);
        }
        if (packet.protocol() == Ipv4.PROTOCOL_ICMP) {
            hashes[i] = 0;
            return ICMP_ERROR;
        }
        final int service = view.serviceSlot(View.addressKey(Addresses.ipv4(packet.destinationLow()),
            packet.destinationPort(), packet.protocol()));
        if (service >= 0) {
            keys[i] = NarrowTracker.key(packet, view.serviceAt(service));
            hashes[i] = narrow.hash(packet.protocol(), packet.sourceLow(), packet.sourcePort());
            return service;
        }
        hashes[i] = narrow.hash(packet.protocol(), packet.destinationLow(), packet.destinationPort());
        return TO_CLIENT;
    }

    /** Their addresses do not fit the arrays of the batch, and they are looked up when their turn comes. */
    private int classifyIpv6(final int i, final Packet packet) {
        hashes[i] = 0;
        if (packet.protocol() == Ipv6.PROTOCOL_ICMPV6) {
            return ICMP_ERROR;
        }
        final int service = view.wideServiceSlot(packet.protocol(), packet.destinationHigh(), packet.destinationLow(),
            packet.destinationPort());
        if (service >= 0) {
            keys[i] = WideTracker.key(packet, view.serviceAt(service));
            wide.note(packet.protocol(), packet.sourceHigh(), packet.sourceLow(), packet.sourcePort());
            return service;
        }
        wide.note(packet.protocol(), packet.destinationHigh(), packet.destinationLow(), packet.destinationPort());
        return TO_CLIENT;
    }

    private int unreadable(final int i, final Packet packet, final ParseResult result) {
        switch (result) {
            case TRUNCATED -> exits.drop(packet, Counter.DROP_TRUNCATED);
            case BAD_HEADER -> exits.drop(packet, Counter.DROP_BAD_HEADER);
            case BAD_CHECKSUM -> exits.drop(packet, Counter.DROP_BAD_CHECKSUM);
            case MARTIAN_SOURCE -> exits.drop(packet, Counter.DROP_MARTIAN_SOURCE);
            case TRANSPORT_CUT -> {
                return CUT;
            }
            case FRAGMENT -> {
                return FRAGMENT;
            }
            case NOT_IP -> {
                if (exits.untag(packet)) {
                    return classify(i, packet);
                }
                exits.handBack(packet, Counter.BACK_UNREADABLE);
            }
            case FRAGMENT_CUT -> exits.drop(packet, Counter.DROP_FRAGMENT_TINY);
            default -> exits.handBack(packet, Counter.BACK_UNREADABLE);
        }
        return ENDED;
    }

    /** Sends each packet of the batch on. The arrays are held in locals: fields would be read anew for each packet. */
    private void forwardAll(final int count) {
        final Packet[] batch = packets;
        final int[] batchWays = ways;
        final long[] batchKeys = keys;
        final long[] batchHashes = hashes;
        final long[] batchHomes = homes;
        final int[] batchSlots = slots;
        for (int i = 0; i < count; i++) {
            forward(batch[i], batchWays[i], batchKeys[i], batchHashes[i], batchHomes[i], batchSlots[i]);
        }
    }

    private void forward(final Packet packet, final int way, final long key, final long hash, final long home,
                         final int slots) {
        if (way >= 0) {
            toRealServer(packet, view.serviceAt(way), key, hash, home, slots);
        } else if (way == TO_CLIENT) {
            toClient(packet, hash);
        } else if (way == ICMP_ERROR) {
            icmp.relay(packet);
        } else if (way == CUT) {
            cutPackets.forward(packet);
        } else if (way == FRAGMENT) {
            fragments.join(packet);
        }
    }

    /** The way of a datagram that was put together of fragments: no batch touched the table for it. */
    void forwardWhole(final Packet whole) {
        final int way = classify(WHOLE, whole);
        if (way == FRAGMENT) {
            // Fragments in fragments: nobody sends such.
            exits.drop(whole, Counter.DROP_FRAGMENT_MALFORMED);
            return;
        }
        touched ^= wide.touch();
        forward(whole, way, keys[WHOLE], hashes[WHOLE], narrow.home(hashes[WHOLE]), 0);
    }

    private void toRealServer(final Packet packet, final ServiceView service, final long key, final long hash,
                              final long home, final int slots) {
        final Tracker tracker = service.wide() ? wide : narrow;
        RealServerView server;
        if (service.wide() ? wide.findFromClient(packet, key)
            : narrow.findFromClient(packet, key, hash, home, slots)) {
            server = view.realServer(ConnectionValue.realServer(tracker.value()));
        } else {
            server = open(packet, service, tracker, key, hash, home);
            if (server == null) {
                return;
            }
        }
        if (server == null || !server.available()) {
            server = instead(packet, service, tracker, key, hash, home);
            if (server == null) {
                return;
            }
        }
        tracker.packetFromClient(packet);
        counts.fromClient(server, packet.networkLengthBytes());
        if (!server.ready()) {
            notReady(packet, server, tracker);
            return;
        }
        if (TimeToLive.expires(packet)) {
            icmp.timeExceeded(packet, server, ConnectionValue.method(tracker.value()));
            return;
        }
        routeOut.toRealServer(packet, server, ConnectionValue.method(tracker.value()));
    }

    /**
     * A rare case: the real server is the director itself, or its next hop is not known, or its service is one of
     * several ports or of FTP.
     */
    void notReady(final Packet packet, final RealServerView server, final Tracker tracker) {
        final int method = ConnectionValue.method(tracker.value());
        if (server.nextHop() == NextHop.LOCAL) {
            local.toRealServer(packet, server, tracker);
        } else if (!server.nextHop().routed()) {
            icmp.hostUnreachable(packet, server, method);
        } else if (TimeToLive.expires(packet)) {
            icmp.timeExceeded(packet, server, method);
        } else if (server.service().anyPort()) {
            anyPort.toRealServer(packet, server, method);
        } else if (server.service().hasData()) {
            ftp.toRealServer(packet, server, method);
        } else if (!routeOut.tooBigForRealServer(packet, server, method)) {
            exits.drop(packet, Counter.DROP_NEIGHBOUR_UNRESOLVED);
        }
    }

    /** Makes the connection of a packet that has none: its real server, or null if the packet goes no further. */
    RealServerView open(final Packet packet, final ServiceView service, final Tracker tracker, final long key,
                                final long hash, final long home) {
        if (service.left() || !tracker.admission().opens(packet)) {
            exits.handBack(packet, Counter.BACK_NO_CONNECTION);
            return null;
        }
        if (tracker.admission().drops()) {
            exits.drop(packet, Counter.DROP_DEFENCE);
            return null;
        }
        final RealServerView server = tracker.open(packet, service, key, hash, home);
        return server != null ? server : notOpened(packet, service, tracker);
    }

    /** The connection has no real server or a removed one: what takes its place, or null if the packet has ended. */
    private RealServerView instead(final Packet packet, final ServiceView service, final Tracker tracker,
                                   final long key, final long hash, final long home) {
        if (ConnectionValue.realServer(tracker.value()) == ConnectionValue.NO_SERVER) {
            anyPort.bypass(packet);
            return null;
        }
        final boolean ended = tracker.endWithServer(packet,
            view.realServer(ConnectionValue.realServer(tracker.value())));
        final RealServerView server = ended ? open(packet, service, tracker, key, hash, home) : null;
        if (!ended || server != null && !server.available()) {
            exits.drop(packet, Counter.DROP_REAL_SERVER_REMOVED);
            return null;
        }
        return server;
    }

    /** No connection was made, unless by another worker: that one's real server, or null if the packet ends here. */
    private RealServerView notOpened(final Packet packet, final ServiceView service, final Tracker tracker) {
        if (tracker.adopted()) {
            final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
            if (server == null) {
                exits.drop(packet, Counter.DROP_REAL_SERVER_REMOVED);
            }
            return server;
        }
        if (tracker.tableFull()) {
            exits.drop(packet, tracker.full());
        } else if (tracker.refusal(service) != null) {
            exits.drop(packet, tracker.refusal(service));
        } else if (service.key().marked()) {
            anyPort.unserved(packet, service);
        } else {
            icmp.portUnreachable(packet, packet.destinationHigh(), packet.destinationLow());
        }
        return null;
    }

    /** Takes over what was seen of replies of local real servers, once a cycle; returns how much that was. */
    int takeLocalReplies() {
        return local.takeTold();
    }

    private void toClient(final Packet packet, final long hash) {
        final Tracker tracker = packet.version() == 6 ? wide : narrow;
        if (!(packet.version() == 6 ? wide.findFromRealServer(packet) : narrow.findFromRealServer(packet, hash))) {
            other(packet);
            return;
        }
        final RealServerView server = view.realServer(ConnectionValue.realServer(tracker.value()));
        if (TimeToLive.expires(packet)) {
            routeOut.timeExceeded(packet, server);
            return;
        }
        final int clientHop = ConnectionValue.nextHop(tracker.value());
        // Before anything of the packet is changed: the kernel quotes a reply as it came.
        if (routeOut.tooBigForClient(packet, server, clientHop)) {
            return;
        }
        tracker.packetFromRealServer(packet);
        counts.toClient(server, packet.networkLengthBytes());
        routeOut.toClient(packet, server, clientHop);
    }

    /** A packet that is known by no address and port alone: a service of several may take it, or its real servers. */
    private void other(final Packet packet) {
        if (!view.hasOthers()) {
            stray(packet);
            return;
        }
        final int slot = ftp.takes(packet) || anyPort.toClient(packet) ? ANSWERED
            : view.otherSlot(packet.protocol(), packet.sourceHigh(), packet.sourceLow(), packet.destinationHigh(),
                packet.destinationLow(), packet.destinationPort(), view.port(packet.port()).interfaceIndex());
        if (slot >= 0) {
            final ServiceView service = view.serviceAt(slot);
            if (FtpPath.isData(packet, service)) {
                ftp.schedule(packet, service);
                return;
            }
            if (service.key().anyPort()) {
                anyPort.adopt(packet, service);
            }
            final Tracker tracker = service.wide() ? wide : narrow;
            final long key = tracker.keyOf(packet, service);
            final long hash = tracker.hash(packet);
            final long home = tracker.home(hash);
            toRealServer(packet, service, key, hash, home, service.wide() ? 0 : narrow.locate(home, key));
        } else if (slot != ANSWERED) {
            stray(packet);
        }
    }

    /** A real server's packet that answers nothing: it may begin something itself. */
    private void stray(final Packet packet) {
        if (!view.hasCallers() || !calls.toClient(packet)) {
            icmp.strayReply(packet);
        }
    }

    /** Keeps the loads of the touch stage alive: a value that is read by nobody could be left out. */
    long touched() {
        return touched;
    }
}
