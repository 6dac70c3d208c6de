package io.ringmaster.service;

/**
 * One interface of the director as workers see it. Immutable.
 *
 * @param interfaceIndex the kernel's number of it.
 * @param mac            its own address, 48 bits, first byte on the wire highest.
 * @param mtuBytes       largest IP packet it takes.
 * @param sourceHigh     its first address, from which ICMP errors leave, high long; 0 without one.
 * @param sourceLow      the same, low long; 0 without one.
 */
public record PortView(int interfaceIndex, long mac, int mtuBytes, long sourceHigh, long sourceLow) {
}
