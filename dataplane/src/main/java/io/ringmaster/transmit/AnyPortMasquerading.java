package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * NAT (-m) for services of several ports or addresses, of which no two packets have the same translation: as
 * {@link Masquerading}, with what each packet has in place of what is known before.
 */
public final class AnyPortMasquerading {
    private AnyPortMasquerading() {
    }

    /**
     * Rewrites a client's packet: its destination becomes the real server.
     *
     * @param high RIP, high long.
     * @param low  RIP, low long.
     * @param port rport; 0 to keep the packet's own.
     */
    public static void toRealServer(final Packet packet, final long high, final long low, final int port) {
        final MemorySegment memory = packet.memory();
        final int newPort = port == 0 ? packet.destinationPort() : port;
        if (packet.version() == 6) {
            Ipv6.destination(memory, packet.network(), high, low);
        } else {
            Ipv4.destination(memory, packet.network(), Addresses.ipv4(low));
        }
        Udp.destinationPort(memory, packet.transport(), newPort);
        correct(packet, Checksum.correction128(packet.destinationHigh(), packet.destinationLow(), high, low),
            Checksum.correction16(packet.destinationPort(), newPort));
    }

    /**
     * Rewrites a real server's packet: its source becomes what the client asked for.
     *
     * @param high high long of the address.
     * @param low  low long of the address.
     * @param port 0 to 65,535.
     */
    public static void toClient(final Packet packet, final long high, final long low, final int port) {
        final MemorySegment memory = packet.memory();
        if (packet.version() == 6) {
            Ipv6.source(memory, packet.network(), high, low);
        } else {
            Ipv4.source(memory, packet.network(), Addresses.ipv4(low));
        }
        Udp.sourcePort(memory, packet.transport(), port);
        correct(packet, Checksum.correction128(packet.sourceHigh(), packet.sourceLow(), high, low),
            Checksum.correction16(packet.sourcePort(), port));
    }

    private static void correct(final Packet packet, final int ofAddress, final int ofPort) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final long transport = packet.transport();
        if (packet.version() != 6) {
            Ipv4.checksum(memory, network, Checksum.correct(Ipv4.checksum(memory, network), ofAddress));
        }
        TimeToLive.decrement(packet);
        final int correction = Checksum.together(ofAddress, ofPort);
        if (packet.protocol() == Ipv4.PROTOCOL_TCP) {
            Tcp.checksum(memory, transport, Checksum.correct(Tcp.checksum(memory, transport), correction));
            return;
        }
        if (packet.protocol() == Ipv4.PROTOCOL_SCTP) {
            Masquerading.correctSctp(packet);
            return;
        }
        final int old = Udp.checksum(memory, transport);
        if (old != Udp.NO_CHECKSUM) {
            final int corrected = Checksum.correct(old, correction);
            Udp.checksum(memory, transport, corrected == 0 ? Udp.ZERO_CHECKSUM : corrected);
        } else {
            MissingChecksum.make(packet);
        }
    }
}
