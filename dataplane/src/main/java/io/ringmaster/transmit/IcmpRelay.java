package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * ICMP and ICMPv6 errors about connections, translated so that whom they concern understands them (RFC 5508 §4, and
 * the bytes of kernel IPVS). Time to live and MACs are other steps. By direct routing and tunneling an error from the
 * client's side goes to the real server as a data packet does, and needs nothing of this.
 */
public final class IcmpRelay {
    private IcmpRelay() {
    }

    /** Whether the ICMP or ICMPv6 checksum holds. */
    public static boolean checksumHolds(final Packet packet) {
        return 0 == (packet.version() == 6
            ? Icmpv6.checksum(packet.memory(), packet.network(), packet.transport(), icmpBytes(packet))
            : Checksum.of(packet.memory(), packet.transport(), icmpBytes(packet)));
    }

    /**
     * NAT, an error from the client's side about a reply: it goes on to the real server, as if about what that sent.
     * Destination and quoted source become the real server's; the checksums of the quoted header and of the error are
     * made anew, right or not.
     *
     * @param high address of the real server, high long (see {@link Addresses}).
     * @param low  the same, low long.
     * @param port of the real server.
     */
    public static void toRealServer(final Packet packet, final IcmpQuote quote, final long high, final long low,
        final int port) {
        final MemorySegment memory = packet.memory();
        Udp.sourcePort(memory, quote.transport(), port);
        if (packet.version() == 6) {
            Ipv6.source(memory, quote.network(), high, low);
            Ipv6.destination(memory, packet.network(), high, low);
            correctIpv6(packet);
            return;
        }
        final int rip = Addresses.ipv4(low);
        Ipv4.source(memory, quote.network(), rip);
        final int old = Ipv4.destination(memory, packet.network());
        Ipv4.destination(memory, packet.network(), rip);
        correct(packet, quote, old, rip);
    }

    /**
     * NAT, an error from the real server's side, a router there included, about a client's packet: it goes on to the
     * client, as if from the service. Source and quoted destination become the service's.
     *
     * @param high address of the service, high long.
     * @param low  the same, low long.
     * @param port of the service.
     */
    public static void toClient(final Packet packet, final IcmpQuote quote, final long high, final long low,
        final int port) {
        final MemorySegment memory = packet.memory();
        Udp.destinationPort(memory, quote.transport(), port);
        if (packet.version() == 6) {
            Ipv6.destination(memory, quote.network(), high, low);
            Ipv6.source(memory, packet.network(), high, low);
            correctIpv6(packet);
            return;
        }
        final int vip = Addresses.ipv4(low);
        Ipv4.destination(memory, quote.network(), vip);
        final int old = Ipv4.source(memory, packet.network());
        Ipv4.source(memory, packet.network(), vip);
        correct(packet, quote, old, vip);
    }

    /**
     * An error from the way of our tunnel packets: made anew for the client, from the service, about the packet inside;
     * the MACs are still to be written.
     *
     * @param quote          descended into the packet inside the quoted tunnel packet.
     * @param rest           second word of the ICMP header; for a fragmentation needed or packet too big what fits into
     *                       the tunnel.
     * @param identification running number of the worker for its own packets, low 16 bits.
     */
    public static void fromTunnel(final Packet packet, final IcmpQuote quote, final int rest,
                                  final int identification) {
        if (quote.version() == 6) {
            TunnelErrors.toIpv6(packet, quote, rest);
        } else {
            TunnelErrors.toIpv4(packet, quote, rest, identification);
        }
    }

    private static void correctIpv6(final Packet packet) {
        Icmpv6.writeChecksum(packet.memory(), packet.network(), packet.transport(), icmpBytes(packet));
    }

    private static void correct(final Packet packet, final IcmpQuote quote, final int oldAddress,
        final int newAddress) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        Ipv4.writeChecksum(memory, quote.network());
        final int header = Ipv4.checksum(memory, network);
        Ipv4.checksum(memory, network, Checksum.update32(header, oldAddress, newAddress));
        Icmp.writeChecksum(memory, packet.transport(), icmpBytes(packet));
    }

    private static int icmpBytes(final Packet packet) {
        return packet.networkLengthBytes() - packet.networkHeaderBytes();
    }
}
