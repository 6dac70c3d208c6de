package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * Turns a packet, in its frame, into the ICMP error that goes back to its sender (RFC 792, RFC 1812 §4.3.2), with the
 * bytes of the Linux kernel; an IPv6 packet into an ICMPv6 error ({@link Icmpv6Errors}). The packet becomes the quote
 * where it lies; the new headers come in front of it:
 * <pre>
 *  |            headroom           | Ethernet 14 | IPv4 ... the packet ...
 *  |  | Ethernet 14 | IPv4 20       |      ICMP 8 | IPv4 ... the first 548 bytes of the packet at most
 * </pre>
 * The frame must have {@link #HEADROOM_BYTES} in front of the Ethernet header. Every method returns false, and leaves
 * the packet as it is, if there must be no error about it (RFC 1122 §3.2.2): it is an ICMP error itself, a fragment but
 * the first, or went to more than one receiver. How many may be sent is {@link IcmpRateLimiter}'s to say.
 */
public final class IcmpErrors {
    /** Bytes needed in front of the Ethernet header; of an IPv6 packet 20 more. */
    public static final int HEADROOM_BYTES = Ipv4.HEADER_BYTES + Icmp.HEADER_BYTES;
    /** Longest error that is made, as every host must take it (RFC 1812 §4.3.2.3). */
    static final int LENGTH_BYTES_MAX = 576;
    private static final int TIME_TO_LIVE = 64;
    /** Precedence "internetwork control" (RFC 1812 §4.3.2.5). */
    private static final int PRECEDENCE = 0xc0;
    /** The bits of the old type-of-service meaning (RFC 1349), which Linux copies from the packet. */
    private static final int SERVICE_BITS = 0x1e;
    /** Highest type that RFC 792 and RFC 950 know; Linux answers no ICMP beyond it. */
    private static final int TYPE_MAX = 18;

    private IcmpErrors() {
    }

    /**
     * Time exceeded in transit, about a packet that {@link TimeToLive#expires}.
     *
     * @param sourceHigh     address to answer from, of the packet's family: the VIP, or the director's own on the
     *                       packet's side; high long.
     * @param sourceLow      the same, low long.
     * @param identification running number of the worker for its own packets, low 16 bits.
     * @return whether the packet is an error now, addressed to the MAC it came from.
     */
    public static boolean timeExceeded(final Packet packet, final long sourceHigh, final long sourceLow,
        final int identification) {
        return packet.version() == 6
            ? Icmpv6Errors.answer(packet, Icmpv6.TIME_EXCEEDED, 0, 0, sourceHigh, sourceLow)
            : answer(packet, Icmp.TIME_EXCEEDED, 0, 0, Addresses.ipv4(sourceLow), identification);
    }

    /**
     * Time exceeded in reassembly, about the first fragment of a datagram that never became whole.
     *
     * @param sourceHigh     as {@link #timeExceeded}.
     * @param sourceLow      as {@link #timeExceeded}.
     * @param identification as {@link #timeExceeded}.
     * @return whether the packet is an error now.
     */
    public static boolean reassemblyTimeExceeded(final Packet packet, final long sourceHigh, final long sourceLow,
        final int identification) {
        return packet.version() == 6
            ? Icmpv6Errors.answer(packet, Icmpv6.TIME_EXCEEDED, Icmp.REASSEMBLY, 0, sourceHigh, sourceLow)
            : answer(packet, Icmp.TIME_EXCEEDED, Icmp.REASSEMBLY, 0, Addresses.ipv4(sourceLow), identification);
    }

    /**
     * Parameter problem, about the payload length of an IPv6 packet (RFC 8200 §4.5: of a fragment that is not the last
     * and no multiple of 8 bytes long).
     *
     * @param sourceHigh as {@link #timeExceeded}.
     * @param sourceLow  as {@link #timeExceeded}.
     * @return whether the packet is an error now.
     */
    public static boolean wrongLength(final Packet packet, final long sourceHigh, final long sourceLow) {
        return Icmpv6Errors.answer(packet, Icmpv6.PARAMETER_PROBLEM, 0, Ipv6.PAYLOAD_LENGTH, sourceHigh, sourceLow);
    }

    /**
     * Fragmentation needed, or packet too big, about a packet that may not be fragmented and exceeds the MTU. The
     * kernel quotes a client's packet with its time to live decremented already, and a reply of a real server with it
     * as it came.
     *
     * @param mtuBytes       the most the sender may send (RFC 1191 §4); for a tunnel its overhead is off already.
     * @param sourceHigh     as {@link #timeExceeded}.
     * @param sourceLow      as {@link #timeExceeded}.
     * @param identification as {@link #timeExceeded}.
     * @return whether the packet is an error now.
     */
    public static boolean fragmentationNeeded(final Packet packet, final int mtuBytes, final long sourceHigh,
        final long sourceLow, final int identification) {
        return packet.version() == 6
            ? Icmpv6Errors.answer(packet, Icmpv6.PACKET_TOO_BIG, 0, mtuBytes, sourceHigh, sourceLow)
            : answer(packet, Icmp.DESTINATION_UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, mtuBytes & 0xffff,
                Addresses.ipv4(sourceLow), identification);
    }

    /**
     * Port unreachable, about a packet to a service without a usable real server.
     *
     * @param sourceHigh     as {@link #timeExceeded}.
     * @param sourceLow      as {@link #timeExceeded}.
     * @param identification as {@link #timeExceeded}.
     * @return whether the packet is an error now.
     */
    public static boolean portUnreachable(final Packet packet, final long sourceHigh, final long sourceLow,
        final int identification) {
        return packet.version() == 6
            ? Icmpv6Errors.answer(packet, Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.PORT_UNREACHABLE, 0, sourceHigh,
                sourceLow)
            : answer(packet, Icmp.DESTINATION_UNREACHABLE, Icmp.PORT_UNREACHABLE, 0, Addresses.ipv4(sourceLow),
                identification);
    }

    /**
     * Host or address unreachable, about a packet to a real server that no route leads to.
     *
     * @param sourceHigh     as {@link #timeExceeded}.
     * @param sourceLow      as {@link #timeExceeded}.
     * @param identification as {@link #timeExceeded}.
     * @return whether the packet is an error now.
     */
    public static boolean hostUnreachable(final Packet packet, final long sourceHigh, final long sourceLow,
        final int identification) {
        return packet.version() == 6
            ? Icmpv6Errors.answer(packet, Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.ADDRESS_UNREACHABLE, 0, sourceHigh,
                sourceLow)
            : answer(packet, Icmp.DESTINATION_UNREACHABLE, Icmp.HOST_UNREACHABLE, 0, Addresses.ipv4(sourceLow),
                identification);
    }

    private static boolean answer(final Packet packet, final int type, final int code, final int rest,
        final int source, final int identification) {
        if (!mayAnswer(packet)) {
            return false;
        }
        final MemorySegment memory = packet.memory();
        final long back = Ethernet.source(memory, packet.frame());
        final long self = Ethernet.destination(memory, packet.frame());
        final int sender = Addresses.ipv4(packet.sourceLow());
        write(packet, packet.network(), packet.networkLengthBytes(), type, code, rest, source, sender, identification);
        Ethernet.destination(memory, packet.frame(), back);
        Ethernet.source(memory, packet.frame(), self);
        return true;
    }

    private static boolean mayAnswer(final Packet packet) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final int destination = Ipv4.destination(memory, network);
        if (Ethernet.isGroup(Ethernet.destination(memory, packet.frame())) || destination >>> 28 == 0xe
            || destination == -1) {
            return false;
        }
        if ((Ipv4.fragmentWord(memory, network) & Ipv4.FRAGMENT_OFFSET) != 0) {
            return false;
        }
        if (packet.protocol() != Ipv4.PROTOCOL_ICMP) {
            return true;
        }
        final int type = Icmp.type(memory, packet.transport());
        return type <= TYPE_MAX && !Icmp.isError(type);
    }

    /** Writes the three headers in front of the quote, and points the cursor at them; MACs are left to the caller. */
    static void write(final Packet packet, final long quote, final int quotedBytes, final int type, final int code,
        final int rest, final int source, final int destination, final int identification) {
        final MemorySegment memory = packet.memory();
        final int lengthBytes = Math.min(quotedBytes + HEADROOM_BYTES, LENGTH_BYTES_MAX);
        final long network = quote - HEADROOM_BYTES;
        final long icmp = network + Ipv4.HEADER_BYTES;
        final int tos = Ipv4.typeOfService(memory, quote) & SERVICE_BITS | PRECEDENCE;
        Icmp.type(memory, icmp, type);
        Icmp.code(memory, icmp, code);
        Icmp.rest(memory, icmp, rest);
        Icmp.writeChecksum(memory, icmp, lengthBytes - Ipv4.HEADER_BYTES);
        Ipv4.versionAndIhl(memory, network, Ipv4.VERSION_4_IHL_5);
        Ipv4.typeOfService(memory, network, tos);
        Ipv4.totalLength(memory, network, lengthBytes);
        Ipv4.identification(memory, network, identification);
        Ipv4.fragmentWord(memory, network, 0);
        Ipv4.timeToLive(memory, network, TIME_TO_LIVE);
        Ipv4.protocol(memory, network, Ipv4.PROTOCOL_ICMP);
        Ipv4.source(memory, network, source);
        Ipv4.destination(memory, network, destination);
        Ipv4.writeChecksum(memory, network);
        packet.relocate(network, lengthBytes);
        if (packet.largestFragmentBytes() != 0) {
            // What it was about came in fragments; this is a packet of its own.
            packet.cameInFragments(Packet.LENGTH_BYTES_MAX);
        }
        Ethernet.type(memory, packet.frame(), Ethernet.TYPE_IPV4);
    }
}
