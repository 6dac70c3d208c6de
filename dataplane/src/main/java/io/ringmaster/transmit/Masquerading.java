package io.ringmaster.transmit;

import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * NAT (-m): the virtual address and port in front of the client, the real ones in front of the server. Checksums are
 * corrected, not computed, so that a wrong one stays wrong and its receiver notices (RFC 1624; RFC 3022 §4.1).
 * <p>
 * Only for packets that were parsed as OK with protocol TCP or UDP. The cursor goes on holding what was received.
 */
public final class Masquerading {
    private Masquerading() {
    }

    /**
     * Rewrites a client's packet: its destination becomes the real server.
     *
     * @param rip   address of the real server, 32 bits in network order.
     * @param rport port of the real server.
     */
    public static void toRealServer(final Packet packet, final int rip, final int rport) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final long transport = packet.transport();
        final int oldAddress = Ipv4.destination(memory, network);
        final int oldPort = Udp.destinationPort(memory, transport);
        Ipv4.destination(memory, network, rip);
        Udp.destinationPort(memory, transport, rport);
        correct(packet, oldAddress, rip, oldPort, rport);
    }

    /**
     * Rewrites a real server's packet: its source becomes the virtual service.
     *
     * @param vip   address of the service, 32 bits in network order.
     * @param vport port of the service.
     */
    public static void toClient(final Packet packet, final int vip, final int vport) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final long transport = packet.transport();
        final int oldAddress = Ipv4.source(memory, network);
        final int oldPort = Udp.sourcePort(memory, transport);
        Ipv4.source(memory, network, vip);
        Udp.sourcePort(memory, transport, vport);
        correct(packet, oldAddress, vip, oldPort, vport);
    }

    private static void correct(final Packet packet, final int oldAddress, final int newAddress, final int oldPort,
        final int newPort) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final long transport = packet.transport();
        final int header = Ipv4.checksum(memory, network);
        Ipv4.checksum(memory, network, Checksum.update32(header, oldAddress, newAddress));
        if (packet.protocol() == Ipv4.PROTOCOL_TCP) {
            final int moved = Checksum.update32(Tcp.checksum(memory, transport), oldAddress, newAddress);
            Tcp.checksum(memory, transport, Checksum.update16(moved, oldPort, newPort));
            return;
        }
        final int old = Udp.checksum(memory, transport);
        if (old == Udp.NO_CHECKSUM) {
            return;
        }
        final int moved = Checksum.update32(old, oldAddress, newAddress);
        final int corrected = Checksum.update16(moved, oldPort, newPort);
        Udp.checksum(memory, transport, corrected == 0 ? Udp.ZERO_CHECKSUM : corrected);
    }
}
