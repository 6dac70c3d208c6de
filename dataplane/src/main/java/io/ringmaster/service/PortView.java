package io.ringmaster.service;

import io.ringmaster.packet.Addresses;

/**
 * One interface of the director as workers see it. Immutable.
 *
 * @param interfaceIndex the kernel's number of it.
 * @param mac            its own address, 48 bits, first byte on the wire highest.
 * @param mtuBytes       largest IP packet it takes.
 * @param sourceHigh     its first IPv4 address, from which ICMP errors leave, high long; 0 without one.
 * @param sourceLow      the same, low long; 0 without one.
 * @param sources6       its IPv6 addresses, from one of which those leave.
 */
public record PortView(int interfaceIndex, long mac, int mtuBytes, long sourceHigh, long sourceLow,
                       Ipv6Sources sources6) {
    /** An interface without an IPv6 address. */
    public PortView(final int interfaceIndex, final long mac, final int mtuBytes, final long sourceHigh,
                    final long sourceLow) {
        this(interfaceIndex, mac, mtuBytes, sourceHigh, sourceLow, Ipv6Sources.NONE);
    }

    /** The address that an answer to a sender comes from, high long; 0 without one. */
    public long answersFromHigh(final long senderHigh, final long senderLow) {
        return Addresses.isIpv4(senderHigh, senderLow) ? sourceHigh
            : sources6.high(sources6.towards(senderHigh, senderLow));
    }

    /** The same, low long. */
    public long answersFromLow(final long senderHigh, final long senderLow) {
        return Addresses.isIpv4(senderHigh, senderLow) ? sourceLow
            : sources6.low(sources6.towards(senderHigh, senderLow));
    }
}
