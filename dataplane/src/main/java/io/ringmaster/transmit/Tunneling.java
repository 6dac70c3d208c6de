package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Gre;
import io.ringmaster.packet.Gue;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.TunnelView;
import java.lang.foreign.MemorySegment;

/**
 * Tunneling (-i): an outer header from the director to the real server, in the headroom in front of the packet, and
 * between the two what the tunnel's type asks for. Either IP header is of either family. The fields are those that
 * kernel IPVS writes, which differ from RFC 2003 in the time to live.
 * <pre>
 *  |             headroom                   | Ethernet |       IP, client to VIP       | TCP or UDP ...
 *  |     | Ethernet | IP, DIP to RIP        |                 IP, client to VIP        | TCP or UDP ...    IPIP
 *  |     | Ethernet | IP | UDP 8 | GUE 4    |                 IP, client to VIP        | TCP or UDP ...    GUE
 *  |     | Ethernet | IP | GRE 4 or 8       |                 IP, client to VIP        | TCP or UDP ...    GRE
 * </pre>
 * Remote checksum offload (--tun-remcsum) is asked for by a packet whose own checksum is unfinished; no received one
 * is, so that it has a full checksum instead, as in the kernel.
 */
public final class Tunneling {
    /** Most bytes that a packet grows by; the frame must have as many in front of the Ethernet header. */
    public static final int OVERHEAD_BYTES_MAX = Ipv6.HEADER_BYTES + Udp.HEADER_BYTES + Gue.HEADER_BYTES;

    private Tunneling() {
    }

    /**
     * Wraps the packet, whose time to live has been decremented already. The outer header has the inner one's time to
     * live, type of service (congestion experienced becomes ECT(0), RFC 3168 §9.1.1) and, IPv4 around IPv4,
     * don't-fragment bit. MACs are left to {@link EthernetRewrite}.
     *
     * @param server         says the type, both addresses and the port.
     * @param identification running number of the worker for IPv4 packets that may be fragmented, low 16 bits; a packet
     *                       with the don't-fragment bit gets 0 (RFC 6864 §4.1).
     */
    public static void encapsulate(final Packet packet, final RealServerView server, final int identification) {
        if (server.ipip()) {
            outer(packet, packet.network(), InnerPacket.protocol(packet), server, identification);
        } else {
            layered(packet, server, identification);
        }
    }

    private static void layered(final Packet packet, final RealServerView server, final int identification) {
        final TunnelView tunnel = server.tunnel();
        final long layer = packet.network() - tunnel.layerBytes();
        if (tunnel.type() == TunnelView.Type.GRE) {
            gre(packet, layer, tunnel);
            outer(packet, layer, Ipv4.PROTOCOL_GRE, server, identification);
            return;
        }
        gue(packet, layer, tunnel);
        outer(packet, layer, Ipv4.PROTOCOL_UDP, server, identification);
        if (tunnel.checksum()) {
            checksum(packet, layer, server);
        }
    }

    private static void outer(final Packet packet, final long payload, final int protocol,
                              final RealServerView server, final int identification) {
        if (server.ipv4()) {
            outerIpv4(packet, payload, protocol, server, identification);
        } else {
            outerIpv6(packet, payload, protocol, server);
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
        if (Ipv4.version(memory, outer) == 4 && (Ipv4.fragmentWord(memory, outer) & Ipv4.DONT_FRAGMENT) != 0) {
            Ipv4.identification(memory, outer, identification);
            Ipv4.fragmentWord(memory, outer, 0);
            Ipv4.writeChecksum(memory, outer);
        }
    }

    private static void gre(final Packet packet, final long layer, final TunnelView tunnel) {
        if (tunnel.checksum()) {
            Gre.writeWithChecksum(packet.memory(), layer, InnerPacket.etherType(packet),
                packet.networkLengthBytes() + tunnel.layerBytes());
        } else {
            Gre.write(packet.memory(), layer, InnerPacket.etherType(packet));
        }
    }

    private static void gue(final Packet packet, final long layer, final TunnelView tunnel) {
        final MemorySegment memory = packet.memory();
        Udp.sourcePort(memory, layer, FlowPort.of(packet));
        Udp.destinationPort(memory, layer, tunnel.port());
        Udp.length(memory, layer, packet.networkLengthBytes() + tunnel.layerBytes());
        Udp.checksum(memory, layer, Udp.NO_CHECKSUM);
        Gue.write(memory, layer + Udp.HEADER_BYTES, InnerPacket.protocol(packet));
    }

    /** The checksum of the UDP header, behind the outer IP header, which is there. */
    private static void checksum(final Packet packet, final long udp, final RealServerView server) {
        final MemorySegment memory = packet.memory();
        final int bytes = packet.networkLengthBytes() - packet.networkHeaderBytes();
        final int sum = server.ipv4()
            ? Checksum.ofTransport(memory, udp, bytes, Ipv4.source(memory, packet.network()),
                Ipv4.destination(memory, packet.network()), Ipv4.PROTOCOL_UDP)
            : Checksum.ofTransport(memory, packet.network(), udp, bytes, Ipv4.PROTOCOL_UDP);
        Udp.checksum(memory, udp, sum == 0 ? Udp.ZERO_CHECKSUM : sum);
    }

    /** Writes the outer IPv4 header in front of what it carries, which begins at {@code payload}. */
    private static void outerIpv4(final Packet packet, final long payload, final int protocol,
                                  final RealServerView server, final int identification) {
        final MemorySegment memory = packet.memory();
        final long outer = payload - Ipv4.HEADER_BYTES;
        final boolean dontFragment = InnerPacket.dontFragmentOuter(packet);
        final int lengthBytes = packet.networkLengthBytes() + (int) (packet.network() - outer);
        Ipv4.versionAndIhl(memory, outer, Ipv4.VERSION_4_IHL_5);
        Ipv4.typeOfService(memory, outer, InnerPacket.outerTypeOfService(packet));
        Ipv4.totalLength(memory, outer, lengthBytes);
        Ipv4.identification(memory, outer, dontFragment ? 0 : identification);
        Ipv4.fragmentWord(memory, outer, dontFragment ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.timeToLive(memory, outer, packet.timeToLive());
        Ipv4.protocol(memory, outer, protocol);
        Ipv4.source(memory, outer, Addresses.ipv4(server.nextHop().sourceLow()));
        Ipv4.destination(memory, outer, Addresses.ipv4(server.addressLow()));
        Ipv4.writeChecksum(memory, outer);
        packet.relocate(outer, lengthBytes);
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV4);
    }

    /** The same in IPv6; the flow label is 0. */
    private static void outerIpv6(final Packet packet, final long payload, final int protocol,
                                  final RealServerView server) {
        final MemorySegment memory = packet.memory();
        final NextHop hop = server.nextHop();
        final long outer = payload - Ipv6.HEADER_BYTES;
        final int payloadBytes = packet.networkLengthBytes() + (int) (packet.network() - payload);
        Ipv6.versionAndClass(memory, outer, InnerPacket.outerTypeOfService(packet));
        Ipv6.payloadLength(memory, outer, payloadBytes);
        Ipv6.nextHeader(memory, outer, protocol);
        Ipv6.hopLimit(memory, outer, packet.timeToLive());
        Ipv6.source(memory, outer, hop.sourceHigh(), hop.sourceLow());
        Ipv6.destination(memory, outer, server.addressHigh(), server.addressLow());
        packet.relocateIpv6(outer, Ipv6.HEADER_BYTES + payloadBytes);
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV6);
    }
}
