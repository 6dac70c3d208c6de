package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.WorkerTable;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.WorkerServerLoad;
import io.ringmaster.transmit.ClientHops;

/** The connections of IPv4 clients, in the table of the narrow form. Owned by one worker. */
final class NarrowTracker extends Tracker {
    private static final int IPV4_BITS = 32;

    private final ConnectionTable table;
    private final WorkerTable own;
    private final long[] oneHome = new long[1];
    private final long[] oneKey = new long[1];
    private final int[] oneSlots = new int[1];

    NarrowTracker(final int worker, final ConnectionTable table, final WorkerServerLoad load,
                  final ServerCounts counts, final ClientHops clientHops, final Exits exits,
                  final Admission admission, final Calls calls) {
        super(worker, table, tracker -> table.worker(worker, (key, last) -> tracker.ended(Addresses.IPV4_HIGH,
            Addresses.ipv4Low(ConnectionKey.clientAddress(key)), key, last)), load, counts, clientHops, exits,
            admission, calls);
        this.table = table;
        this.own = (WorkerTable) own();
    }

    @Override
    void ended(final long high, final long low, final long key, final long last) {
        if (ConnectionValue.isOfCall(last)) {
            endedOfCall(key, high, low, last);
        } else {
            ended(high, low, last);
        }
    }

    long hash(final int protocol, final long clientLow, final int clientPort) {
        return table.hash(protocol, Addresses.ipv4(clientLow), clientPort);
    }

    /** See {@link ConnectionTable#touch}; of a batch. */
    long touch(final long[] hashes, final int count, final long[] homes) {
        return table.touch(hashes, count, homes);
    }

    /** See {@link ConnectionTable#locate}; of a batch. */
    long locate(final long[] homes, final long[] keys, final int count, final int[] slots) {
        return table.locate(homes, keys, count, slots);
    }

    /** As {@link #locate(long[], long[], int, int[])}, of one packet that is no part of a batch's stages. */
    int locate(final long home, final long key) {
        oneHome[0] = home;
        oneKey[0] = key;
        table.locate(oneHome, oneKey, 1, oneSlots);
        return oneSlots[0];
    }

    static long key(final Packet packet, final ServiceView service) {
        return ConnectionKey.of(Addresses.ipv4(packet.sourceLow()), packet.sourcePort(), service.endpoint());
    }

    /** Finds the connection of a client's packet; a SYN on one that is over ends that and finds none. */
    boolean findFromClient(final Packet packet, final long key, final long hash, final long home, final int slots) {
        findsAnew();
        return own.findAt(home, slots, key, hash, nowMs()) && foundFromClient(packet);
    }

    /** Finds the connection that a real server's packet answers. */
    boolean findFromRealServer(final Packet packet, final long hash) {
        findsAnew();
        return foundMasqueraded(own.findReply(Addresses.ipv4(packet.destinationLow()), packet.destinationPort(), hash,
            View.addressKey(Addresses.ipv4(packet.sourceLow()), packet.sourcePort(), packet.protocol()),
            view().replyKeys(), packet.tcpFlags(), nowMs()) >= 0);
    }

    @Override
    long hash(final Packet packet) {
        return hash(packet.protocol(), packet.sourceLow(), packet.sourcePort());
    }

    @Override
    long keyOf(final Packet packet, final ServiceView service) {
        return key(packet, service);
    }

    @Override
    long entryHigh(final Packet packet, final long key) {
        return packet.sourceHigh();
    }

    @Override
    long foundHigh(final long clientHigh) {
        return clientHigh;
    }

    @Override
    long home(final long hash) {
        return table.home(hash);
    }

    @Override
    long complete(final Packet packet, final long key) {
        return key;
    }

    @Override
    void giveUp(final long key) {
        // There is nothing to give back.
    }

    @Override
    boolean insert(final Packet packet, final long key, final long hash, final long home, final long wanted) {
        return own.insertAt(home, key, hash, wanted, nowMs());
    }

    @Override
    boolean findClient(final int protocol, final long high, final long low, final int clientPort,
                       final ServiceView service, final long askedHigh, final long askedLow, final int askedPort) {
        return foundForError(own.find(ConnectionKey.of(Addresses.ipv4(low), clientPort, service.endpoint()),
            hash(service.protocol(), low, clientPort), nowMs()) >= 0);
    }

    @Override
    boolean findByRealServer(final IcmpQuote quote) {
        return foundForError(own.findReply(Addresses.ipv4(quote.sourceLow()), quote.sourcePort(),
            hash(quote.protocol(), quote.sourceLow(), quote.sourcePort()),
            View.addressKey(Addresses.ipv4(quote.destinationLow()), quote.destinationPort(), quote.protocol()),
            view().replyKeys(), Tcp.ACK, nowMs()) >= 0) && masqueraded();
    }

    @Override
    public long findTemplate(final long high, final long low, final int port, final ServiceKey service,
                             final long nowMs) {
        return own.findTemplate(ConnectionKey.of(Addresses.ipv4(low), port, service.endpoint()),
            hash(service.protocol(), low, port), nowMs);
    }

    @Override
    public long insertTemplate(final long high, final long low, final int port, final ServiceKey service,
                               final long fresh, final long nowMs) {
        return own.insert(ConnectionKey.of(Addresses.ipv4(low), port, service.endpoint()),
            hash(service.protocol(), low, port), fresh, nowMs);
    }

    @Override
    public int addressBits() {
        return IPV4_BITS;
    }

    @Override
    public long prefixHigh(final int bits) {
        return Addresses.IPV4_HIGH;
    }

    @Override
    public long prefixLow(final int bits) {
        return Addresses.ipv4Low(bits == 0 ? 0 : -1 << IPV4_BITS - bits);
    }
}
