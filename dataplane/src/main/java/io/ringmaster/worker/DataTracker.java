package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.Deadlines;
import io.ringmaster.connection.SideTable;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WantedAddresses;
import io.ringmaster.connection.WideKey;
import io.ringmaster.connection.WideWorkerTable;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.DataServices;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerServerLoad;

/**
 * Finds and makes data connections, and finds the control connections that make them: those of services with data
 * connections, which all lie in the table of the wide form. What is found is the wide tracker's current connection.
 * Owned by one worker.
 * <p>
 * A data connection has the endpoint of its control connection's service and the port that its client goes to; one
 * whose client's port is not known yet has port 0 in its place, and the first packet of that client to that port makes
 * it another entry (ip_vs_conn.c, ip_vs_conn_fill_cport).
 */
final class DataTracker {
    private static final int TCP = Ipv4.PROTOCOL_TCP;
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();

    private final WideTracker tracker;
    private final WideWorkerTable own;
    private final SideTable side;
    private final WorkerServerLoad load;
    private final ServerCounts counts;
    private final Exits exits;
    private final Deadlines deadlines = new Deadlines();
    private long controlKey;
    private long controlHigh;
    private int control;
    private int controlHop;

    DataTracker(final WideTracker tracker, final WorkerServerLoad load, final ServerCounts counts, final Exits exits) {
        this.tracker = tracker;
        this.load = load;
        this.counts = counts;
        this.exits = exits;
        this.own = (WideWorkerTable) tracker.own();
        this.side = tracker.side();
    }

    SideTable side() {
        return side;
    }

    /** Finds the control connection that a real server's segment is of. */
    boolean findControl(final Packet packet) {
        tracker.findsAnew();
        return tracker.foundMasqueraded(findControl(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort(),
            packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(), packet.tcpFlags()));
    }

    private boolean findControl(final long ripHigh, final long ripLow, final int rport, final long high,
                                final long low, final int clientPort, final int tcpFlags) {
        final DataServices data = tracker.view().data();
        final long replyKey = data.controlKey(TCP, ripHigh, ripLow, rport);
        return replyKey != 0 && own.findReply(WideKey.ofReply(clientPort, 0, 0), high, low,
            tracker.hash(TCP, high, low, clientPort), replyKey, data.controlKeys(), tcpFlags, tracker.nowMs()) >= 0;
    }

    /** Finds the data connection that a real server's segment is of. */
    boolean findReply(final Packet packet) {
        tracker.findsAnew();
        return tracker.foundMasqueraded(findReply(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort(),
            packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(), packet.tcpFlags()));
    }

    private boolean findReply(final long ripHigh, final long ripLow, final int rport, final long high,
                              final long low, final int clientPort, final int tcpFlags) {
        final DataServices data = tracker.view().data();
        final long replyKey = data.dataKey(TCP, ripHigh, ripLow);
        if (replyKey == 0) {
            return false;
        }
        final long hash = tracker.hash(TCP, high, low, clientPort);
        if (findReply(rport, rport, high, low, clientPort, hash, replyKey, tcpFlags)) {
            return true;
        }
        for (final int port : data.ports()) {
            if (port - 1 != rport
                && findReply(port - 1, rport, high, low, clientPort, hash, replyKey, tcpFlags)) {
                return true;
            }
        }
        return false;
    }

    /** By the port that the client goes to, which is not always that of the real server. */
    private boolean findReply(final int port, final int rport, final long high, final long low, final int clientPort,
                              final long hash, final long replyKey, final int tcpFlags) {
        if (port == 0 || own.findReply(WideKey.ofReply(clientPort, 0, port), high, low, hash, replyKey,
            tracker.view().data().dataKeys(), tcpFlags, tracker.nowMs()) < 0) {
            return false;
        }
        final RealServerView server = tracker.view().realServer(ConnectionValue.realServer(own.value()));
        return FtpPath.serverPort(server, own.value(), port) == rport;
    }

    /**
     * Finds the data connection that a real server with a port, in a service of several ports, has opened: from below
     * that port, where its client sees it come from below the port of the control connection.
     */
    boolean findActive(final Packet packet) {
        return packet.protocol() == TCP && tracker.foundMasqueraded(findActive(packet.sourceHigh(), packet.sourceLow(),
            packet.sourcePort(), packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(),
            packet.tcpFlags()));
    }

    private boolean findActive(final long ripHigh, final long ripLow, final int rport, final long high, final long low,
                               final int clientPort, final int tcpFlags) {
        // Other services of several ports are persistent, and their real servers keep all ports.
        final View view = tracker.view();
        final long replyKey = view.keptReplyKey(MarkRule.ANY_PROTOCOL, ripHigh, ripLow);
        for (int i = 0; replyKey != 0 && i < view.data().activePorts().length; i++) {
            final long key = WideKey.ofReply(clientPort, WideKey.variant(TCP, WantedAddresses.NONE),
                view.data().activePorts()[i]);
            if (own.findReplyOfAnyPort(key, WideWorkerTable.ReplyPort.KEPT, high, low,
                tracker.hash(TCP, high, low, clientPort), replyKey, view.keptReplyKeys(), tcpFlags,
                tracker.nowMs()) >= 0 && ConnectionValue.isControlled(own.value())
                && side.serverPort(own.foundKey(), own.foundAddressHigh(), low) == rport) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #findActive(Packet)}, for an error about a packet to the real server. */
    boolean findActive(final IcmpQuote quote) {
        return quote.protocol() == TCP && tracker.foundForError(findActive(quote.destinationHigh(),
            quote.destinationLow(), quote.destinationPort(), quote.sourceHigh(), quote.sourceLow(),
            quote.sourcePort(), Tcp.ACK)) && tracker.masqueraded();
    }

    /** Finds the connection of a packet that went to its real server, for an error about that packet. */
    boolean findByRealServer(final IcmpQuote quote) {
        return tracker.view().data().any() && quote.protocol() == TCP && tracker.foundForError(
            findControl(quote.destinationHigh(), quote.destinationLow(), quote.destinationPort(), quote.sourceHigh(),
                quote.sourceLow(), quote.sourcePort(), Tcp.ACK)
            || findReply(quote.destinationHigh(), quote.destinationLow(), quote.destinationPort(),
                quote.sourceHigh(), quote.sourceLow(), quote.sourcePort(), Tcp.ACK)) && tracker.masqueraded();
    }

    /** Finds the data connection of a client's segment, to whichever FTP service of that address it belongs. */
    boolean findFromClient(final Packet packet) {
        tracker.findsAnew();
        for (final int port : tracker.view().data().ports()) {
            final ServiceView service = port == packet.destinationPort() ? null : tracker.view().dataService(TCP,
                packet.destinationHigh(), packet.destinationLow(), port);
            if (service != null && findFromClient(packet, service)) {
                return true;
            }
        }
        return false;
    }

    private boolean findFromClient(final Packet packet, final ServiceView service) {
        return tracker.foundForError(findOrAdopt(packet, service));
    }

    /** Finds a client's data connection of a service, or makes the one that waits for its port this packet's. */
    boolean findOrAdopt(final Packet packet, final ServiceView service) {
        final long key = tracker.keyOf(packet, service);
        return own.find(key, tracker.entryHigh(packet, key), packet.sourceLow(), tracker.hash(packet),
            tracker.nowMs()) >= 0 || adopt(packet, key);
    }

    private boolean adopt(final Packet packet, final long key) {
        final long high = tracker.entryHigh(packet, key);
        final long low = packet.sourceLow();
        final long waitingKey = WideKey.ofNoClientPort(key);
        final long waiting = own.find(waitingKey, high, low, tracker.hash(TCP, packet.sourceHigh(), low, 0),
            tracker.nowMs());
        final long value = own.value();
        final int record = waiting < 0 || !ConnectionValue.isControlled(value) ? SideTable.NONE
            : side.find(waitingKey, high, low);
        if (record < 0) {
            return false;
        }
        final RealServerView server = tracker.view().realServer(ConnectionValue.realServer(value));
        final Made made = server == null ? Made.NO_ROOM : insert(server, key, high, low, tracker.hash(packet), value,
            side.word(record, 0), (int) side.word(record, 1));
        // Where another worker makes the same one, that one takes away what waited.
        return made == Made.BY_ANOTHER || made == Made.NOW && takeAway(waiting, waitingKey, high, low);
    }

    /** What came of putting a data connection into the table. */
    private enum Made {
        NO_ROOM, BY_ANOTHER, NOW
    }

    /** Ends the entry that waited; false if another worker did, for another port: then this one's is ended again. */
    private boolean takeAway(final long waiting, final long waitingKey, final long high, final long low) {
        final long made = own.value();
        for (long seen = tracker.valueAt(waiting); ConnectionValue.isLive(seen); seen = tracker.valueAt(waiting)) {
            if (own.remove(waiting, seen)) {
                tracker.ended(high, low, waitingKey, seen);
                return true;
            }
        }
        final long key = own.foundKey();
        if (own.removeFound(made)) {
            tracker.ended(high, low, key, made);
        }
        return false;
    }

    /**
     * The control connection that {@link #expect} is about.
     *
     * @param key       of its entry.
     * @param entryHigh first address word of its entry.
     * @param record    in the side table.
     * @param clientHop the way to its client.
     */
    void control(final long key, final long entryHigh, final int record, final int clientHop) {
        this.controlKey = key;
        this.controlHigh = entryHigh;
        this.control = record;
        this.controlHop = clientHop;
    }

    /**
     * A data connection is to come, between a real server and a client, that asks for the same address as in the
     * control connection.
     *
     * @param clientHigh client's address, high long.
     * @param low        low long.
     * @param clientPort where the client listens; 0 if it is to connect, by a port that is not known yet.
     * @param port       the port of the address asked for.
     * @param serverPort the port of the real server.
     * @return false if there is no room for it.
     */
    boolean expect(final RealServerView server, final long clientHigh, final long low, final int clientPort,
                   final int port, final int serverPort) {
        final long key = WideKey.of(clientPort, server.endpoint(), WideKey.variant(controlKey), port);
        final long high = WideKey.isMarked(key, low) ? controlHigh : clientHigh;
        final long hash = tracker.hash(TCP, clientHigh, low, clientPort);
        if (own.find(key, high, low, hash, tracker.nowMs()) >= 0) {
            listenAgain();
            return true;
        }
        final long bare = ConnectionValue.withNextHop(ConnectionValue.withMethod(
            ConnectionValue.withRealServer(0, server.number()), MASQUERADING), controlHop);
        final long flags = ConnectionValue.SIDE_TABLE | ConnectionValue.CONTROLLED;
        return insert(server, key, high, low, hash, listening(ConnectionValue.withFlag(bare, flags)),
            side.link(control), serverPort) != Made.NO_ROOM;
    }

    /** The value of a data connection before any of its packets: it waits for them (ip_vs_tcp_conn_listen). */
    private long listening(final long of) {
        deadlines.use(tracker.view().timeouts());
        deadlines.advanceTo(tracker.nowMs());
        return deadlines.renewed(of, TcpState.LISTEN.ordinal());
    }

    /** The connection that was found last waits for the packets of a new one; nothing if it has ended. */
    private void listenAgain() {
        for (long seen = own.value(); ConnectionValue.isLive(seen); seen = own.reloaded()) {
            final long after = listening(seen);
            if (own.replaceFound(seen, after)) {
                counts.changed(seen, after);
                return;
            }
        }
    }

    /** The side table has more of a client's control connection from now on; false if it has ended. */
    boolean remember(final Packet packet, final long key, final long high) {
        // Found again: what its packet did may have found others, such as the template of one that was established.
        if (own.find(key, high, packet.sourceLow(), tracker.hash(packet), tracker.nowMs()) < 0) {
            return false;
        }
        for (long seen = own.reloaded(); ConnectionValue.isLive(seen); seen = own.reloaded()) {
            if (own.replaceFound(seen, ConnectionValue.withFlag(seen, ConnectionValue.SIDE_TABLE))) {
                return true;
            }
        }
        return false;
    }

    /** Puts a data connection into the table after its record. */
    private Made insert(final RealServerView server, final long key, final long high, final long low,
                        final long hash, final long value, final long link, final int serverPort) {
        if (!tracker.retain(key)) {
            return Made.NO_ROOM;
        }
        final int record = side.claimData(key, high, low, link, serverPort);
        if (record < 0) {
            tracker.release(key);
            return Made.NO_ROOM;
        }
        final long slot = own.insert(key, high, low, hash, value, tracker.nowMs());
        if (slot < 0 || !own.inserted()) {
            side.release(record);
            tracker.release(key);
            return slot >= 0 ? Made.BY_ANOTHER : Made.NO_ROOM;
        }
        counts.controlled(server, own.value());
        load.connectionsChanged(server);
        exits.count(Counter.CONNECTIONS_CREATED);
        return Made.NOW;
    }
}
