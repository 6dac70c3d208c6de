package io.ringmaster.transmit;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * Turns an IPv6 packet, in its frame, into the ICMPv6 error that goes back to its sender (RFC 4443), as
 * {@link IcmpErrors} does for IPv4:
 * <pre>
 *  |            headroom           | Ethernet 14 | IPv6 ... the packet ...
 *  |  | Ethernet 14 | IPv6 40       |    ICMPv6 8 | IPv6 ... the first 1,232 bytes of the packet at most
 * </pre>
 */
final class Icmpv6Errors {
    /** Bytes needed in front of the Ethernet header. */
    static final int HEADROOM_BYTES = Ipv6.HEADER_BYTES + Icmpv6.HEADER_BYTES;
    private static final int HOP_LIMIT = 64;
    private static final int MULTICAST = 0xff;

    private Icmpv6Errors() {
    }

    /** Makes the error, unless there must be none; addressed to the MAC that the packet came from. */
    static boolean answer(final Packet packet, final int type, final int code, final int rest, final long sourceHigh,
        final long sourceLow) {
        if (!mayAnswer(packet, type)) {
            return false;
        }
        final MemorySegment memory = packet.memory();
        final long back = Ethernet.source(memory, packet.frame());
        final long self = Ethernet.destination(memory, packet.frame());
        write(packet, packet.network(), packet.networkLengthBytes(), type, code, rest);
        address(packet, sourceHigh, sourceLow, packet.sourceHigh(), packet.sourceLow());
        Ethernet.destination(memory, packet.frame(), back);
        Ethernet.source(memory, packet.frame(), self);
        return true;
    }

    /** RFC 4443 §2.4 (e): none about an error, and about what went to many only that it was too big. */
    private static boolean mayAnswer(final Packet packet, final int type) {
        final MemorySegment memory = packet.memory();
        final boolean toMany = Ethernet.isGroup(Ethernet.destination(memory, packet.frame()))
            || Ipv6.destinationHigh(memory, packet.network()) >>> 56 == MULTICAST;
        if (toMany && type != Icmpv6.PACKET_TOO_BIG) {
            return false;
        }
        return packet.protocol() != Ipv6.PROTOCOL_ICMPV6 || !Icmpv6.isError(Icmp.type(memory, packet.transport()));
    }

    /**
     * Writes the headers in front of the quote, and points the cursor at them; addresses, and the checksum that covers
     * them, are {@link #address}'s, MACs the caller's.
     */
    static void write(final Packet packet, final long quote, final int quotedBytes, final int type, final int code,
        final int rest) {
        final MemorySegment memory = packet.memory();
        final int lengthBytes = Math.min(quotedBytes + HEADROOM_BYTES, Ipv6.MINIMUM_MTU_BYTES);
        final long network = quote - HEADROOM_BYTES;
        final long icmp = network + Ipv6.HEADER_BYTES;
        Icmp.type(memory, icmp, type);
        Icmp.code(memory, icmp, code);
        Icmp.rest(memory, icmp, rest);
        Ipv6.versionAndClass(memory, network, 0);
        Ipv6.payloadLength(memory, network, lengthBytes - Ipv6.HEADER_BYTES);
        Ipv6.nextHeader(memory, network, Ipv6.PROTOCOL_ICMPV6);
        Ipv6.hopLimit(memory, network, HOP_LIMIT);
        packet.relocateIpv6(network, lengthBytes);
        if (packet.largestFragmentBytes() != 0) {
            // What it was about came in fragments; this is a packet of its own.
            packet.cameInFragments(Packet.LENGTH_BYTES_MAX);
        }
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV6);
    }

    /** Writes the addresses of what {@link #write} made, and its checksum. */
    static void address(final Packet packet, final long sourceHigh, final long sourceLow, final long destinationHigh,
        final long destinationLow) {
        final MemorySegment memory = packet.memory();
        Ipv6.source(memory, packet.network(), sourceHigh, sourceLow);
        Ipv6.destination(memory, packet.network(), destinationHigh, destinationLow);
        Icmpv6.writeChecksum(memory, packet.network(), packet.transport(),
            packet.networkLengthBytes() - Ipv6.HEADER_BYTES);
    }
}
