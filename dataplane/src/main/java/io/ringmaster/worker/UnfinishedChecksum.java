package io.ringmaster.worker;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;

/**
 * Tells a checksum that its sender left for hardware to finish: over a veth such packets arrive as they are, and after
 * a rewrite their receiver throws them away. Linux leaves the bare sum of the pseudo header there (RFC 9293 §3.1),
 * which a finished checksum equals once in 65,536 packets.
 */
final class UnfinishedChecksum {
    private UnfinishedChecksum() {
    }

    /** Whether the transport checksum of a packet is nothing but the sum of its pseudo header. */
    static boolean of(final Packet packet) {
        final int found = packet.protocol() == Ipv4.PROTOCOL_TCP
            ? Tcp.checksum(packet.memory(), packet.transport()) : Udp.checksum(packet.memory(), packet.transport());
        final int source = Addresses.ipv4(packet.sourceLow());
        final int destination = Addresses.ipv4(packet.destinationLow());
        int sum = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff)
            + packet.protocol() + packet.networkLengthBytes() - packet.networkHeaderBytes();
        sum = (sum & 0xffff) + (sum >>> 16);
        return found == ((sum & 0xffff) + (sum >>> 16)) && packet.protocol() != Ipv4.PROTOCOL_SCTP;
    }
}
