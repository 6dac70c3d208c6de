package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Gre;
import io.ringmaster.packet.Gue;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.TunnelView;
import java.lang.foreign.MemorySegment;

/**
 * Tunneling (-i): an outer header from the director to the real server, in the headroom in front of the packet, and
 * between the two what the tunnel's type asks for. The fields are those that kernel IPVS writes, which differ from RFC
 * 2003 in the time to live.
 * <pre>
 *  |             headroom                   | Ethernet |      IPv4, client to VIP      | TCP or UDP ...
 *  |     | Ethernet | IPv4, DIP to RIP      |                IPv4, client to VIP       | TCP or UDP ...    IPIP
 *  |     | Ethernet | IPv4 | UDP 8 | GUE 4  |                IPv4, client to VIP       | TCP or UDP ...    GUE
 *  |     | Ethernet | IPv4 | GRE 4 or 8     |                IPv4, client to VIP       | TCP or UDP ...    GRE
 * </pre>
 * Remote checksum offload (--tun-remcsum) is asked for by a packet whose own checksum is unfinished; no received one
 * is, so that it has a full checksum instead, as in the kernel.
 */
public final class Tunneling {
    /** Most bytes that a packet grows by; the frame must have as many in front of the Ethernet header. */
    public static final int OVERHEAD_BYTES_MAX = Ipv4.HEADER_BYTES + Udp.HEADER_BYTES + Gue.HEADER_BYTES;
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
     * @param server         says the type, both addresses and the port.
     * @param identification running number of the worker for packets that may be fragmented, low 16 bits; a packet
     *                       with the don't-fragment bit gets 0 (RFC 6864 §4.1).
     */
    public static void encapsulate(final Packet packet, final RealServerView server, final int identification) {
        final int source = Addresses.ipv4(server.nextHop().sourceLow());
        final int destination = Addresses.ipv4(server.addressLow());
        if (server.ipip()) {
            outer(packet, packet.network(), Ipv4.PROTOCOL_IPIP, source, destination, identification);
        } else {
            layered(packet, server.tunnel(), source, destination, identification);
        }
    }

    private static void layered(final Packet packet, final TunnelView tunnel, final int source, final int destination,
                                final int identification) {
        final long layer = packet.network() - tunnel.layerBytes();
        final int bytes = packet.networkLengthBytes() + tunnel.layerBytes();
        if (tunnel.type() == TunnelView.Type.GRE) {
            gre(packet, layer, bytes, tunnel.checksum());
            outer(packet, layer, Ipv4.PROTOCOL_GRE, source, destination, identification);
        } else {
            gue(packet, layer, bytes, tunnel.port());
            if (tunnel.checksum()) {
                final int sum = Checksum.ofTransport(packet.memory(), layer, bytes, source, destination,
                    Ipv4.PROTOCOL_UDP);
                Udp.checksum(packet.memory(), layer, sum == 0 ? Udp.ZERO_CHECKSUM : sum);
            }
            outer(packet, layer, Ipv4.PROTOCOL_UDP, source, destination, identification);
        }
    }

    /**
     * Lets a tunnel packet be fragmented on its way, whatever its client asked for.
     *
     * @param packet         just wrapped.
     * @param identification running number of the worker, low 16 bits.
     */
    public static void mayFragment(final Packet packet, final int identification) {
        final MemorySegment memory = packet.memory();
        final long outer = packet.network();
        if (Ipv4.version(memory, outer) == 4 && packet.dontFragment()) {
            Ipv4.identification(memory, outer, identification);
            Ipv4.fragmentWord(memory, outer, 0);
            Ipv4.writeChecksum(memory, outer);
        }
    }

    private static void gre(final Packet packet, final long layer, final int bytes, final boolean checksum) {
        if (checksum) {
            Gre.writeWithChecksum(packet.memory(), layer, Ethernet.TYPE_IPV4, bytes);
        } else {
            Gre.write(packet.memory(), layer, Ethernet.TYPE_IPV4);
        }
    }

    private static void gue(final Packet packet, final long layer, final int bytes, final int port) {
        final MemorySegment memory = packet.memory();
        Udp.sourcePort(memory, layer, FlowPort.of(packet));
        Udp.destinationPort(memory, layer, port);
        Udp.length(memory, layer, bytes);
        Udp.checksum(memory, layer, Udp.NO_CHECKSUM);
        Gue.write(memory, layer + Udp.HEADER_BYTES, Ipv4.PROTOCOL_IPIP);
    }

    /** Writes the outer IPv4 header in front of what it carries, which begins at {@code payload}. */
    private static void outer(final Packet packet, final long payload, final int protocol, final int source,
                              final int destination, final int identification) {
        final MemorySegment memory = packet.memory();
        final long inner = packet.network();
        final long outer = payload - Ipv4.HEADER_BYTES;
        final int tos = Ipv4.typeOfService(memory, inner);
        final boolean congested = (tos & ECN_MASK) == ECN_CE;
        final boolean dontFragment = packet.dontFragment();
        final int lengthBytes = packet.networkLengthBytes() + (int) (inner - outer);
        Ipv4.versionAndIhl(memory, outer, Ipv4.VERSION_4_IHL_5);
        Ipv4.typeOfService(memory, outer, congested ? tos & ~ECN_MASK | ECN_ECT0 : tos);
        Ipv4.totalLength(memory, outer, lengthBytes);
        Ipv4.identification(memory, outer, dontFragment ? 0 : identification);
        Ipv4.fragmentWord(memory, outer, dontFragment ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.timeToLive(memory, outer, Ipv4.timeToLive(memory, inner));
        Ipv4.protocol(memory, outer, protocol);
        Ipv4.source(memory, outer, source);
        Ipv4.destination(memory, outer, destination);
        Ipv4.writeChecksum(memory, outer);
        packet.relocate(outer, lengthBytes);
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV4);
    }
}
