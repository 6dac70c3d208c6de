package io.ringmaster.worker;

import io.ringmaster.application.FtpDialogue;
import io.ringmaster.application.FtpReader;
import io.ringmaster.application.FtpReply;
import io.ringmaster.application.SequenceOffsets;
import io.ringmaster.application.TcpNumbers;
import io.ringmaster.application.TcpPayload;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.SideTable;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.RealServerView;
import io.ringmaster.stats.Counter;

/**
 * Listens to masqueraded control connections of FTP (ip_vs_ftp.c): makes the data connections that they speak of, puts
 * the service's address in place of the real server's in replies to PASV and EPSV, and moves sequence numbers where
 * that changed the length. Owned by one worker; what is remembered lies in the {@link SideTable}, since client and real
 * server may be heard by two.
 * <p>
 * Other than in the kernel, a reply that comes again is changed again, and a passive data connection always goes to the
 * real server of its control connection, whatever address that one names.
 */
final class FtpHelper {
    /** Words of a control connection's record. */
    private static final int OFFSETS = 0;
    private static final int DIALOGUE = 1;

    private final Exits exits;
    private final WideTracker tracker;
    private final DataTracker data;
    private final SideTable side;
    private final FtpReader reader = new FtpReader();
    private final FtpReply reply = new FtpReply();
    /** Key and first address word of the control connection's entry. */
    private long key;
    private long high;

    FtpHelper(final Exits exits, final WideTracker tracker, final DataTracker data) {
        this.exits = exits;
        this.tracker = tracker;
        this.data = data;
        this.side = data.side();
    }

    /** A client's segment on its way to a real server: the tracker's current connection is its control connection. */
    void fromClient(final Packet packet, final RealServerView server) {
        final long value = tracker.value();
        int record = SideTable.NONE;
        key = tracker.keyOf(packet, server.service());
        high = tracker.entryHigh(packet, key);
        if (ConnectionValue.hasSideTable(value)) {
            record = side.find(key, high, packet.sourceLow());
            final long offsets = record < 0 ? 0 : side.word(record, OFFSETS);
            if (offsets != 0) {
                TcpNumbers.ofOtherSide(packet, offsets);
            }
        }
        if (FtpPath.isEstablished(value)) {
            final FtpReader.Command command = reader.readCommand(packet.memory(), TcpNumbers.dataStart(packet),
                TcpNumbers.dataLimit(packet), packet.version() == 6);
            if (command != FtpReader.Command.NONE && !heed(command, packet, server, record)) {
                exits.count(Counter.FTP_UNHEEDED);
            }
        }
    }

    private boolean heed(final FtpReader.Command command, final Packet packet, final RealServerView server,
                         final int known) {
        final int record = known >= 0 ? known : remembered(packet);
        if (record < 0) {
            return false;
        }
        switch (command) {
            case PASSIVE -> asked(record, FtpDialogue.PASSIVE);
            case EXTENDED_PASSIVE -> asked(record, FtpDialogue.EXTENDED_PASSIVE);
            default -> {
                asked(record, FtpDialogue.NOTHING);
                return expectActive(packet, server, record);
            }
        }
        return true;
    }

    /** Makes the record of the current connection; NONE without room. */
    private int remembered(final Packet packet) {
        final int record = side.claim(key, high, packet.sourceLow());
        if (record >= 0 && !data.remember(packet, key, high)) {
            side.free(record);
            return SideTable.NONE;
        }
        return record;
    }

    private void asked(final int record, final long dialogue) {
        long seen = side.word(record, DIALOGUE);
        while (!side.compareAndSet(record, DIALOGUE, seen, dialogue)) {
            seen = side.word(record, DIALOGUE);
        }
    }

    /** The real server is to connect to where the client said, from the port below that of the control connection. */
    private boolean expectActive(final Packet packet, final RealServerView server, final int record) {
        final boolean ipv4 = Addresses.isIpv4(reader.addressHigh(), reader.addressLow());
        if (reader.port() == 0 || ipv4 == (packet.version() == 6)
            || ipv4 && Addresses.ipv4(reader.addressLow()) == 0) {
            return false;
        }
        final int own = AnyPortPath.ownPort(server, tracker.value());
        data.control(key, high, record, ConnectionValue.nextHop(tracker.value()));
        return data.expect(server, reader.addressHigh(), reader.addressLow(), reader.port(),
            packet.destinationPort() - 1, (own == 0 ? packet.destinationPort() : own) - 1);
    }

    /**
     * A real server's segment on its way to a client, of whose connection the tracker has read what was asked for.
     *
     * @param value of its control connection before this segment.
     * @return false if it was dropped.
     */
    boolean fromRealServer(final Packet packet, final RealServerView server, final long value) {
        key = tracker.wantedKey();
        high = tracker.wantedEntryHigh();
        final int record = !ConnectionValue.hasSideTable(value) ? SideTable.NONE
            : side.find(key, high, packet.destinationLow());
        if (record < 0) {
            return true;
        }
        if (FtpPath.isEstablished(value) && isReply(packet, side.word(record, DIALOGUE))
            && !answer(packet, server, record, ConnectionValue.nextHop(value))) {
            return false;
        }
        final long offsets = side.word(record, OFFSETS);
        if (offsets != 0) {
            TcpNumbers.ofChangedSide(packet, offsets);
        }
        return true;
    }

    private boolean isReply(final Packet packet, final long dialogue) {
        return FtpDialogue.waits(dialogue, Tcp.sequence(packet.memory(), packet.transport()))
            && reader.readReply(packet.memory(), TcpNumbers.dataStart(packet), TcpNumbers.dataLimit(packet),
                FtpDialogue.extended(dialogue), packet.version() == 6);
    }

    /** Changes the reply to PASV or EPSV that the reader has read; false if it was dropped. */
    private boolean answer(final Packet packet, final RealServerView server, final int record, final int clientHop) {
        if (!TcpPayload.checksumHolds(packet) && !UnfinishedChecksum.of(packet)) {
            // Changed, a wrong segment would be a right one. Its sender sends it again.
            exits.drop(packet, Counter.DROP_BAD_CHECKSUM);
            return false;
        }
        final long dialogue = side.word(record, DIALOGUE);
        final int sequence = Tcp.sequence(packet.memory(), packet.transport());
        write(FtpDialogue.extended(dialogue));
        data.control(key, high, record, clientHop);
        final int change = reply.bytes() - (int) (reader.end() - reader.start());
        if (!keepsPort(server) || change > exits.roomBytes(packet)
            || !SequenceOffsets.fits(side.word(record, OFFSETS), change)
            || !FtpDialogue.answered(dialogue) && !data.expect(server, packet.destinationHigh(),
                packet.destinationLow(), 0, reader.port(), reader.port())) {
            exits.count(Counter.FTP_UNHEEDED);
            return true;
        }
        TcpPayload.replace(packet, reader.start(), reader.end(), reply.text(), reply.bytes());
        moved(record, sequence, change);
        // If the client asks for something else meanwhile, that counts.
        side.compareAndSet(record, DIALOGUE, dialogue, FtpDialogue.withAnswer(dialogue, sequence));
        return true;
    }

    private void write(final boolean extended) {
        if (extended) {
            reply.extendedPassive(reader.port());
        } else {
            reply.passive(tracker.wantedLow(), reader.port());
        }
    }

    /** Whether the service has the named port for data connections to the same port of the real server. */
    private boolean keepsPort(final RealServerView server) {
        final int port = reader.port();
        return port != 0 && port != tracker.wantedPort()
            && (server.service().anyPort() || port == server.service().serverPort(port, server.port()));
    }

    private void moved(final int record, final int sequence, final int change) {
        long seen = side.word(record, OFFSETS);
        while (!side.compareAndSet(record, OFFSETS, seen, SequenceOffsets.changed(seen, sequence, change))) {
            seen = side.word(record, OFFSETS);
        }
    }
}
