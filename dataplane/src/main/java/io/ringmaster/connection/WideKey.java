package io.ringmaster.connection;

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
 * known by a firewall mark has one number for all its protocols and addresses, too: the variant of its connections is
 * the protocol, and since an IPv4 client leaves the entry's first address word free, it holds the address that the
 * client asked for ({@link #wanted}). The variant of all others is 0. A template has client port 0.
 */
public final class WideKey {
    /** Bits 63 to 32 of an IPv4-mapped address (RFC 4291, 2.5.5.2), as its low word has them. */
    private static final long MAPPED = 0xffffL << 32;
    private static final int CLIENT_SHIFT = 48;
    private static final int ENDPOINT_SHIFT = 32;
    private static final int VARIANT_SHIFT = 16;
    private static final int U16 = 0xffff;
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
     * @param variant         IP protocol number, where the service is one of a firewall mark; else 0.
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

    /** The key of a connection of a mark's service without its endpoint and the port that its client asked for. */
    static long ofReplyOfOwnPort(final long key) {
        return ofReply(key) & ~(long) U16;
    }

    /** The client's port, 0 to 65,535; 0 for a template. */
    public static int clientPort(final long key) {
        return (int) (key >>> CLIENT_SHIFT);
    }

    /** The number of protocol, VIP and vport, 1 to 65,535. */
    public static int endpoint(final long key) {
        return (int) (key >>> ENDPOINT_SHIFT) & U16;
    }

    /** The protocol of a connection of a firewall mark's service, 0 of others. */
    public static int variant(final long key) {
        return (int) (key >>> VARIANT_SHIFT) & U16;
    }

    /** Destination port of the client's packets, 0 to 65,535; 0 where the service has one port. */
    public static int destinationPort(final long key) {
        return (int) key & U16;
    }

    /** Whether a connection is one of a firewall mark's service, and its first address word what was asked for. */
    public static boolean isMarked(final long key) {
        return variant(key) != 0;
    }

    /** As {@link #isMarked(long)}, where keys of other uses may be: marks' services have IPv4 clients. */
    static boolean isMarked(final long key, final long addressLow) {
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
