package io.ringmaster.packet;

/**
 * What the parser found, and what the cursor holds then: addresses are those of the IP header, ports those of TCP and
 * UDP.
 */
public enum ParseResult {
    /** A whole TCP, UDP, ICMP or ICMPv6 header: everything in the cursor is valid. */
    OK,
    /** The frame is shorter than its headers, or than its IP header says; nothing is valid but the frame. */
    TRUNCATED,
    /** Neither IPv4 nor IPv6 by its Ethernet type: ARP, a VLAN tag; nothing is valid but the frame. */
    NOT_IP,
    /** IP version, header length or total length make no sense; nothing is valid but the frame. */
    BAD_HEADER,
    /** The checksum of the IP header is wrong; nothing is valid but the frame. */
    BAD_CHECKSUM,
    /** A source nobody can answer: 0.0.0.0, ::, loopback, multicast, broadcast; addresses and protocol are valid. */
    MARTIAN_SOURCE,
    /**
     * A fragment, the first one included: addresses and protocol are valid, ports are 0. The headers of one in IPv6 end
     * with its fragment header, and its protocol is what that names.
     */
    FRAGMENT,
    /** The first fragment of an IPv6 datagram, which ends within its headers; as FRAGMENT otherwise. */
    FRAGMENT_CUT,
    /** Neither TCP, UDP nor ICMP: addresses and protocol are valid. */
    UNKNOWN_PROTOCOL,
    /** The datagram ends within its TCP or UDP header, but after the ports, which are valid; TCP flags are 0. */
    TRANSPORT_CUT,
    /** The datagram ends before the ports, or within the ICMP header: addresses and protocol are valid. */
    TRANSPORT_MISSING,
    /** An ICMP message that is not about a packet of ours to relay (see {@link IcmpQuote}). */
    NOT_RELAYED
}
