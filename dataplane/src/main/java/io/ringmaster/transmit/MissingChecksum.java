package io.ringmaster.transmit;

import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * The checksum of a masqueraded datagram that came without one: the kernel's director gives it one, in both directions
 * (ip_vs_proto_udp.c). A class of its own, since the compiler is told to put all of {@link Masquerading} into the path
 * of the common packet.
 */
final class MissingChecksum {
    private MissingChecksum() {
    }

    /** Makes the checksum of a datagram as it stands in memory now. */
    static void make(final Packet packet) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final int lengthBytes = packet.networkLengthBytes() - packet.networkHeaderBytes();
        final int made = packet.version() == 6
            ? Checksum.ofTransport(memory, network, packet.transport(), lengthBytes, Ipv4.PROTOCOL_UDP)
            : Checksum.ofTransport(memory, packet.transport(), lengthBytes, Ipv4.source(memory, network),
                Ipv4.destination(memory, network), Ipv4.PROTOCOL_UDP);
        Udp.checksum(memory, packet.transport(), made == 0 ? Udp.ZERO_CHECKSUM : made);
    }
}
