package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * Reads the headers of a packet into its cursor. Every length is checked against the frame and against the IP total
 * length before anything behind it is read, so no bytes whatever lead to an exception; nothing is allocated.
 * <p>
 * The order of the checks is that of the kernel's IPv4 input; IPv6 is {@link Ipv6Parser}'s. TCP's data offset is not
 * looked at, nor does the kernel.
 */
public final class PacketParser {
    private static final int PORTS_BYTES = 4;
    // Offsets in a frame with an Ethernet header and an IPv4 header without options, for isOrdinary.
    private static final int TYPE = 12;
    private static final int HEADER = 14;
    private static final int MIDDLE = 22;
    private static final int DESTINATION = 30;
    private static final int TCP_FLAGS = 47;

    private PacketParser() {
    }

    /**
     * Parses the packet that the cursor was wrapped around.
     *
     * @return what was found, and so which fields of the cursor are valid.
     */
    public static ParseResult parse(final Packet packet) {
        final int room = packet.lengthBytes - Ethernet.HEADER_BYTES;
        return room >= Ipv4.HEADER_BYTES + Udp.HEADER_BYTES && isOrdinary(packet, room)
            ? ParseResult.OK : parseStepByStep(packet);
    }

    /**
     * Whether this is what nearly all packets are, a TCP or UDP packet over IPv4 without options that is right in all
     * that the parser checks; then the cursor is complete. Three loads of eight bytes hold nearly all that is asked:
     * <pre>
     *  14                                  22                               30
     *  | 45 tos | length | id | fragment | ttl protocol | checksum | source | destination | ports ...
     * </pre>
     */
    private static boolean isOrdinary(final Packet packet, final int room) {
        final MemorySegment memory = packet.memory;
        final long frame = packet.frame;
        final long first = BigEndian.i64(memory, frame + HEADER);
        final long second = BigEndian.i64(memory, frame + MIDDLE);
        final long third = BigEndian.i64(memory, frame + DESTINATION);
        final int totalBytes = (int) (first >>> 32) & 0xffff;
        final int protocol = (int) (second >>> 48) & 0xff;
        final int source = (int) second;
        final int least = protocol == Ipv4.PROTOCOL_TCP ? Ipv4.HEADER_BYTES + Tcp.HEADER_BYTES
            : Ipv4.HEADER_BYTES + Udp.HEADER_BYTES;
        if (first >>> 56 != Ipv4.VERSION_4_IHL_5 || BigEndian.u16(memory, frame + TYPE) != Ethernet.TYPE_IPV4
            || (first & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET)) != 0
            || protocol != Ipv4.PROTOCOL_TCP && protocol != Ipv4.PROTOCOL_UDP || totalBytes > room
            || totalBytes < least || isMartian(source)
            || !Checksum.isRight((first >>> 32) + (first & 0xffff_ffffL) + (second >>> 32)
                + (second & 0xffff_ffffL) + (third >>> 32))) {
            return false;
        }
        if (packet.version != 4) {
            packet.version = 4;
            packet.sourceHigh = Addresses.IPV4_HIGH;
            packet.destinationHigh = Addresses.IPV4_HIGH;
        }
        packet.network = frame + Ethernet.HEADER_BYTES;
        packet.networkHeaderBytes = Ipv4.HEADER_BYTES;
        packet.networkLengthBytes = totalBytes;
        packet.transport = frame + Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        packet.protocol = protocol;
        packet.sourceLow = Addresses.ipv4Low(source);
        packet.destinationLow = Addresses.ipv4Low((int) (third >>> 32));
        packet.sourcePort = (int) third >>> 16;
        packet.destinationPort = (int) third & 0xffff;
        packet.tcpFlags = protocol == Ipv4.PROTOCOL_TCP ? BigEndian.u8(memory, frame + TCP_FLAGS) : 0;
        return true;
    }

    private static ParseResult parseStepByStep(final Packet packet) {
        final MemorySegment memory = packet.memory;
        final int room = packet.lengthBytes - Ethernet.HEADER_BYTES;
        if (room < 0) {
            return ParseResult.TRUNCATED;
        }
        final int type = Ethernet.type(memory, packet.frame);
        if (type != Ethernet.TYPE_IPV4) {
            return type == Ethernet.TYPE_IPV6 ? Ipv6Parser.parse(packet, room) : ParseResult.NOT_IP;
        }
        if (room < Ipv4.HEADER_BYTES) {
            return ParseResult.TRUNCATED;
        }
        final long network = packet.frame + Ethernet.HEADER_BYTES;
        final int headerBytes = Ipv4.headerBytes(memory, network);
        if (Ipv4.version(memory, network) != 4 || headerBytes < Ipv4.HEADER_BYTES) {
            return ParseResult.BAD_HEADER;
        }
        if (room < headerBytes) {
            return ParseResult.TRUNCATED;
        }
        if (Checksum.ofIpv4Header(memory, network, headerBytes) != 0) {
            return ParseResult.BAD_CHECKSUM;
        }
        final int totalBytes = Ipv4.totalLength(memory, network);
        if (room < totalBytes) {
            return ParseResult.TRUNCATED;
        }
        if (totalBytes < headerBytes) {
            return ParseResult.BAD_HEADER;
        }
        return parseNetwork(packet, network, headerBytes, totalBytes);
    }

    private static ParseResult parseNetwork(final Packet packet, final long network, final int headerBytes,
        final int totalBytes) {
        final MemorySegment memory = packet.memory;
        final int source = Ipv4.source(memory, network);
        packet.version = 4;
        packet.network = network;
        packet.networkHeaderBytes = headerBytes;
        packet.networkLengthBytes = totalBytes;
        packet.transport = network + headerBytes;
        packet.protocol = Ipv4.protocol(memory, network);
        packet.sourceHigh = Addresses.IPV4_HIGH;
        packet.sourceLow = Addresses.ipv4Low(source);
        packet.destinationHigh = Addresses.IPV4_HIGH;
        packet.destinationLow = Addresses.ipv4Low(Ipv4.destination(memory, network));
        packet.sourcePort = 0;
        packet.destinationPort = 0;
        packet.tcpFlags = 0;
        if (isMartian(source)) {
            return ParseResult.MARTIAN_SOURCE;
        }
        if ((Ipv4.fragmentWord(memory, network) & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET)) != 0) {
            return ParseResult.FRAGMENT;
        }
        return switch (packet.protocol) {
            case Ipv4.PROTOCOL_TCP -> parseTcp(packet, totalBytes - headerBytes);
            case Ipv4.PROTOCOL_UDP -> parseUdp(packet, totalBytes - headerBytes);
            case Ipv4.PROTOCOL_ICMP -> totalBytes - headerBytes < Icmp.HEADER_BYTES
                ? ParseResult.TRANSPORT_MISSING : ParseResult.OK;
            default -> ParseResult.UNKNOWN_PROTOCOL;
        };
    }

    static ParseResult parseTcp(final Packet packet, final int room) {
        if (room < PORTS_BYTES) {
            return ParseResult.TRANSPORT_MISSING;
        }
        packet.sourcePort = Tcp.sourcePort(packet.memory, packet.transport);
        packet.destinationPort = Tcp.destinationPort(packet.memory, packet.transport);
        if (room < Tcp.HEADER_BYTES) {
            return ParseResult.TRANSPORT_CUT;
        }
        packet.tcpFlags = Tcp.flags(packet.memory, packet.transport);
        return ParseResult.OK;
    }

    static ParseResult parseUdp(final Packet packet, final int room) {
        if (room < PORTS_BYTES) {
            return ParseResult.TRANSPORT_MISSING;
        }
        packet.sourcePort = Udp.sourcePort(packet.memory, packet.transport);
        packet.destinationPort = Udp.destinationPort(packet.memory, packet.transport);
        return room < Udp.HEADER_BYTES ? ParseResult.TRANSPORT_CUT : ParseResult.OK;
    }

    /** Sources that Linux refuses as martian on any interface: RFC 1122 §3.2.1.3 (a), (c), (g); RFC 1112. */
    private static boolean isMartian(final int source) {
        return source == 0 || source >>> 24 == 127 || source >>> 28 == 0xe || source == -1;
    }
}
