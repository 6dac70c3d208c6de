package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.Deadlines;
import io.ringmaster.connection.SctpState;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WorkerShare;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerServerLoad;
import io.ringmaster.transmit.ClientHops;
import java.util.function.Function;

/**
 * Finds, makes and moves on the connection of a packet. Owned by one worker; the table behind it is shared. The
 * connection that was found or made last is the current one: {@link #value()}.
 * <p>
 * Here is what connections of both forms of the table have in common; how they are found is their tracker's own.
 */
abstract sealed class Tracker implements TemplateStore permits NarrowTracker, WideTracker {
    /** What {@link #complete} answers without room. */
    static final long NO_KEY = 0;
    private static final long RARE_NS = 20_000;
    private static final int RETRIES = 8;
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();
    private static final int DIRECT_ROUTING = ForwardingMethod.DIRECT_ROUTING.ordinal();
    private static final long MS_NS = 1_000_000;

    private final WorkerShare own;
    private final WorkerServerLoad load;
    private final ServerCounts counts;
    private final ClientHops clientHops;
    private final Exits exits;
    private final Templates templates;
    private final CallTemplates callTemplates;
    private final Admission admission;
    private final Expiry expiry;
    private final Deadlines deadlines = new Deadlines();
    private final FirstValue first;
    private View view;
    private long nowNs;
    private long nowMs;
    private boolean rare;
    private long value;
    private long created;
    private int secure;
    private boolean fresh;
    private boolean full;
    private boolean adopted;

    /**
     * A tracker.
     *
     * @param share     makes the worker's part in the table, which tells the tracker of ended connections.
     * @param admission the worker's.
     */
    Tracker(final int worker, final ConnectionTable table, final Function<Tracker, WorkerShare> share,
            final WorkerServerLoad load, final ServerCounts counts, final ClientHops clientHops, final Exits exits,
            final Admission admission, final Calls calls) {
        this.own = share.apply(this);
        this.admission = admission;
        this.load = load;
        this.counts = counts;
        this.clientHops = clientHops;
        this.exits = exits;
        this.first = new FirstValue(deadlines, clientHops);
        this.templates = new Templates(worker, table, own, this, load, counts, calls);
        this.callTemplates = new CallTemplates(calls, templates, addressBits() == Integer.SIZE, clientHops);
        this.expiry = new Expiry(own, exits, templates, callTemplates, counts, load);
    }

    /** The worker's part in the table. */
    final WorkerShare own() {
        return own;
    }

    final View view() {
        return view;
    }

    final long nowMs() {
        return nowMs;
    }

    final void useView(final View newView) {
        expiry.useView(newView);
        this.view = newView;
        templates.useView(newView);
        callTemplates.useView(newView);
        admission.useView(newView);
        load.use(newView.sysctls());
        secure = newView.sysctls().defence().secureTcp() ? TcpState.SECURE : 0;
        first.use(secure);
        deadlines.use(newView.timeouts());
        deadlines.advanceTo(nowMs);
    }

    /** Once a duty cycle, before anything is asked: nothing found in the table in an earlier cycle is used again. */
    final void beginCycle(final long cycleNs) {
        rare = cycleNs - nowNs > RARE_NS;
        nowNs = cycleNs;
        nowMs = cycleNs / MS_NS;
        deadlines.advanceTo(nowMs);
        load.beginCycle(nowMs);
        own.beginCycle();
    }

    /** The worker ends: others need not wait for it any more. */
    final void leave() {
        own.goAbsent();
    }

    /** Looks at a slice of the table, a larger one where little happens, and ends what is past its deadline. */
    final int expire(final boolean idle) {
        return expiry.expire(idle && rare, created, nowMs);
    }

    /** See {@link Expiry#ended}. */
    final void ended(final long high, final long low, final long last) {
        expiry.ended(high, low, last, nowMs);
    }

    /** See {@link Expiry#endedOfCall}. */
    final void endedOfCall(final long key, final long high, final long low, final long last) {
        expiry.endedOfCall(key, high, low, last, nowMs);
    }

    /** The value of the current connection, as this worker knows it. */
    final long value() {
        return value;
    }

    /** Whether the last {@link #open} failed for want of room. */
    final boolean tableFull() {
        return full;
    }

    /** Whether the last {@link #open} found that another worker had made the connection, which is the current one. */
    final boolean adopted() {
        return adopted;
    }

    /** A connection of a client's packet was found; a SYN on one that is over ends that, and then it is not found. */
    final boolean foundFromClient(final Packet packet) {
        value = own.value();
        return !reopens(packet, value) || !end(packet);
    }

    /** None is found yet for a packet. */
    final void findsAnew() {
        fresh = false;
    }

    /** Takes what was found for an error about it, or nothing. */
    final boolean foundForError(final boolean found) {
        value = found ? own.value() : 0;
        return found;
    }

    /** Takes what was found by a real server's packet; whether it is masqueraded. */
    final boolean foundMasqueraded(final boolean found) {
        if (!found) {
            return false;
        }
        value = own.value();
        return masqueraded();
    }

    /** Whether the current connection is masqueraded. */
    final boolean masqueraded() {
        return ConnectionValue.method(value) == MASQUERADING;
    }

    private boolean reopens(final Packet packet, final long found) {
        // No datagram has TCP's flags.
        return (packet.tcpFlags() & Tcp.SYN) != 0 && admission.reopens(packet, found);
    }

    /** Ends the connection that was found if its real server was cut, or was removed and the settings say so. */
    final boolean endWithServer(final Packet packet, final RealServerView server) {
        return (admission.expiresWithServer() || server != null && server.cut()) && end(packet);
    }

    private boolean end(final Packet packet) {
        final long key = own.foundKey();
        if (!own.removeFound(value)) {
            return false;
        }
        ended(entryHigh(packet, key), packet.sourceLow(), key, value);
        return true;
    }

    /** A connection ended; by the words of its entry. */
    abstract void ended(long high, long low, long key, long last);

    /** What there was no room for, if the last {@link #open} failed for want of it. */
    Counter full() {
        return Counter.DROP_TABLE_FULL;
    }

    /** What decides on packets of no connection. */
    final Admission admission() {
        return admission;
    }

    /**
     * Schedules a connection and puts it into the table.
     *
     * @param key  see {@link #keyOf}.
     * @param hash see {@link #hash}.
     * @param home where the home line of its hash is, see {@link #home}.
     * @return its real server; null if none can take it, the table is full or another worker was faster: then that
     *         one's connection is the current one, see {@link #adopted}.
     */
    final RealServerView open(final Packet packet, final ServiceView service, final long key, final long hash,
                        final long home) {
        if (service.onePacket() && packet.protocol() == Ipv4.PROTOCOL_UDP) {
            return openForOne(packet, service);
        }
        if (service.persistSec() != 0) {
            return openPersistent(packet, service, key, hash, home);
        }
        full = false;
        adopted = false;
        final RealServerView server = templates.chosen(packet, service);
        return server != null && make(packet, server, first.byClient(packet, server), key, hash, home) ? server : null;
    }

    /** A connection of one packet: it is counted and has a real server, but is not in the table. */
    private RealServerView openForOne(final Packet packet, final ServiceView service) {
        adopted = false;
        final RealServerView server = isByCall(service) ? callTemplates.forOne(packet, service, nowMs)
            : templates.forOne(packet, service, nowMs);
        full = templates.full();
        if (server != null) {
            fresh = true;
            value = ConnectionValue.withFlag(ConnectionValue.withMethod(ConnectionValue.withRealServer(0,
                server.number()), server.methodNumber()), service.persistSec() != 0 ? ConnectionValue.CHILD : 0);
            madeForOne(server);
        }
        return server;
    }

    private void madeForOne(final RealServerView server) {
        counts.onePacket(server);
        created++;
        exits.count(Counter.CONNECTIONS_ENDED);
    }

    private RealServerView openPersistent(final Packet packet, final ServiceView service, final long key,
                                          final long hash, final long home) {
        adopted = false;
        final RealServerView server = isByCall(service) ? callTemplates.server(packet, service, nowMs)
            : templates.server(packet, service, nowMs);
        full = templates.full();
        return server != null && makeHeld(packet, service, server, first.byClient(packet, server), key, hash, home)
            ? server : null;
    }

    private static boolean isByCall(final ServiceView service) {
        return service.byCallId() && service.persistSec() != 0;
    }

    /** Why {@link #open} failed last, if neither for want of room nor of a real server; else null. */
    final Counter refusal(final ServiceView service) {
        return isByCall(service) ? callTemplates.refusal() : null;
    }

    /** As {@link #open}, for an error about a connection that is not known: none of its own packets was seen yet. */
    final boolean openByError(final Packet answered, final ServiceView service) {
        adopted = false;
        full = false;
        if (isByCall(service)) {
            callTemplates.refuse();
            return false;
        }
        final boolean persistent = service.persistSec() != 0;
        final RealServerView server = persistent ? templates.server(answered, service, nowMs)
            : templates.chosen(answered, service);
        if (server == null) {
            full = persistent && templates.full();
            return false;
        }
        final long wanted = withWayBack(answered, FirstValue.byError(answered, server, nowMs));
        final long key = keyOf(answered, service);
        final long hash = hash(answered);
        return (persistent ? makeHeld(answered, service, server, wanted, key, hash, home(hash))
            : make(answered, server, wanted, key, hash, home(hash))) || adopted;
    }

    /** As {@link #open}, by a real server that turns to a client; the hop to it or {@link ClientHops#NONE} for none. */
    final int openByRealServer(final Packet asOfClient, final ServiceView service, final RealServerView server) {
        final int hop = isByCall(service) ? callTemplates.hold(asOfClient, service, server, nowMs) : ClientHops.NONE;
        if (hop == ClientHops.NONE) {
            return hop;
        }
        if (service.onePacket()) {
            callTemplates.letGo(server, nowMs);
            madeForOne(server);
            return hop;
        }
        final long wanted = first.byRealServer(server, hop, nowMs);
        final long hash = hash(asOfClient);
        return makeHeld(asOfClient, service, server, wanted, keyOf(asOfClient, service), hash, home(hash))
            ? hop : ClientHops.NONE;
    }

    /** Makes a connection without real server, that goes on to where its client sent it; false if there is no room. */
    final boolean bypass(final Packet packet, final ServiceView service) {
        final long wanted = first.bypassing(packet);
        final long hash = hash(packet);
        full = !insert(packet, keyOf(packet, service), hash, home(hash), wanted);
        fresh = !full && own.inserted();
        value = own.value();
        if (fresh) {
            counts.bypassed(wanted);
            created++;
        }
        return !full;
    }

    /** As {@link #make}, by a template, if the service has any. */
    private boolean makeHeld(final Packet packet, final ServiceView service, final RealServerView server,
                             final long wanted, final long key, final long hash, final long home) {
        final boolean held = templates.held();
        if (held && isByCall(service)) {
            return makeOfCall(packet, server, wanted, key, hash, home);
        }
        final long flags = held ? ConnectionValue.CHILD : 0;
        final boolean made = make(packet, server, ConnectionValue.withFlag(wanted, flags), key, hash, home);
        if (held && !made) {
            templates.childEnded(packet.sourceHigh(), packet.sourceLow(), wanted, nowMs);
        } else if (held && Templates.isEstablished(packet, wanted)) {
            templates.childEstablished(packet.sourceHigh(), packet.sourceLow(), wanted, nowMs);
        }
        return made;
    }

    /** As {@link #make}, by the template of a call. */
    private boolean makeOfCall(final Packet packet, final RealServerView server, final long wanted, final long key,
                               final long hash, final long home) {
        final long complete = complete(packet, key);
        if (complete == NO_KEY) {
            full = true;
            callTemplates.letGo(server, nowMs);
            return false;
        }
        final long high = entryHigh(packet, complete);
        // Linked before it is there: whoever ends it finds its call.
        if (!callTemplates.link(complete, high, packet.sourceLow(), server, nowMs)) {
            giveUp(complete);
            return false;
        }
        if (make(packet, server, ConnectionValue.withFlag(wanted, ConnectionValue.CHILD | ConnectionValue.CALL),
            complete, hash, home)) {
            return true;
        }
        callTemplates.childEnded(complete, high, packet.sourceLow(), wanted, nowMs);
        return false;
    }

    /** Puts a connection into the table and counts it; false if that is full or another worker has just done so. */
    private boolean make(final Packet packet, final RealServerView server, final long wanted, final long key,
                         final long hash, final long home) {
        // The insert waits for memory more than once: what has to be read of the packet is read before it.
        final boolean unfinished = UnfinishedChecksum.of(packet);
        full = !insert(packet, key, hash, home, wanted);
        fresh = !full && own.inserted();
        adopted = !full && !fresh;
        value = own.value();
        if (!fresh) {
            return false;
        }
        counts.created(server, wanted);
        load.connectionsChanged(server);
        created++;
        if (unfinished) {
            exits.count(Counter.UNFINISHED_CHECKSUM);
        }
        return true;
    }

    /** The key of the connection of a client's packet. */
    abstract long keyOf(Packet packet, ServiceView service);

    /** The first word of the address in the entry of a client's packet's connection. */
    abstract long entryHigh(Packet packet, long key);

    /** The same of the connection that was found last, by the high long of its client's address. */
    abstract long foundHigh(long clientHigh);

    /** The hash of the client of a packet. */
    abstract long hash(Packet packet);

    /** Where the home line of a hash is, for {@link #open}. */
    abstract long home(long hash);

    /** The whole key, which {@link #insert} or {@link #giveUp} has to follow; {@link #NO_KEY} without room. */
    abstract long complete(Packet packet, long key);

    /** Nothing is inserted under a key of {@link #complete} after all. */
    abstract void giveUp(long key);

    /** Puts the connection of a client's packet into the table, where it is not there yet; false without room. */
    abstract boolean insert(Packet packet, long key, long hash, long home, long wanted);

    /**
     * Finds the connection of a client without touching it, for an error about it.
     *
     * @param protocol of its packets, which went to the address and port that it asked for.
     */
    abstract boolean findClient(int protocol, long high, long low, int clientPort, ServiceView service, long askedHigh,
                                long askedLow, int askedPort);

    /** Finds the masqueraded connection of a packet that went to its real server, for an error about that packet. */
    abstract boolean findByRealServer(IcmpQuote quote);

    /** Moves the current connection's deadline on, and nothing else; who changes it at the same time moves it, too. */
    final void renew(final Packet packet) {
        final int sctp = packet.protocol() == Ipv4.PROTOCOL_SCTP ? SctpState.SCTP : 0;
        own.replaceFound(value, deadlines.renewed(value, ConnectionValue.state(value) | sctp));
    }

    /** Moves the current connection on by a packet of its client: state, deadline, the way back. */
    final void packetFromClient(final Packet packet) {
        if (!fresh) {
            advance(packet, true);
        }
    }

    /** Moves the current connection on by a packet of its real server. */
    final void packetFromRealServer(final Packet packet) {
        advance(packet, false);
    }

    private void advance(final Packet packet, final boolean fromClient) {
        for (int i = 0; i < RETRIES && ConnectionValue.isLive(value); i++) {
            final long after = fromClient
                ? withWayBack(packet, ConnectionValue.withPacketCounted(afterPacket(packet, true)))
                : ConnectionValue.withFlag(afterPacket(packet, false), ConnectionValue.OUTPUT_SEEN);
            // Most packets of a busy connection fall into the same eighth of a second: nothing to write.
            if (after == value || own.replaceFound(value, after)) {
                if (!ConnectionValue.sameState(value, after)) {
                    counts.changed(value, after);
                }
                if (ConnectionValue.isChild(after) && Templates.establishes(packet, value, after)) {
                    // Of either direction: the client is the packet's source or its destination.
                    final long high = fromClient ? packet.sourceHigh() : packet.destinationHigh();
                    final long low = fromClient ? packet.sourceLow() : packet.destinationLow();
                    if (ConnectionValue.isOfCall(after)) {
                        callTemplates.childEstablished(own.foundKey(), foundHigh(high), low, after, nowMs);
                    } else {
                        templates.childEstablished(high, low, after, nowMs);
                    }
                }
                value = after;
                return;
            }
            value = own.reloaded();
        }
    }

    private long afterPacket(final Packet packet, final boolean fromClient) {
        return deadlines.renewed(value, TcpState.next(direction(fromClient) + secure,
            ConnectionValue.state(value), packet.tcpFlags()));
    }

    private int direction(final boolean fromClient) {
        if (!fromClient) {
            return TcpState.OUTPUT;
        }
        return ConnectionValue.method(value) == MASQUERADING || ConnectionValue.outputSeen(value)
            ? TcpState.INPUT : TcpState.INPUT_ONLY;
    }

    /** Remembers where the client is: masqueraded replies go back the same way, and errors from a tunnel's way. */
    long withWayBack(final Packet packet, final long of) {
        if (ConnectionValue.method(of) == DIRECT_ROUTING) {
            return of;
        }
        final long mac = Ethernet.source(packet.memory(), packet.frame());
        return clientHops.names(ConnectionValue.nextHop(of), packet.port(), mac)
            ? of : ConnectionValue.withNextHop(of, clientHops.numberOf(packet.port(), mac));
    }
}
