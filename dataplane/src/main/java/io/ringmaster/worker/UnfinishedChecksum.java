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
        if (packet.version() == 6) {
            return found == ofIpv6(packet);
        }
        final int source = Addresses.ipv4(packet.sourceLow());
        final int destination = Addresses.ipv4(packet.destinationLow());
        int sum = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff)
            + packet.protocol() + packet.networkLengthBytes() - packet.networkHeaderBytes();
        sum = (sum & 0xffff) + (sum >>> 16);
        return found == ((sum & 0xffff) + (sum >>> 16));
    }

    private static int ofIpv6(final Packet packet) {
        long sum = words(packet.sourceHigh()) + words(packet.sourceLow()) + words(packet.destinationHigh())
            + words(packet.destinationLow()) + packet.protocol() + packet.networkLengthBytes()
            - packet.networkHeaderBytes();
        sum = (sum & 0xffff) + (sum >>> 16);
        return (int) ((sum & 0xffff) + (sum >>> 16));
    }

    private static long words(final long four) {
        return (four >>> 48) + (four >>> 32 & 0xffff) + (four >>> 16 & 0xffff) + (four & 0xffff);
    }
}
