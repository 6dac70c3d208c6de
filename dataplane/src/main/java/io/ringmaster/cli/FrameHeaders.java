package io.ringmaster.cli;

import io.ringmaster.control.HostAddress;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Sctp;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import io.ringmaster.packet.Vlan;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The headers of a frame that the director made, outermost first, for people and programs. Immutable.
 *
 * @param name   "ethernet", "vlan", "ipv4", "ipv6", "tcp", "udp", "sctp", "icmp", "icmpv6", "gre",
 *               "gue", "fragment", or "about" for the packet that an ICMP error quotes.
 * @param fields by name, in their order: text or whole numbers.
 */
record FrameHeaders(String name, Map<String, Object> fields) {
    private static final int TYPE = 12;
    private static final int TAG_BYTES = 4;
    private static final int IDENTIFIER = 0xfff;
    private static final int GRE_CHECKSUM = 0x8000;
    private static final int GRE_BYTES = 4;
    private static final int GUE_WORDS = 0x1f;
    private static final int WORD_BYTES = 4;
    private static final int IPV6_FRAGMENT = 44;
    private static final int FRAGMENT_BYTES = 8;
    private static final int FRAGMENT_OFFSET = 0xfff8;
    private static final int MTU = 0xffff;
    private static final int PORTS_BYTES = 4;

    /**
     * Reads a frame.
     *
     * @param guePort UDP port behind which another packet follows; 0 for none.
     */
    static List<FrameHeaders> of(final byte[] frame, final int guePort) {
        final MemorySegment memory = MemorySegment.ofArray(frame);
        final List<FrameHeaders> headers = new ArrayList<>();
        headers.add(header("ethernet", "from", mac(Ethernet.source(memory, 0)), "to",
            mac(Ethernet.destination(memory, 0))));
        long at = TYPE;
        while (Vlan.isTag(BigEndian.u16(memory, at))) {
            headers.add(header("vlan", "protocol", BigEndian.u16(memory, at) == Vlan.TYPE_SERVICE ? "802.1ad"
                : "802.1Q", "id", BigEndian.u16(memory, at + 2) & IDENTIFIER));
            at += TAG_BYTES;
        }
        network(headers, memory, at + 2, guePort);
        return headers;
    }

    private static void network(final List<FrameHeaders> headers, final MemorySegment memory, final long at,
                                final int guePort) {
        if (Ipv4.version(memory, at) == 4) {
            headers.add(header("ipv4", "from", address(Addresses.IPV4_HIGH, Addresses.ipv4Low(
                Ipv4.source(memory, at))), "to", address(Addresses.IPV4_HIGH, Addresses.ipv4Low(
                Ipv4.destination(memory, at))), "ttl", Ipv4.timeToLive(memory, at), "bytes",
                Ipv4.totalLength(memory, at)));
            final int fragment = Ipv4.fragmentWord(memory, at) & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET);
            if (fragment != 0) {
                headers.getLast().fields.put("fragmentOffset", (fragment & Ipv4.FRAGMENT_OFFSET) * Long.BYTES);
            }
            if ((fragment & Ipv4.FRAGMENT_OFFSET) == 0) {
                transport(headers, memory, at + Ipv4.headerBytes(memory, at), Ipv4.protocol(memory, at), guePort);
            }
        } else {
            headers.add(header("ipv6", "from", address(Ipv6.sourceHigh(memory, at), Ipv6.sourceLow(memory, at)), "to",
                address(Ipv6.destinationHigh(memory, at), Ipv6.destinationLow(memory, at)), "hopLimit",
                Ipv6.hopLimit(memory, at), "bytes", Ipv6.HEADER_BYTES + Ipv6.payloadLength(memory, at)));
            transport(headers, memory, at + Ipv6.HEADER_BYTES, Ipv6.nextHeader(memory, at), guePort);
        }
    }

    private static void transport(final List<FrameHeaders> headers, final MemorySegment memory, final long at,
                                  final int protocol, final int guePort) {
        switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> headers.add(withPorts("tcp", memory, at, "flags",
                PacketFlags.letters(Tcp.flags(memory, at))));
            case Ipv4.PROTOCOL_SCTP -> headers.add(withPorts("sctp", memory, at, "chunk",
                BigEndian.u8(memory, at + Sctp.HEADER_BYTES)));
            case Ipv4.PROTOCOL_UDP -> {
                headers.add(withPorts("udp", memory, at));
                if (guePort != 0 && Udp.destinationPort(memory, at) == guePort) {
                    headers.add(header("gue"));
                    final long inner = at + Udp.HEADER_BYTES;
                    network(headers, memory, inner + WORD_BYTES
                        * (1 + (BigEndian.u8(memory, inner) & GUE_WORDS)), 0);
                }
            }
            case Ipv4.PROTOCOL_GRE -> {
                headers.add(header("gre"));
                network(headers, memory, at + GRE_BYTES
                    + ((BigEndian.u16(memory, at) & GRE_CHECKSUM) != 0 ? GRE_BYTES : 0), 0);
            }
            case IPV6_FRAGMENT -> {
                final int offsetWord = BigEndian.u16(memory, at + 2);
                headers.add(header("fragment", "offset", offsetWord & FRAGMENT_OFFSET));
                if ((offsetWord & FRAGMENT_OFFSET) == 0) {
                    transport(headers, memory, at + FRAGMENT_BYTES, BigEndian.u8(memory, at), guePort);
                }
            }
            case Ipv4.PROTOCOL_IPIP, Ipv6.PROTOCOL_IPV6 -> network(headers, memory, at, 0);
            case Ipv4.PROTOCOL_ICMP -> icmp(headers, "icmp", memory, at);
            case Ipv6.PROTOCOL_ICMPV6 -> icmp(headers, "icmpv6", memory, at);
            default -> headers.getLast().fields.put("protocol", protocol);
        }
    }

    /** With what the errors are called that the director makes, and what they are about. */
    private static void icmp(final List<FrameHeaders> headers, final String name, final MemorySegment memory,
                             final long at) {
        final int type = Icmp.type(memory, at);
        final int code = Icmp.code(memory, at);
        final FrameHeaders icmp = header(name, "type", type, "code", code);
        headers.add(icmp);
        final boolean ipv6 = name.equals("icmpv6");
        final String error = ipv6 ? IcmpWords.error(type, code) : IcmpWords.errorOfIpv4(type, code);
        if (!error.isEmpty()) {
            icmp.fields.put("error", error);
        }
        if (error.equals(IcmpWords.TOO_BIG) || error.equals(IcmpWords.NEEDS_FRAGMENTS)) {
            icmp.fields.put("mtu", ipv6 ? Icmp.rest(memory, at) : Icmp.rest(memory, at) & MTU);
        }
        if (ipv6 ? Icmpv6.isError(type) : Icmp.isError(type)) {
            quote(headers, memory, at + Icmp.HEADER_BYTES);
        }
    }

    /** What an error quotes, if its ports are there. */
    private static void quote(final List<FrameHeaders> headers, final MemorySegment memory, final long at) {
        if (at + Ipv4.HEADER_BYTES > memory.byteSize()) {
            return;
        }
        final boolean ipv4 = Ipv4.version(memory, at) == 4;
        final long transport = at + (ipv4 ? Ipv4.headerBytes(memory, at) : Ipv6.HEADER_BYTES);
        if (transport + PORTS_BYTES > memory.byteSize()) {
            return;
        }
        final int protocol = ipv4 ? Ipv4.protocol(memory, at) : Ipv6.nextHeader(memory, at);
        if (ipv4) {
            headers.add(header("about", "from", quoted(Addresses.IPV4_HIGH,
                Addresses.ipv4Low(Ipv4.source(memory, at)), protocol, Udp.sourcePort(memory, transport)), "to",
                quoted(Addresses.IPV4_HIGH, Addresses.ipv4Low(Ipv4.destination(memory, at)), protocol,
                    Udp.destinationPort(memory, transport)), "protocol", protocol));
        } else {
            headers.add(header("about", "from", quoted(Ipv6.sourceHigh(memory, at), Ipv6.sourceLow(memory, at),
                protocol, Udp.sourcePort(memory, transport)), "to", quoted(Ipv6.destinationHigh(memory, at),
                Ipv6.destinationLow(memory, at), protocol, Udp.destinationPort(memory, transport)), "protocol",
                protocol));
        }
    }

    private static String quoted(final long high, final long low, final int protocol, final int port) {
        final boolean ports = protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP
            || protocol == Ipv4.PROTOCOL_SCTP;
        return ports ? Place.text(new HostAddress(!Addresses.isIpv4(high, low), high, low), port)
            : address(high, low);
    }

    private static FrameHeaders withPorts(final String name, final MemorySegment memory, final long at,
                                     final Object... more) {
        final FrameHeaders headers = header(name, "from", Udp.sourcePort(memory, at), "to",
            Udp.destinationPort(memory, at));
        headers.fields.putAll(header(name, more).fields);
        return headers;
    }

    private static FrameHeaders header(final String name, final Object... namesAndValues) {
        final Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new FrameHeaders(name, fields);
    }

    /** In one phrase: {@code ipv4 10.0.0.1 > 10.0.0.2 ttl 63}. */
    String text() {
        final StringBuilder text = new StringBuilder(name);
        fields.forEach((field, value) -> {
            if (field.equals("from")) {
                text.append(' ').append(value);
            } else if (field.equals("to")) {
                text.append(" > ").append(value);
            } else {
                text.append(' ').append(field).append(' ').append(value);
            }
        });
        return text.toString();
    }

    /** An address of a packet. */
    static String address(final long high, final long low) {
        return new HostAddress(!Addresses.isIpv4(high, low), high, low).toString();
    }

    /** 48 bits as 02:00:00:00:00:01. */
    static String mac(final long bits) {
        return String.format("%012x", bits).replaceAll("(..)(?!$)", "$1:");
    }
}
