package io.ringmaster.bpf;

/**
 * Packets that the XDP program takes since they have a firewall mark, by one range of ports. Addresses are two longs,
 * IPv4 as ::ffff:a.b.c.d; the lengths of prefixes are those in this form, 96 more than those of IPv4.
 *
 * @param destinationHigh high long of the prefix that packets go to.
 * @param destinationLow  low long.
 * @param destinationBits its length, 0 to 128.
 * @param sourceHigh      high long of the prefix that they come from.
 * @param sourceLow       low long.
 * @param sourceBits      its length, 0 to 128.
 * @param interfaceIndex  by which they come; 0 for any.
 * @param protocol        IP protocol number; 0 for any that has ports.
 * @param firstPort       lowest destination port.
 * @param lastPort        highest destination port.
 */
public record MarkFilter(long destinationHigh, long destinationLow, int destinationBits, long sourceHigh,
                         long sourceLow, int sourceBits, int interfaceIndex, int protocol, int firstPort,
                         int lastPort) {
    /** Most of them that the program takes. */
    public static final int MOST = 256;
    private static final int MAPPED_BITS = 96;
    private static final long MAPPED = 0xffff;

    /** Whether it is one of IPv6 packets: no IPv4 one is taken by it, however short its prefix. */
    public boolean ipv6() {
        return destinationBits < MAPPED_BITS || destinationHigh != 0 || destinationLow >>> Integer.SIZE != MAPPED;
    }
}
