package io.ringmaster.connection;

import io.ringmaster.packet.Ipv4;

/**
 * The key word of a wide connection entry, as static functions on a long. The client's address is two words more.
 * <pre>
 *   63            48 47            32 31            16 15             0
 *  +----------------+----------------+----------------+----------------+
 *  |  client port   |    endpoint    |    variant     |destination port|
 *  +----------------+----------------+----------------+----------------+
 * </pre>
 * The endpoint is the number that the control thread gave to (protocol, VIP, vport), 1 to 65,535, so that this word is
 * never 0. A service of all ports has one number for all of them, and its connections differ by the packet's
 * destination port, which is 0 in all other connections: whoever scans its ports uses up no numbers. A service that is
 * known by a firewall mark has one number for all its protocols and addresses, too, and the variant of its connections
 * tells these, where that of all others is 0:
 * <pre>
 *   31                         18 17 16
 *  +-----------------------------+-----+
 *  | number of the address asked |proto|   1 TCP, 2 UDP, 3 SCTP
 *  +-----------------------------+-----+
 * </pre>
 * An IPv4 client leaves the entry's first address word free, which holds the address that it asked for
 * ({@link #wanted}); the number is 0 then. In IPv6 it is one of {@link WantedAddresses}. A template has client port 0.
 */
public final class WideKey {
    /** Bits 63 to 32 of an IPv4-mapped address (RFC 4291, 2.5.5.2), as its low word has them. */
    private static final long MAPPED = 0xffffL << 32;
    private static final int CLIENT_SHIFT = 48;
    private static final int ENDPOINT_SHIFT = 32;
    private static final int VARIANT_SHIFT = 16;
    private static final int U16 = 0xffff;
    private static final int PROTOCOL_BITS = 2;
    private static final int PROTOCOL_MASK = 3;
    private static final long NUMBER_MASK = (long) (U16 & ~PROTOCOL_MASK) << VARIANT_SHIFT;
    private static final long ENDPOINT_MASK = (long) U16 << ENDPOINT_SHIFT;

    private WideKey() {
    }

    /** The key of a connection of a service of one port; see {@link #of(int, int, int, int)}. */
    public static long of(final int clientPort, final int endpoint) {
        return of(clientPort, endpoint, 0, 0);
    }

    /**
     * The key of a connection.
     *
     * @param clientPort      0 to 65,535.
     * @param endpoint        1 to 65,535.
     * @param variant         see {@link #variant(int, int)}, where the service is one of a firewall mark; else 0.
     * @param destinationPort of the client's packets, where the service is one of all ports or a mark; else 0.
     */
    public static long of(final int clientPort, final int endpoint, final int variant, final int destinationPort) {
        return (long) clientPort << CLIENT_SHIFT | (long) endpoint << ENDPOINT_SHIFT | (long) variant << VARIANT_SHIFT
            | destinationPort;
    }

    /**
     * What a packet from a real server tells of a connection's key: all but the endpoint. For
     * {@link WideWorkerTable#findReply}.
     *
     * @param clientPort      destination port of the packet.
     * @param variant         as in {@link #of(int, int, int, int)}.
     * @param destinationPort source port of the packet if connections of services of all ports are looked for, else 0.
     */
    public static long ofReply(final int clientPort, final int variant, final int destinationPort) {
        return of(clientPort, 0, variant, destinationPort);
    }

    /** The key without its endpoint, in the form of {@link #ofReply}. */
    static long ofReply(final long key) {
        return key & ~ENDPOINT_MASK;
    }

    /** The key of a connection of a service of several ports without its endpoint and the address asked for. */
    static long ofReplyOfAnyPort(final long key) {
        return key & ~(ENDPOINT_MASK | NUMBER_MASK);
    }

    /** As {@link #ofReplyOfAnyPort}, without the port that its client asked for as well. */
    static long ofReplyOfOwnPort(final long key) {
        return ofReplyOfAnyPort(key) & ~(long) U16;
    }

    /**
     * The variant of a connection of a firewall mark's service.
     *
     * @param protocol IP protocol number of TCP, UDP or SCTP.
     * @param number   of the IPv6 address that the client asked for, see {@link WantedAddresses}; 0 in IPv4.
     */
    public static int variant(final int protocol, final int number) {
        final int code = protocol == Ipv4.PROTOCOL_TCP ? 1 : protocol == Ipv4.PROTOCOL_UDP ? 2 : 3;
        return number << PROTOCOL_BITS | code;
    }

    /** The same key with client port 0. */
    public static long ofNoClientPort(final long key) {
        return key & (1L << CLIENT_SHIFT) - 1;
    }

    /** The client's port, 0 to 65,535; 0 for a template. */
    public static int clientPort(final long key) {
        return (int) (key >>> CLIENT_SHIFT);
    }

    /** The number of protocol, VIP and vport, 1 to 65,535. */
    public static int endpoint(final long key) {
        return (int) (key >>> ENDPOINT_SHIFT) & U16;
    }

    /** See {@link #variant(int, int)}. */
    public static int variant(final long key) {
        return (int) (key >>> VARIANT_SHIFT) & U16;
    }

    /** IP protocol number of a connection of a firewall mark's service, 0 of others. */
    public static int protocol(final long key) {
        return switch (variant(key) & PROTOCOL_MASK) {
            case 1 -> Ipv4.PROTOCOL_TCP;
            case 2 -> Ipv4.PROTOCOL_UDP;
            case 3 -> Ipv4.PROTOCOL_SCTP;
            default -> 0;
        };
    }

    /** Number of the IPv6 address that the client of a firewall mark's service asked for; 0 of others. */
    public static int number(final long key) {
        return variant(key) >>> PROTOCOL_BITS;
    }

    /** The same key with another such number. */
    public static long withNumber(final long key, final int number) {
        return key & ~NUMBER_MASK | (long) number << VARIANT_SHIFT + PROTOCOL_BITS;
    }

    /** Destination port of the client's packets, 0 to 65,535; 0 where the service has one port. */
    public static int destinationPort(final long key) {
        return (int) key & U16;
    }

    /** Whether a connection is one of a firewall mark's service. */
    public static boolean isMarked(final long key) {
        return variant(key) != 0;
    }

    /** Whether it is one of an IPv4 client, and its first address word what that asked for. */
    public static boolean isMarked(final long key, final long addressLow) {
        return isMarked(key) && isMapped(0, addressLow);
    }

    /** The first address word of a connection of a firewall mark's service, by the IPv4 address asked for. */
    public static long wanted(final int address) {
        return (long) address << Integer.SIZE;
    }

    /** The IPv4 address that was asked for, of {@link #wanted}. */
    public static int wantedAddress(final long addressHigh) {
        return (int) (addressHigh >>> Integer.SIZE);
    }

    /** The low word of an IPv4 client's address; the high word is 0. */
    public static long mapped(final int clientAddress) {
        return MAPPED | clientAddress & 0xffff_ffffL;
    }

    /** Whether two words are the address of an IPv4 client. */
    public static boolean isMapped(final long addressHigh, final long addressLow) {
        return addressHigh == 0 && addressLow >>> ENDPOINT_SHIFT == U16;
    }
}
