package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/** Reads the headers of an IPv6 packet into its cursor, as {@link PacketParser} does those of an IPv4 one. */
final class Ipv6Parser {
    private static final int MULTICAST = 0xff;
    private static final long LOOPBACK = 1;

    private Ipv6Parser() {
    }

    /**
     * Parses.
     *
     * @param room bytes behind the Ethernet header, of which the last ones can be padding.
     */
    static ParseResult parse(final Packet packet, final int room) {
        final MemorySegment memory = packet.memory;
        final long network = packet.frame + Ethernet.HEADER_BYTES;
        if (room < Ipv6.HEADER_BYTES) {
            return ParseResult.TRUNCATED;
        }
        if (Ipv6.version(memory, network) != 6) {
            return ParseResult.BAD_HEADER;
        }
        final int payloadBytes = Ipv6.payloadLength(memory, network);
        if (room < Ipv6.HEADER_BYTES + payloadBytes) {
            return ParseResult.TRUNCATED;
        }
        final Ipv6Extensions extensions = packet.extensions;
        final boolean walked = extensions.walk(memory, network, payloadBytes);
        packet.version = 6;
        packet.network = network;
        packet.networkHeaderBytes = Ipv6.HEADER_BYTES + (walked ? extensions.bytes() : 0);
        packet.networkLengthBytes = Ipv6.HEADER_BYTES + payloadBytes;
        packet.transport = network + packet.networkHeaderBytes;
        packet.protocol = extensions.protocol();
        packet.sourceHigh = Ipv6.sourceHigh(memory, network);
        packet.sourceLow = Ipv6.sourceLow(memory, network);
        packet.destinationHigh = Ipv6.destinationHigh(memory, network);
        packet.destinationLow = Ipv6.destinationLow(memory, network);
        packet.sourcePort = 0;
        packet.destinationPort = 0;
        packet.tcpFlags = 0;
        if (isMartian(packet.sourceHigh, packet.sourceLow)) {
            return ParseResult.MARTIAN_SOURCE;
        }
        if (extensions.fragment()) {
            return parseFragment(packet, walked);
        }
        return walked ? parseTransport(packet) : ParseResult.TRANSPORT_MISSING;
    }

    /**
     * The headers of a fragment end with its fragment header, and its protocol is what that says. The first one must
     * have all others, too (RFC 7112; net/ipv6/reassembly.c, ipv6frag_thdr_truncated).
     */
    private static ParseResult parseFragment(final Packet packet, final boolean walked) {
        final Ipv6Extensions extensions = packet.extensions;
        final long header = packet.network + Ipv6.HEADER_BYTES + extensions.fragmentAt();
        final int room = packet.networkLengthBytes - packet.networkHeaderBytes;
        final boolean complete = extensions.laterFragment()
            || walked && room >= leastTransportBytes(packet.protocol);
        packet.networkHeaderBytes = Ipv6.HEADER_BYTES + extensions.fragmentAt() + Ipv6FragmentHeader.BYTES;
        packet.transport = packet.network + packet.networkHeaderBytes;
        packet.protocol = Ipv6FragmentHeader.nextHeader(packet.memory, header);
        return complete ? ParseResult.FRAGMENT : ParseResult.FRAGMENT_CUT;
    }

    private static int leastTransportBytes(final int protocol) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> Tcp.HEADER_BYTES;
            case Ipv4.PROTOCOL_UDP -> Udp.HEADER_BYTES;
            case Ipv6.PROTOCOL_ICMPV6 -> Icmpv6.HEADER_BYTES;
            default -> 1;
        };
    }

    private static ParseResult parseTransport(final Packet packet) {
        final int room = packet.networkLengthBytes - packet.networkHeaderBytes;
        return switch (packet.protocol) {
            case Ipv4.PROTOCOL_TCP -> PacketParser.parseTcp(packet, room);
            case Ipv4.PROTOCOL_UDP -> PacketParser.parseUdp(packet, room);
            case Ipv4.PROTOCOL_SCTP -> PacketParser.parseSctp(packet, room);
            case Ipv6.PROTOCOL_ICMPV6 -> room < Icmpv6.HEADER_BYTES ? ParseResult.TRANSPORT_MISSING : ParseResult.OK;
            default -> ParseResult.UNKNOWN_PROTOCOL;
        };
    }

    /**
     * Sources that Linux drops on any interface (ip6_input.c): multicast, loopback, IPv4-mapped, by which here an IPv4
     * address is known. Nobody can answer the unspecified one, either.
     */
    private static boolean isMartian(final long high, final long low) {
        return high >>> 56 == MULTICAST || high == 0 && (low == 0 || low == LOOPBACK || Addresses.isIpv4(high, low));
    }
}
