package io.ringmaster.transmit;

import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Sctp;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import io.ringmaster.service.Translation;
import java.lang.foreign.MemorySegment;

/**
 * NAT (-m): the virtual address and port in front of the client, the real ones in front of the server. Checksums are
 * corrected, not computed, so that a wrong one stays wrong and its receiver notices (RFC 1624; RFC 3022 §4.1). The
 * hop that the director is ({@link TimeToLive}) is taken in the same step: one correction of the header's checksum
 * does for both; IPv6 has none.
 * <p>
 * Only for packets that were parsed as OK with protocol TCP, UDP or SCTP. The cursor goes on holding what was received.
 */
public final class Masquerading {
    private Masquerading() {
    }

    /** Rewrites a client's packet: its destination, the virtual service, becomes the real server. */
    public static void toRealServer(final Packet packet, final Translation translation) {
        final MemorySegment memory = packet.memory();
        if (packet.version() == 6) {
            Ipv6.destination(memory, packet.network(), translation.addressHigh(), translation.addressLow());
        } else {
            Ipv4.destination(memory, packet.network(), translation.address());
        }
        Udp.destinationPort(memory, packet.transport(), translation.port());
        correct(packet, translation);
    }

    /** Rewrites a real server's packet: its source, the real server, becomes the virtual service. */
    public static void toClient(final Packet packet, final Translation translation) {
        final MemorySegment memory = packet.memory();
        if (packet.version() == 6) {
            Ipv6.source(memory, packet.network(), translation.addressHigh(), translation.addressLow());
        } else {
            Ipv4.source(memory, packet.network(), translation.address());
        }
        Udp.sourcePort(memory, packet.transport(), translation.port());
        correct(packet, translation);
    }

    private static void correct(final Packet packet, final Translation translation) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final long transport = packet.transport();
        if (packet.version() == 6) {
            Ipv6.hopLimit(memory, network, Ipv6.hopLimit(memory, network) - 1);
        } else {
            Ipv4.timeToLive(memory, network, Ipv4.timeToLive(memory, network) - 1);
            Ipv4.checksum(memory, network,
                Checksum.correct(Ipv4.checksum(memory, network), translation.headerCorrection()));
        }
        if (packet.protocol() == Ipv4.PROTOCOL_TCP) {
            Tcp.checksum(memory, transport,
                Checksum.correct(Tcp.checksum(memory, transport), translation.correction()));
            return;
        }
        if (packet.protocol() == Ipv4.PROTOCOL_SCTP) {
            correctSctp(packet);
            return;
        }
        final int old = Udp.checksum(memory, transport);
        if (old != Udp.NO_CHECKSUM) {
            final int corrected = Checksum.correct(old, translation.correction());
            Udp.checksum(memory, transport, corrected == 0 ? Udp.ZERO_CHECKSUM : corrected);
        } else {
            MissingChecksum.make(packet);
        }
    }

    /** Addresses are not in its CRC32c (RFC 9260 §6.8), so only another port makes it another. */
    static void correctSctp(final Packet packet) {
        final MemorySegment memory = packet.memory();
        if (Udp.destinationPort(memory, packet.transport()) != packet.destinationPort()
            || Udp.sourcePort(memory, packet.transport()) != packet.sourcePort()) {
            Sctp.writeChecksum(memory, packet.transport(), packet.networkLengthBytes() - packet.networkHeaderBytes());
        }
    }
}
