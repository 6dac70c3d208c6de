package io.ringmaster.cli.capture;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Gre;
import io.ringmaster.packet.Gue;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import io.ringmaster.packet.Vlan;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A packet as {@code tcpdump -n} prints it: addresses and ports, TCP flags and absolute numbers, lengths; a tunnel's
 * packet with the one in it. Used by one thread.
 */
final class PacketText {
    private static final String FLAG_LETTERS = "FSRP.UEW";
    private static final int TAG_BYTES = 4;
    private static final int VLAN_MASK = 0xfff;
    private static final int DEEPEST = 3;
    /** Behind a cut packet stand zeros for so long, so that no header reads what is not the packet's. */
    private static final int CLEARED_BYTES = 256;
    private static final int TCP_WINDOW = 14;
    private static final int TYPE = 12;

    private final MemorySegment memory =
        Arena.ofAuto().allocate(Packet.LENGTH_BYTES_MAX + Ethernet.HEADER_BYTES + CLEARED_BYTES, Long.BYTES);
    private final Packet packet = new Packet(memory);
    private final IcmpText icmp = new IcmpText();
    private final StringBuilder text = new StringBuilder();

    /**
     * The text of a packet.
     *
     * @param captured  bytes that are there.
     * @param wireBytes bytes that it had.
     */
    String of(final MemorySegment from, final long offset, final int captured, final int wireBytes) {
        MemorySegment.copy(from, offset, memory, 0, captured);
        memory.asSlice(captured, CLEARED_BYTES).fill((byte) 0);
        text.setLength(0);
        int tagBytes = 0;
        while (tagBytes < Vlan.MOST_BYTES && captured >= tagBytes + Vlan.LEAST_BYTES
            && Vlan.isTag(Ethernet.type(memory, tagBytes))) {
            text.append("vlan ").append(BigEndian.u16(memory, tagBytes + Ethernet.HEADER_BYTES) & VLAN_MASK)
                .append(", ");
            tagBytes += TAG_BYTES;
        }
        layer(tagBytes, wireBytes - tagBytes, captured - tagBytes, 0);
        return text.toString();
    }

    private void layer(final long frame, final int lengthBytes, final int captured, final int depth) {
        packet.wrap(frame, lengthBytes, 0);
        final ParseResult result = PacketParser.parse(packet);
        switch (result) {
            case TRUNCATED -> text.append("IP that ends within its headers, length ").append(lengthBytes);
            case NOT_IP -> text.append(String.format("ethertype 0x%04x, length %d", Ethernet.type(memory, frame),
                lengthBytes));
            case BAD_HEADER -> text.append("IP with a header that contradicts itself, length ").append(lengthBytes);
            case BAD_CHECKSUM -> text.append("IP with a wrong header checksum, length ").append(lengthBytes);
            default -> network(result, captured - (int) (packet.transport() - frame), depth);
        }
    }

    /** One with addresses. */
    private void network(final ParseResult result, final int capturedBytes, final int depth) {
        final boolean ports = result != ParseResult.FRAGMENT && result != ParseResult.FRAGMENT_CUT
            && result != ParseResult.TRANSPORT_MISSING && isPorted(packet.protocol());
        text.append(packet.version() == 6 ? "IP6 " : "IP ");
        end(packet.sourceHigh(), packet.sourceLow(), ports ? packet.sourcePort() : -1);
        text.append(" > ");
        end(packet.destinationHigh(), packet.destinationLow(), ports ? packet.destinationPort() : -1);
        text.append(": ");
        final int room = packet.networkLengthBytes() - packet.networkHeaderBytes();
        if (result == ParseResult.FRAGMENT || result == ParseResult.FRAGMENT_CUT) {
            fragment(room);
        } else if (result == ParseResult.TRANSPORT_MISSING || result == ParseResult.TRANSPORT_CUT) {
            text.append(protocol(packet.protocol())).append(" that ends within its header, length ").append(room);
        } else {
            transport(room, capturedBytes, depth);
        }
        if (result == ParseResult.MARTIAN_SOURCE) {
            text.append(" (impossible source)");
        }
    }

    private void end(final long high, final long low, final int port) {
        text.append(Described.address(high, low));
        if (port >= 0) {
            text.append('.').append(port);
        }
    }

    private void fragment(final int room) {
        if (packet.version() == 4) {
            final int word = Ipv4.fragmentWord(memory, packet.network());
            text.append("fragment at ").append((word & Ipv4.FRAGMENT_OFFSET) * Long.BYTES)
                .append((word & Ipv4.MORE_FRAGMENTS) != 0 ? "+" : "").append(", ");
        } else {
            text.append("fragment, ");
        }
        text.append(protocol(packet.protocol())).append(", length ").append(room);
    }

    private void transport(final int room, final int captured, final int depth) {
        switch (packet.protocol()) {
            case Ipv4.PROTOCOL_TCP -> tcp(room, captured);
            case Ipv4.PROTOCOL_UDP -> udp(room, captured, depth);
            case Ipv4.PROTOCOL_ICMP, Ipv6.PROTOCOL_ICMPV6 -> icmp.append(text, packet, room);
            case Ipv4.PROTOCOL_IPIP -> inner("IPIP", Ethernet.TYPE_IPV4, 0, room, captured, depth);
            case Ipv6.PROTOCOL_IPV6 -> inner("IPIP", Ethernet.TYPE_IPV6, 0, room, captured, depth);
            case Ipv4.PROTOCOL_GRE -> gre(room, captured, depth);
            default -> text.append(protocol(packet.protocol())).append(", length ").append(room);
        }
    }

    private void tcp(final int room, final int captured) {
        final long header = packet.transport();
        if (captured < Tcp.HEADER_BYTES) {
            text.append("TCP, cut by --snaplen");
            return;
        }
        final int flags = Tcp.flags(memory, header);
        text.append("Flags [");
        for (int bit = 0; bit < FLAG_LETTERS.length(); bit++) {
            text.append((flags & 1 << bit) == 0 ? "" : FLAG_LETTERS.charAt(bit));
        }
        text.append(flags == 0 ? "none" : "").append("], seq ")
            .append(Integer.toUnsignedString(Tcp.sequence(memory, header)));
        if ((flags & Tcp.ACK) != 0) {
            text.append(", ack ").append(Integer.toUnsignedString(Tcp.acknowledgment(memory, header)));
        }
        text.append(", win ").append(BigEndian.u16(memory, header + TCP_WINDOW)).append(", length ")
            .append(Math.max(0, room - Tcp.headerBytes(memory, header)));
    }

    private void udp(final int room, final int captured, final int depth) {
        final long inside = packet.transport() + Udp.HEADER_BYTES;
        final int headers = Udp.HEADER_BYTES + Gue.HEADER_BYTES;
        // Any datagram may look like one of GUE by its first byte; one of ours has a whole packet in it.
        if (room > headers + Ipv4.HEADER_BYTES && captured > headers + Ipv4.HEADER_BYTES
            && Gue.carriesPacket(memory, inside)) {
            final int bytes = Udp.HEADER_BYTES + Gue.headerBytes(memory, inside);
            final int type = etherType(Gue.protocol(memory, inside));
            if (type != 0 && holdsPacket(packet.transport() + bytes, type, room - bytes)) {
                inner("GUE", type, bytes, room, captured, depth);
                return;
            }
        }
        text.append("UDP, length ").append(room - Udp.HEADER_BYTES);
    }

    private static int etherType(final int protocol) {
        return protocol == Ipv4.PROTOCOL_IPIP ? Ethernet.TYPE_IPV4
            : protocol == Ipv6.PROTOCOL_IPV6 ? Ethernet.TYPE_IPV6 : 0;
    }

    private boolean holdsPacket(final long network, final int type, final int room) {
        return type == Ethernet.TYPE_IPV4
            ? room >= Ipv4.HEADER_BYTES && Ipv4.version(memory, network) == 4
                && Ipv4.totalLength(memory, network) == room
            : room >= Ipv6.HEADER_BYTES && Ipv6.version(memory, network) == 6
                && Ipv6.payloadLength(memory, network) + Ipv6.HEADER_BYTES == room;
    }

    private void gre(final int room, final int captured, final int depth) {
        if (room < Gre.HEADER_BYTES || captured < Gre.HEADER_BYTES) {
            text.append("GRE, length ").append(room);
            return;
        }
        final int type = Gre.type(memory, packet.transport());
        if (type == Ethernet.TYPE_IPV4 || type == Ethernet.TYPE_IPV6) {
            inner("GRE", type, Gre.headerBytes(memory, packet.transport()), room, captured, depth);
        } else {
            text.append(String.format("GRE of ethertype 0x%04x, length %d", type, room));
        }
    }

    /** The packet in a tunnel's; the bytes before it, which are read already, become its Ethernet header. */
    private void inner(final String tunnel, final int etherType, final int headerBytes, final int room,
                       final int captured, final int depth) {
        text.append(tunnel).append(": ");
        final long frame = packet.transport() + headerBytes - Ethernet.HEADER_BYTES;
        if (depth == DEEPEST || captured <= headerBytes) {
            text.append("length ").append(room - headerBytes);
            return;
        }
        BigEndian.u16(memory, frame + TYPE, etherType);
        layer(frame, room - headerBytes + Ethernet.HEADER_BYTES, captured - headerBytes + Ethernet.HEADER_BYTES,
            depth + 1);
    }

    private static boolean isPorted(final int protocol) {
        return protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP || protocol == Ipv4.PROTOCOL_SCTP;
    }

    static String protocol(final int protocol) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> "TCP";
            case Ipv4.PROTOCOL_UDP -> "UDP";
            case Ipv4.PROTOCOL_SCTP -> "SCTP";
            case Ipv4.PROTOCOL_ICMP -> "ICMP";
            case Ipv6.PROTOCOL_ICMPV6 -> "ICMP6";
            case Ipv4.PROTOCOL_GRE -> "GRE";
            default -> "protocol " + protocol;
        };
    }
}
