package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The packet that an ICMP error quotes: a second cursor, into the same memory as the {@link Packet} that carries it.
 * Made once per worker, owned by it, used again for every ICMP error.
 * <pre>
 *  | Ethernet | IPv4 | ICMP 8 | quoted IPv4 | ports ...                an error about a packet
 *  | Ethernet | IPv4 | ICMP 8 | quoted outer IPv4 | inner IPv4 | ports ...   about one of our tunnel packets: IPIP,
 *  | Ethernet | IPv4 | ICMP 8 | quoted outer IPv4 | UDP 8, GUE | inner IPv4 | ports ...            GUE,
 *  | Ethernet | IPv4 | ICMP 8 | quoted outer IPv4 | GRE 4 or 8 | inner IPv4 | ports ...            GRE
 * </pre>
 */
public final class IcmpQuote {
    private static final int PORTS_BYTES = 4;
    private int type;
    private int code;
    private int rest;
    private long network;
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
     * @param packet parsed as OK, protocol ICMP.
     * @return OK: all accessors are valid, ports only for TCP and UDP, and if it {@link #mayBeTunnel},
     *     {@link #descend} may follow; NOT_RELAYED: another type than unreachable, time exceeded, source quench; else
     *     what is wrong with the quote.
     */
    public ParseResult parse(final Packet packet) {
        final MemorySegment memory = packet.memory;
        type = Icmp.type(memory, packet.transport);
        code = Icmp.code(memory, packet.transport);
        rest = Icmp.rest(memory, packet.transport);
        if (!Icmp.isRelayed(type)) {
            return ParseResult.NOT_RELAYED;
        }
        return read(memory, packet.transport + Icmp.HEADER_BYTES,
            packet.networkLengthBytes - packet.networkHeaderBytes - Icmp.HEADER_BYTES);
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
        return protocol == Ipv4.PROTOCOL_IPIP || protocol == Ipv4.PROTOCOL_UDP || protocol == Ipv4.PROTOCOL_GRE;
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
        final int room = lengthBytes - networkHeaderBytes;
        final int layerBytes = switch (protocol) {
            case Ipv4.PROTOCOL_UDP -> gueBytes(packet.memory, transport(), room);
            case Ipv4.PROTOCOL_GRE -> greBytes(packet.memory, transport(), room);
            default -> 0;
        };
        if (layerBytes < 0) {
            return ParseResult.UNKNOWN_PROTOCOL;
        }
        tunnelProtocol = protocol;
        tunnelPort = destinationPort;
        tunnelEndHigh = destinationHigh;
        tunnelEndLow = destinationLow;
        return read(packet.memory, transport() + layerBytes, room - layerBytes);
    }

    private static int gueBytes(final MemorySegment memory, final long udp, final int room) {
        final long gue = udp + Udp.HEADER_BYTES;
        return room >= Udp.HEADER_BYTES + Gue.HEADER_BYTES && Gue.carriesPacket(memory, gue)
            && Gue.protocol(memory, gue) == Ipv4.PROTOCOL_IPIP ? Udp.HEADER_BYTES + Gue.headerBytes(memory, gue) : -1;
    }

    private static int greBytes(final MemorySegment memory, final long gre, final int room) {
        return room >= Gre.HEADER_BYTES && Gre.type(memory, gre) == Ethernet.TYPE_IPV4
            ? Gre.headerBytes(memory, gre) : -1;
    }

    /** Protocol of the tunnel packet that {@link #descend} left: IPIP, UDP or GRE. */
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

    private ParseResult read(final MemorySegment memory, final long offset, final int room) {
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
        if ((fragmentWord & Ipv4.FRAGMENT_OFFSET) != 0) {
            return ParseResult.FRAGMENT;
        }
        if (protocol == Ipv4.PROTOCOL_IPIP || protocol == Ipv4.PROTOCOL_GRE) {
            return ParseResult.OK;
        }
        if (!hasPorts()) {
            return ParseResult.UNKNOWN_PROTOCOL;
        }
        if (room - headerBytes < PORTS_BYTES) {
            return ParseResult.TRANSPORT_MISSING;
        }
        sourcePort = Udp.sourcePort(memory, offset + headerBytes);
        destinationPort = Udp.destinationPort(memory, offset + headerBytes);
        return ParseResult.OK;
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

    /** Whether the error is "fragmentation needed", so that {@link #rest} holds an MTU. */
    public boolean isFragmentationNeeded() {
        return type == Icmp.DESTINATION_UNREACHABLE && code == Icmp.FRAGMENTATION_NEEDED;
    }

    /** Offset of the quoted IP header. */
    public long network() {
        return network;
    }

    /** Length of the quoted IP header: 20 to 60 bytes, all of them in the packet. */
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

    /** Whether the quoted packet must not be fragmented. */
    public boolean dontFragment() {
        return dontFragment;
    }

    /** Protocol of the quoted packet: TCP, UDP, IPIP or GRE. */
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
}
