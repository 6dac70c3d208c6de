package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The packet that an ICMP or ICMPv6 error quotes: a second cursor, into the same memory as the {@link Packet} that
 * carries it. Made once per worker, owned by it, used again for every ICMP error.
 * <pre>
 *  | Ethernet | IP | ICMP 8 | quoted IP | ports ...                an error about a packet
 *  | Ethernet | IP | ICMP 8 | quoted outer IP | inner IP | ports ...   about one of our tunnel packets: IPIP,
 *  | Ethernet | IP | ICMP 8 | quoted outer IP | UDP 8, GUE | inner IP | ports ...           GUE,
 *  | Ethernet | IP | ICMP 8 | quoted outer IP | GRE 4 or 8 | inner IP | ports ...           GRE
 * </pre>
 * What is quoted is of the family of the error; inside a tunnel packet either may be.
 */
public final class IcmpQuote {
    private static final int PORTS_BYTES = 4;
    private static final int U16 = 0xffff;
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private boolean ipv6Error;
    private int type;
    private int code;
    private int rest;
    private long network;
    private int version;
    private int networkHeaderBytes;
    private int lengthBytes;
    private int protocol;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private boolean dontFragment;
    private int tunnelProtocol;
    private long tunnelEndHigh;
    private long tunnelEndLow;
    private int tunnelPort;

    /**
     * Reads an ICMP error's header and the headers it quotes. The ICMP checksum is not looked at.
     *
     * @param packet parsed as OK, protocol ICMP or ICMPv6.
     * @return OK: all accessors are valid, ports only for TCP and UDP, and if it {@link #mayBeTunnel},
     *     {@link #descend} may follow; NOT_RELAYED: another type than unreachable, time exceeded, source quench, or in
     *     ICMPv6 no error; else what is wrong with the quote.
     */
    public ParseResult parse(final Packet packet) {
        final MemorySegment memory = packet.memory;
        type = Icmp.type(memory, packet.transport);
        code = Icmp.code(memory, packet.transport);
        rest = Icmp.rest(memory, packet.transport);
        ipv6Error = packet.version == 6;
        if (!(ipv6Error ? Icmpv6.isError(type) : Icmp.isRelayed(type))) {
            return ParseResult.NOT_RELAYED;
        }
        return read(memory, packet.transport + Icmp.HEADER_BYTES,
            packet.networkLengthBytes - packet.networkHeaderBytes - Icmp.HEADER_BYTES, packet.version);
    }

    /**
     * Makes a cursor speak of a packet that the quoted one would have answered: addresses and ports the other way
     * round, no flags, at the place of the error itself.
     */
    public void answered(final Packet error, final Packet packet) {
        packet.wrap(error.frame, error.lengthBytes, error.port);
        packet.network = error.network;
        packet.networkHeaderBytes = error.networkHeaderBytes;
        packet.networkLengthBytes = error.networkLengthBytes;
        packet.transport = error.transport;
        packet.version = error.version;
        packet.protocol = protocol;
        packet.sourceHigh = destinationHigh;
        packet.sourceLow = destinationLow;
        packet.sourcePort = destinationPort;
        packet.destinationHigh = sourceHigh;
        packet.destinationLow = sourceLow;
        packet.destinationPort = sourcePort;
        packet.tcpFlags = 0;
    }

    /** Whether the quoted packet's protocol is one of those that tunnel packets have. */
    public boolean mayBeTunnel() {
        return carriesIp() || protocol == Ipv4.PROTOCOL_UDP;
    }

    /** Whether it is one that stands directly, or behind a GRE header, before another packet. */
    private boolean carriesIp() {
        return protocol == Ipv4.PROTOCOL_IPIP || protocol == Ipv6.PROTOCOL_IPV6 || protocol == Ipv4.PROTOCOL_GRE;
    }

    /** Whether the quoted packet is TCP, UDP or SCTP. */
    public boolean hasPorts() {
        return protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP || protocol == Ipv4.PROTOCOL_SCTP;
    }

    /**
     * Goes on to the packet inside a quoted tunnel packet; the accessors then speak of that one.
     *
     * @param packet the same as given to {@link #parse}, after which it {@link #mayBeTunnel}.
     * @return as {@link #parse}; UNKNOWN_PROTOCOL if it is no tunnel packet of the kinds that we send.
     */
    public ParseResult descend(final Packet packet) {
        final MemorySegment memory = packet.memory;
        final int room = lengthBytes - networkHeaderBytes;
        final int inner = innerVersion(memory, transport(), room);
        final int layerBytes = inner == 0 ? -1 : layerBytes(memory, transport());
        if (layerBytes < 0) {
            return ParseResult.UNKNOWN_PROTOCOL;
        }
        // IPv4 and IPv6 in IP are one kind of tunnel.
        tunnelProtocol = protocol == Ipv6.PROTOCOL_IPV6 ? Ipv4.PROTOCOL_IPIP : protocol;
        tunnelPort = destinationPort;
        tunnelEndHigh = destinationHigh;
        tunnelEndLow = destinationLow;
        return read(memory, transport() + layerBytes, room - layerBytes, inner);
    }

    /** Family of the packet inside, 4 or 6; 0 if there is none of ours. */
    private int innerVersion(final MemorySegment memory, final long layer, final int room) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_IPIP -> 4;
            case Ipv6.PROTOCOL_IPV6 -> 6;
            case Ipv4.PROTOCOL_GRE -> room < Gre.HEADER_BYTES ? 0 : switch (Gre.type(memory, layer)) {
                case Ethernet.TYPE_IPV4 -> 4;
                case Ethernet.TYPE_IPV6 -> 6;
                default -> 0;
            };
            default -> room < Udp.HEADER_BYTES + Gue.HEADER_BYTES
                || !Gue.carriesPacket(memory, layer + Udp.HEADER_BYTES) ? 0
                : switch (Gue.protocol(memory, layer + Udp.HEADER_BYTES)) {
                    case Ipv4.PROTOCOL_IPIP -> 4;
                    case Ipv6.PROTOCOL_IPV6 -> 6;
                    default -> 0;
                };
        };
    }

    /** Bytes between the outer and the inner header, where there is an inner one; -1 if that is not to be known. */
    private int layerBytes(final MemorySegment memory, final long layer) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_UDP -> Udp.HEADER_BYTES + Gue.headerBytes(memory, layer + Udp.HEADER_BYTES);
            case Ipv4.PROTOCOL_GRE -> Gre.headerBytes(memory, layer);
            default -> 0;
        };
    }

    /** Protocol of the tunnel packet that {@link #descend} left: IPIP for all of IP in IP, UDP or GRE. */
    public int tunnelProtocol() {
        return tunnelProtocol;
    }

    /** Where that packet went, high long. */
    public long tunnelEndHigh() {
        return tunnelEndHigh;
    }

    /** Where that packet went, low long. */
    public long tunnelEndLow() {
        return tunnelEndLow;
    }

    /** UDP destination port of that packet; 0 for other protocols. */
    public int tunnelPort() {
        return tunnelPort;
    }

    private ParseResult read(final MemorySegment memory, final long offset, final int room, final int ofVersion) {
        final ParseResult header = ofVersion == 4 ? readIpv4(memory, offset, room) : readIpv6(memory, offset, room);
        if (header != ParseResult.OK || carriesIp()) {
            return header;
        }
        if (!hasPorts()) {
            return ParseResult.UNKNOWN_PROTOCOL;
        }
        if (room - networkHeaderBytes < PORTS_BYTES) {
            return ParseResult.TRANSPORT_MISSING;
        }
        sourcePort = Udp.sourcePort(memory, offset + networkHeaderBytes);
        destinationPort = Udp.destinationPort(memory, offset + networkHeaderBytes);
        return ParseResult.OK;
    }

    private ParseResult readIpv6(final MemorySegment memory, final long offset, final int room) {
        if (room < Ipv6.HEADER_BYTES) {
            return ParseResult.TRUNCATED;
        }
        if (Ipv6.version(memory, offset) != 6) {
            return ParseResult.BAD_HEADER;
        }
        if (!extensions.walk(memory, offset, room - Ipv6.HEADER_BYTES)) {
            return ParseResult.TRANSPORT_MISSING;
        }
        network = offset;
        version = 6;
        networkHeaderBytes = Ipv6.HEADER_BYTES + extensions.bytes();
        lengthBytes = room;
        protocol = extensions.protocol();
        sourceHigh = Ipv6.sourceHigh(memory, offset);
        sourceLow = Ipv6.sourceLow(memory, offset);
        destinationHigh = Ipv6.destinationHigh(memory, offset);
        destinationLow = Ipv6.destinationLow(memory, offset);
        sourcePort = 0;
        destinationPort = 0;
        dontFragment = true;
        return extensions.laterFragment() ? ParseResult.FRAGMENT : ParseResult.OK;
    }

    private ParseResult readIpv4(final MemorySegment memory, final long offset, final int room) {
        if (room < Ipv4.HEADER_BYTES) {
            return ParseResult.TRUNCATED;
        }
        final int headerBytes = Ipv4.headerBytes(memory, offset);
        if (Ipv4.version(memory, offset) != 4 || headerBytes < Ipv4.HEADER_BYTES) {
            return ParseResult.BAD_HEADER;
        }
        if (room < headerBytes) {
            return ParseResult.TRUNCATED;
        }
        network = offset;
        version = 4;
        networkHeaderBytes = headerBytes;
        lengthBytes = room;
        protocol = Ipv4.protocol(memory, offset);
        sourceHigh = Addresses.IPV4_HIGH;
        sourceLow = Addresses.ipv4Low(Ipv4.source(memory, offset));
        destinationHigh = Addresses.IPV4_HIGH;
        destinationLow = Addresses.ipv4Low(Ipv4.destination(memory, offset));
        sourcePort = 0;
        destinationPort = 0;
        final int fragmentWord = Ipv4.fragmentWord(memory, offset);
        dontFragment = (fragmentWord & Ipv4.DONT_FRAGMENT) != 0;
        return (fragmentWord & Ipv4.FRAGMENT_OFFSET) != 0 ? ParseResult.FRAGMENT : ParseResult.OK;
    }

    /** Type of the error. */
    public int type() {
        return type;
    }

    /** Code of the error. */
    public int code() {
        return code;
    }

    /** Second word of the error's ICMP header. */
    public int rest() {
        return rest;
    }

    /** Whether the error is "fragmentation needed" or "packet too big", so that {@link #rest} holds an MTU. */
    public boolean isFragmentationNeeded() {
        return ipv6Error ? type == Icmpv6.PACKET_TOO_BIG
            : type == Icmp.DESTINATION_UNREACHABLE && code == Icmp.FRAGMENTATION_NEEDED;
    }

    /** The MTU that such an error tells, 0 to 65,535. */
    public int mtuBytes() {
        return ipv6Error ? (int) Math.min(U16, rest & 0xffff_ffffL) : rest & U16;
    }

    /** Family of the quoted packet, 4 or 6. */
    public int version() {
        return version;
    }

    /** Offset of the quoted IP header. */
    public long network() {
        return network;
    }

    /** Length of the quoted IP header with its extensions: 20 bytes and more, all of them in the packet. */
    public int networkHeaderBytes() {
        return networkHeaderBytes;
    }

    /** Bytes that are there from {@link #network} on; the quoted packet itself may have been longer. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Offset of the quoted ports. */
    public long transport() {
        return network + networkHeaderBytes;
    }

    /** Protocol of the quoted packet: TCP, UDP, IP in IP or GRE. */
    public int protocol() {
        return protocol;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** Whether the quoted packet must not be fragmented, as no IPv6 packet must. */
    public boolean dontFragment() {
        return dontFragment;
    }
}
