package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.SideTable;
import io.ringmaster.connection.WantedAddresses;
import io.ringmaster.connection.WideKey;
import io.ringmaster.connection.WideWorkerTable;
import io.ringmaster.connection.WideWorkerTable.ReplyPort;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerServerLoad;
import io.ringmaster.transmit.ClientHops;

/**
 * The connections of IPv6 clients and those of services of several ports, of all ports or of a firewall mark, in the
 * table of the wide form. Owned by one worker.
 */
final class WideTracker extends Tracker {
    private static final int IPV6_BITS = 128;

    private final ConnectionTable table;
    private final WideWorkerTable own;
    private final long[] hashes = new long[PacketPath.BATCH];
    private final long[] homes = new long[PacketPath.BATCH];
    private int noted;
    private final WantedAddresses wanted;
    private long wantedHigh;
    private long wantedLow;
    private int wantedPort;
    private long wantedKey;
    private long wantedEntryHigh;
    private boolean addressesFull;
    /** Whether the next connection's address has been counted in already. */
    private boolean completed;

    WideTracker(final int worker, final ConnectionTable table, final WorkerServerLoad load, final ServerCounts counts,
                final ClientHops clientHops, final Exits exits, final Admission admission,
                final Calls calls) {
        super(worker, table, tracker -> table.wideWorker(worker, tracker::ended), load, counts, clientHops, exits,
            admission, calls);
        this.table = table;
        this.wanted = table.wantedAddresses();
        this.own = (WideWorkerTable) own();
    }

    @Override
    void ended(final long high, final long low, final long key, final long last) {
        if (ConnectionValue.isOfCall(last)) {
            endedOfCall(key, high, low, last);
        } else {
            ended(WideKey.isMarked(key, low) ? Addresses.IPV4_HIGH : high, low, last);
            if (ConnectionValue.hasSideTable(last)) {
                table.side().ended(key, high, low, last);
            }
        }
        release(key);
    }

    /** A connection of this key has ended: the address that its client asked for may lose its number. */
    void release(final long key) {
        final int number = WideKey.number(key);
        if (number != WantedAddresses.NONE) {
            wanted.release(number, nowMs());
        }
    }

    @Override
    Counter full() {
        return addressesFull ? Counter.DROP_MARK_ADDRESSES : super.full();
    }

    long hash(final int protocol, final long high, final long low, final int clientPort) {
        return table.wideHash(protocol, high, low, clientPort);
    }

    /** Notes the client of a packet of the batch for {@link #touch}. */
    void note(final int protocol, final long high, final long low, final int clientPort) {
        hashes[noted++] = hash(protocol, high, low, clientPort);
    }

    /** Touches the table for all that were noted, see {@link ConnectionTable#touch}; the answer must be kept. */
    long touch() {
        final long folded = noted == 0 ? 0 : table.touch(hashes, noted, homes);
        noted = 0;
        return folded;
    }

    static long key(final Packet packet, final ServiceView service) {
        return WideKey.of(packet.sourcePort(), service.endpoint());
    }

    /** Finds the connection of a client's packet; a SYN on one that is over ends that and finds none. */
    boolean findFromClient(final Packet packet, final long key) {
        findsAnew();
        addressesFull = false;
        return own.find(key, addressHigh(packet, key), packet.sourceLow(), hash(packet), nowMs()) >= 0
            && foundFromClient(packet);
    }

    /** Finds the connection that a real server's packet answers. */
    boolean findFromRealServer(final Packet packet) {
        findsAnew();
        return foundMasqueraded(findReply(packet.protocol(), packet.destinationHigh(), packet.destinationLow(),
            packet.destinationPort(), view().wideReplyKey(packet.protocol(), packet.sourceHigh(), packet.sourceLow(),
                packet.sourcePort()), packet.tcpFlags()));
    }

    private boolean findReply(final int protocol, final long high, final long low, final int clientPort,
                              final long replyKey, final int tcpFlags) {
        return replyKey != 0 && own.findReply(WideKey.ofReply(clientPort, 0, 0), high, low,
            hash(protocol, high, low, clientPort), replyKey, view().wideReplyKeys(), tcpFlags, nowMs()) >= 0;
    }

    /** The first address word of a connection: in IPv4 what a client of a mark asked for, else of its address. */
    private static long addressHigh(final Packet packet, final long key) {
        return WideKey.isMarked(key) && packet.version() == 4
            ? WideKey.wanted(Addresses.ipv4(packet.destinationLow())) : packet.sourceHigh();
    }

    /** Finds the connection of a service of several ports that a real server's packet answers. */
    boolean findOfAnyPort(final Packet packet) {
        findsAnew();
        return foundMasqueraded(findOfAnyPort(packet.protocol(), packet.sourceHigh(), packet.sourceLow(),
            packet.sourcePort(), packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(),
            packet.tcpFlags()));
    }

    /** By what a real server has sent to a client, or would have. */
    private boolean findOfAnyPort(final int protocol, final long ripHigh, final long ripLow, final int rport,
                                  final long high, final long low, final int clientPort, final int tcpFlags) {
        final long hash = hash(protocol, high, low, clientPort);
        for (int of = protocol; ; of = MarkRule.ANY_PROTOCOL) {
            final int variant = of == protocol ? 0 : WideKey.variant(protocol, WantedAddresses.NONE);
            final long key = WideKey.ofReply(clientPort, variant, rport);
            if (found(key, ReplyPort.SERVER_WITHOUT, high, low, hash, view().wideReplyKey(of, ripHigh, ripLow, 0),
                    view().wideReplyKeys(), tcpFlags)
                || found(WideKey.ofReply(clientPort, variant, 0), ReplyPort.OWN, high, low, hash,
                    view().wideReplyKey(of, ripHigh, ripLow, rport), view().wideReplyKeys(), tcpFlags)
                || found(key, ReplyPort.KEPT, high, low, hash, view().keptReplyKey(of, ripHigh, ripLow),
                    view().keptReplyKeys(), tcpFlags) && isDataPort(rport, low)) {
                return true;
            }
            if (of == MarkRule.ANY_PROTOCOL) {
                return false;
            }
        }
    }

    /** Whether the connection that was found goes to this port, if it is a data connection. */
    private boolean isDataPort(final int rport, final long clientLow) {
        return !ConnectionValue.isControlled(own.value()) || foundDataPort(clientLow, rport) == rport;
    }

    private boolean found(final long key, final ReplyPort port, final long high, final long low, final long hash,
                          final long replyKey, final long[] replyKeys, final int tcpFlags) {
        return replyKey != 0
            && own.findReplyOfAnyPort(key, port, high, low, hash, replyKey, replyKeys, tcpFlags, nowMs()) >= 0;
    }

    /**
     * Reads what the client of the connection found last asked for: {@link #wantedHigh}, {@link #wantedLow} and
     * {@link #wantedPort}.
     *
     * @return false if it has ended since.
     */
    boolean readWanted(final ServiceKey service) {
        final long high = own.foundAddressHigh();
        final long key = own.foundKey();
        final int number = WideKey.number(key);
        if (number != WantedAddresses.NONE) {
            wantedHigh = wanted.high(number);
            wantedLow = wanted.low(number);
        } else {
            wantedHigh = service.vipHigh();
            wantedLow = WideKey.isMarked(key) ? Addresses.ipv4Low(WideKey.wantedAddress(high)) : service.vipLow();
        }
        final int port = WideKey.destinationPort(key);
        wantedPort = port == 0 && !service.anyPort() ? service.vport() : port;
        wantedKey = key;
        wantedEntryHigh = high;
        return key != 0;
    }

    long wantedHigh() {
        return wantedHigh;
    }

    long wantedLow() {
        return wantedLow;
    }

    int wantedPort() {
        return wantedPort;
    }

    /** The key of the connection of which that was read. */
    long wantedKey() {
        return wantedKey;
    }

    /** The first address word of its entry. */
    long wantedEntryHigh() {
        return wantedEntryHigh;
    }

    /** The port of the real server of a data connection, by its client's packet. */
    int dataPort(final Packet packet, final ServiceKey service) {
        final long key = keyOf(packet, service);
        return Math.max(0, side().serverPort(key, addressHigh(packet, key), packet.sourceLow()));
    }

    /** The same of the connection that was found last, by its client; the port that was asked for if it has ended. */
    int foundDataPort(final long clientLow, final int asked) {
        final long high = own.foundAddressHigh();
        final int port = side().serverPort(own.foundKey(), high, clientLow);
        return port < 0 ? asked : port;
    }

    /** One connection more has a key like another's, and with it the number of the address asked for. */
    boolean retain(final long key) {
        final int number = WideKey.number(key);
        return number == WantedAddresses.NONE
            || wanted.take(wanted.high(number), wanted.low(number), nowMs()) == number;
    }

    @Override
    long hash(final Packet packet) {
        return hash(packet.protocol(), packet.sourceHigh(), packet.sourceLow(), packet.sourcePort());
    }

    @Override
    long keyOf(final Packet packet, final ServiceView service) {
        return keyOf(packet, service.key());
    }

    /** As the other one, by what a service is known by. */
    long keyOf(final Packet packet, final ServiceKey service) {
        return keyOf(packet.protocol(), packet.sourcePort(), service, packet.destinationHigh(),
            packet.destinationLow(), packet.destinationPort());
    }

    private long keyOf(final int protocol, final int clientPort, final ServiceKey of, final long askedHigh,
                       final long askedLow, final int port) {
        if (!of.anyPort()) {
            return WideKey.of(clientPort, of.endpoint(), 0, of.portInKey(port));
        }
        // An address without a number has no connections: no entry has 0 for it.
        return WideKey.of(clientPort, of.endpoint(), !of.marked() ? 0 : WideKey.variant(protocol,
            of.ipv4() ? WantedAddresses.NONE : wanted.number(askedHigh, askedLow)), port);
    }

    /** The value in a slot that was found in this cycle, as it is now. */
    long valueAt(final long slot) {
        return table.value(slot);
    }

    SideTable side() {
        return table.side();
    }

    @Override
    long entryHigh(final Packet packet, final long key) {
        return addressHigh(packet, key);
    }

    @Override
    long foundHigh(final long clientHigh) {
        return own.foundAddressHigh();
    }

    @Override
    long home(final long hash) {
        return 0;
    }

    @Override
    long complete(final Packet packet, final long key) {
        if (!hasNumber(packet, key)) {
            return key;
        }
        final int number = wanted.take(packet.destinationHigh(), packet.destinationLow(), nowMs());
        addressesFull = number == WantedAddresses.NONE;
        completed = !addressesFull;
        return addressesFull ? NO_KEY : WideKey.withNumber(key, number);
    }

    @Override
    void giveUp(final long key) {
        completed = false;
        release(key);
    }

    /** Whether the address that a client asked for has a number in its connection's key. */
    private static boolean hasNumber(final Packet packet, final long key) {
        return WideKey.isMarked(key) && packet.version() == 6;
    }

    /** Without what a batch prepares for the other form: hash and home are worked out here. */
    @Override
    boolean insert(final Packet packet, final long key, final long hash, final long home, final long value) {
        addressesFull = false;
        return hasNumber(packet, key) ? insertMarked(packet, key, value)
            : own.insert(key, addressHigh(packet, key), packet.sourceLow(), hash(packet), value, nowMs()) >= 0;
    }

    private boolean insertMarked(final Packet packet, final long key, final long value) {
        final long complete = completed ? key : complete(packet, key);
        completed = false;
        if (complete == NO_KEY) {
            return false;
        }
        final boolean there = own.insert(complete, packet.sourceHigh(), packet.sourceLow(), hash(packet), value,
            nowMs()) >= 0;
        if (!there || !own.inserted()) {
            release(complete);
        }
        return there;
    }

    @Override
    boolean findClient(final int protocol, final long high, final long low, final int clientPort,
                       final ServiceView service, final long askedHigh, final long askedLow, final int askedPort) {
        final long key = keyOf(protocol, clientPort, service.key(), askedHigh, askedLow, askedPort);
        return foundForError(own.find(key, WideKey.isMarked(key) && service.key().ipv4()
            ? WideKey.wanted(Addresses.ipv4(askedLow)) : high, low, hash(protocol, high, low, clientPort),
            nowMs()) >= 0);
    }

    /** Finds the masqueraded connection of a service of several ports, for an error about a packet to its server. */
    boolean findOfAnyPort(final IcmpQuote quote) {
        return foundForError(findOfAnyPort(quote.protocol(), quote.destinationHigh(), quote.destinationLow(),
            quote.destinationPort(), quote.sourceHigh(), quote.sourceLow(), quote.sourcePort(), Tcp.ACK))
            && masqueraded();
    }

    @Override
    boolean findByRealServer(final IcmpQuote quote) {
        return foundForError(findReply(quote.protocol(), quote.sourceHigh(), quote.sourceLow(), quote.sourcePort(),
            view().wideReplyKey(quote.protocol(), quote.destinationHigh(), quote.destinationLow(),
                quote.destinationPort()), Tcp.ACK)) && masqueraded();
    }

    @Override
    public long findTemplate(final long high, final long low, final int port, final ServiceKey service,
                             final long nowMs) {
        return own.findTemplate(WideKey.of(port, service.endpoint()), high, low,
            hash(service.protocol(), high, low, port), nowMs);
    }

    @Override
    public long insertTemplate(final long high, final long low, final int port, final ServiceKey service,
                               final long fresh, final long nowMs) {
        return own.insert(WideKey.of(port, service.endpoint()), high, low, hash(service.protocol(), high, low, port),
            fresh, nowMs);
    }

    @Override
    public int addressBits() {
        return IPV6_BITS;
    }

    @Override
    public long prefixHigh(final int bits) {
        return Addresses.prefixHigh(bits);
    }

    @Override
    public long prefixLow(final int bits) {
        return Addresses.prefixLow(bits);
    }
}
