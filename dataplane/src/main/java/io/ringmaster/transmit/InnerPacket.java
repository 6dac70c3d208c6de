package io.ringmaster.transmit;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;

/** What a tunnel header takes from the packet that it is put around, of either family. */
final class InnerPacket {
    private static final int ECN_MASK = 0x3;
    private static final int ECN_CE = 0x3;
    private static final int ECN_ECT0 = 0x2;

    private InnerPacket() {
    }

    /**
     * The type of service or traffic class of the outer header: the inner one's, where congestion experienced becomes
     * ECT(0) (RFC 3168 §9.1.1).
     */
    static int outerTypeOfService(final Packet packet) {
        final int tos = packet.version() == 6 ? Ipv6.trafficClass(packet.memory(), packet.network())
            : Ipv4.typeOfService(packet.memory(), packet.network());
        return (tos & ECN_MASK) == ECN_CE ? tos & ~ECN_MASK | ECN_ECT0 : tos;
    }

    /** Protocol number of the packet as content of another. */
    static int protocol(final Packet packet) {
        return packet.version() == 6 ? Ipv6.PROTOCOL_IPV6 : Ipv4.PROTOCOL_IPIP;
    }

    /** Ethernet type of the packet. */
    static int etherType(final Packet packet) {
        return packet.version() == 6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
    }

    /** Whether the outer IPv4 header forbids fragmenting: as the inner one does; for IPv6 it never does. */
    static boolean dontFragmentOuter(final Packet packet) {
        return packet.version() == 4 && packet.dontFragment();
    }
}
