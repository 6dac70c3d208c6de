package io.ringmaster.service;

/**
 * One interface of the director as workers see it. Immutable.
 *
 * @param interfaceIndex the kernel's number of it.
 * @param mac            its own address, 48 bits, first byte on the wire highest.
 * @param mtuBytes       largest IP packet it takes.
 * @param sourceHigh     its first IPv4 address, from which ICMP errors leave, high long; 0 without one.
 * @param sourceLow      the same, low long; 0 without one.
 * @param source6High    its first IPv6 address that is not of the link alone, high long; 0 without one.
 * @param source6Low     the same, low long; 0 without one.
 */
public record PortView(int interfaceIndex, long mac, int mtuBytes, long sourceHigh, long sourceLow, long source6High,
                       long source6Low) {
    /** An interface without an IPv6 address. */
    public PortView(final int interfaceIndex, final long mac, final int mtuBytes, final long sourceHigh,
                    final long sourceLow) {
        this(interfaceIndex, mac, mtuBytes, sourceHigh, sourceLow, 0, 0);
    }
}
