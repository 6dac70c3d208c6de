package io.ringmaster.transmit;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * Tunneling (-i), IPv4 in IPv4 (RFC 2003): an outer header from the director to the real server, in the headroom in
 * front of the packet. Its fields are those that kernel IPVS writes, which differ from RFC 2003 in the time to live.
 * <pre>
 *  |         headroom         | Ethernet |      IPv4, client to VIP      | TCP or UDP ...
 *  |     | Ethernet | IPv4, DIP to RIP   |      IPv4, client to VIP      | TCP or UDP ...
 * </pre>
 */
public final class Tunneling {
    /** Bytes that a packet grows by; the frame must have as many in front of the Ethernet header. */
    public static final int OVERHEAD_BYTES = Ipv4.HEADER_BYTES;
    private static final int ECN_MASK = 0x3;
    private static final int ECN_CE = 0x3;
    private static final int ECN_ECT0 = 0x2;

    private Tunneling() {
    }

    /**
     * Wraps the packet, whose time to live has been decremented already. The outer header has the inner one's time to
     * live, type of service (congestion experienced becomes ECT(0), RFC 3168 §9.1.1) and don't-fragment bit. MACs are
     * left to {@link EthernetRewrite}.
     *
     * @param outerSource      the director's address on the way to the real server, 32 bits in network order.
     * @param outerDestination the real server.
     * @param identification   running number of the worker for packets that may be fragmented, low 16 bits; a packet
     *                         with the don't-fragment bit gets 0 (RFC 6864 §4.1).
     */
    public static void encapsulateIpip(final Packet packet, final int outerSource, final int outerDestination,
        final int identification) {
        final MemorySegment memory = packet.memory();
        final long inner = packet.network();
        final long outer = inner - OVERHEAD_BYTES;
        final int tos = Ipv4.typeOfService(memory, inner);
        final boolean congested = (tos & ECN_MASK) == ECN_CE;
        final boolean dontFragment = packet.dontFragment();
        final int lengthBytes = packet.networkLengthBytes() + OVERHEAD_BYTES;
        Ipv4.versionAndIhl(memory, outer, Ipv4.VERSION_4_IHL_5);
        Ipv4.typeOfService(memory, outer, congested ? tos & ~ECN_MASK | ECN_ECT0 : tos);
        Ipv4.totalLength(memory, outer, lengthBytes);
        Ipv4.identification(memory, outer, dontFragment ? 0 : identification);
        Ipv4.fragmentWord(memory, outer, dontFragment ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.timeToLive(memory, outer, Ipv4.timeToLive(memory, inner));
        Ipv4.protocol(memory, outer, Ipv4.PROTOCOL_IPIP);
        Ipv4.source(memory, outer, outerSource);
        Ipv4.destination(memory, outer, outerDestination);
        Ipv4.writeChecksum(memory, outer);
        packet.relocate(outer, lengthBytes);
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV4);
    }
}
