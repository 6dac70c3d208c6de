package io.ringmaster.transmit;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * Tunneling (-i), IP in IP (RFC 2003, RFC 2473, RFC 4213): an outer header from the director to the real server, in the
 * headroom in front of the packet. Either header is of either family. The fields are those that kernel IPVS writes,
 * which differ from the RFCs in the time to live.
 * <pre>
 *  |         headroom         | Ethernet |       IP, client to VIP       | TCP or UDP ...
 *  |     | Ethernet |  IP, DIP to RIP    |       IP, client to VIP       | TCP or UDP ...
 * </pre>
 */
public final class Tunneling {
    /** Bytes that a packet grows by in IPv4; the frame must have as many in front of the Ethernet header. */
    public static final int OVERHEAD_BYTES = Ipv4.HEADER_BYTES;
    /** The same in IPv6. */
    public static final int OVERHEAD_IN_IPV6_BYTES = Ipv6.HEADER_BYTES;

    private Tunneling() {
    }

    /**
     * Wraps the packet, whose time to live has been decremented already, in IPv4. The outer header has the inner one's
     * time to live, type of service (congestion experienced becomes ECT(0), RFC 3168 §9.1.1) and don't-fragment bit,
     * which it never has around IPv6. MACs are left to {@link EthernetRewrite}.
     *
     * @param outerSource      the director's address on the way to the real server, 32 bits in network order.
     * @param outerDestination the real server.
     * @param identification   running number of the worker for packets that may be fragmented, low 16 bits; a packet
     *                         with the don't-fragment bit gets 0 (RFC 6864 §4.1).
     */
    public static void encapsulateIpip(final Packet packet, final int outerSource, final int outerDestination,
        final int identification) {
        final MemorySegment memory = packet.memory();
        final long outer = packet.network() - OVERHEAD_BYTES;
        final boolean dontFragment = InnerPacket.dontFragmentOuter(packet);
        final int lengthBytes = packet.networkLengthBytes() + OVERHEAD_BYTES;
        Ipv4.versionAndIhl(memory, outer, Ipv4.VERSION_4_IHL_5);
        Ipv4.typeOfService(memory, outer, InnerPacket.outerTypeOfService(packet));
        Ipv4.totalLength(memory, outer, lengthBytes);
        Ipv4.identification(memory, outer, dontFragment ? 0 : identification);
        Ipv4.fragmentWord(memory, outer, dontFragment ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.timeToLive(memory, outer, packet.timeToLive());
        Ipv4.protocol(memory, outer, InnerPacket.protocol(packet));
        Ipv4.source(memory, outer, outerSource);
        Ipv4.destination(memory, outer, outerDestination);
        Ipv4.writeChecksum(memory, outer);
        packet.relocate(outer, lengthBytes);
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV4);
    }

    /**
     * As {@link #encapsulateIpip}, in IPv6: the flow label is 0.
     *
     * @param sourceHigh      the director's address on the way to the real server, high long.
     * @param sourceLow       the same, low long.
     * @param destinationHigh the real server, high long.
     * @param destinationLow  the same, low long.
     */
    public static void encapsulateInIpv6(final Packet packet, final long sourceHigh, final long sourceLow,
        final long destinationHigh, final long destinationLow) {
        final MemorySegment memory = packet.memory();
        final long outer = packet.network() - OVERHEAD_IN_IPV6_BYTES;
        final int payloadBytes = packet.networkLengthBytes();
        Ipv6.versionAndClass(memory, outer, InnerPacket.outerTypeOfService(packet));
        Ipv6.payloadLength(memory, outer, payloadBytes);
        Ipv6.nextHeader(memory, outer, InnerPacket.protocol(packet));
        Ipv6.hopLimit(memory, outer, packet.timeToLive());
        Ipv6.source(memory, outer, sourceHigh, sourceLow);
        Ipv6.destination(memory, outer, destinationHigh, destinationLow);
        packet.relocateIpv6(outer, payloadBytes + OVERHEAD_IN_IPV6_BYTES);
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV6);
    }
}
