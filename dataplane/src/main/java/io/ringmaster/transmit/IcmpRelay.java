package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * ICMP errors about connections, translated so that whom they concern understands them (RFC 5508 §4, and the bytes of
 * kernel IPVS). Time to live and MACs are other steps. By direct routing and tunneling an error from the client's side
 * goes to the real server as a data packet does, and needs nothing of this.
 */
public final class IcmpRelay {
    private IcmpRelay() {
    }

    /** Whether the ICMP checksum holds; an error of which it does not is dropped, in either direction. */
    public static boolean checksumHolds(final Packet packet) {
        return Checksum.of(packet.memory(), packet.transport(), icmpBytes(packet)) == 0;
    }

    /**
     * NAT, an error from the client's side about a reply: it goes on to the real server, as if about what that sent.
     * Destination and quoted source become the real server's; the quoted header's checksum is made anew, right or not.
     *
     * @param rip   address of the real server, 32 bits in network order.
     * @param rport port of the real server.
     */
    public static void toRealServer(final Packet packet, final IcmpQuote quote, final int rip, final int rport) {
        final MemorySegment memory = packet.memory();
        Ipv4.source(memory, quote.network(), rip);
        Udp.sourcePort(memory, quote.transport(), rport);
        final int old = Ipv4.destination(memory, packet.network());
        Ipv4.destination(memory, packet.network(), rip);
        correct(packet, quote, old, rip);
    }

    /**
     * NAT, an error from the real server's side, a router there included, about a client's packet: it goes on to the
     * client, as if from the service. Source and quoted destination become the service's.
     *
     * @param vip   address of the service, 32 bits in network order.
     * @param vport port of the service.
     */
    public static void toClient(final Packet packet, final IcmpQuote quote, final int vip, final int vport) {
        final MemorySegment memory = packet.memory();
        Ipv4.destination(memory, quote.network(), vip);
        Udp.destinationPort(memory, quote.transport(), vport);
        final int old = Ipv4.source(memory, packet.network());
        Ipv4.source(memory, packet.network(), vip);
        correct(packet, quote, old, vip);
    }

    /**
     * An error from the way of our tunnel packets: made anew for the client, from the service, about the packet inside;
     * the MACs are still to be written.
     *
     * @param quote          descended into the packet inside the quoted tunnel packet.
     * @param rest           second word of the ICMP header; for a fragmentation needed what fits into the tunnel.
     * @param identification running number of the worker for its own packets, low 16 bits.
     */
    public static void fromTunnel(final Packet packet, final IcmpQuote quote, final int rest,
                                  final int identification) {
        final int client = Addresses.ipv4(quote.sourceLow());
        final int vip = Addresses.ipv4(quote.destinationLow());
        IcmpErrors.write(packet, quote.network(), quote.lengthBytes(), quote.type(), quote.code(), rest, vip, client,
            identification);
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
