package io.ringmaster.connection;

/**
 * The key word of an IPv4 connection entry, as static functions on a long.
 * <pre>
 *   63                              32 31            16 15             0
 *  +----------------------------------+----------------+----------------+
 *  |          client address          |  client port   |    endpoint    |
 *  +----------------------------------+----------------+----------------+
 * </pre>
 * The endpoint is the number that the control thread gave to (protocol, VIP, vport): 1 to 65,535. A word of 0 is no
 * connection, since no packet that is balanced comes from 0.0.0.0. A template has client port 0, one that is of no use
 * any more {@link TemplateValue#unusedPort}.
 */
public final class ConnectionKey {
    /** The key of no connection: what a slot holds that is not in use. */
    public static final long NONE = 0;
    private static final int CLIENT_SHIFT = 16;
    private static final int ADDRESS_SHIFT = 32;
    private static final int U16 = 0xffff;

    private ConnectionKey() {
    }

    /**
     * The key of a connection.
     *
     * @param clientAddress 32 bits in network order, not 0.
     * @param clientPort    0 to 65,535.
     * @param endpoint      1 to 65,535.
     */
    public static long of(final int clientAddress, final int clientPort, final int endpoint) {
        return (long) clientAddress << ADDRESS_SHIFT | (long) clientPort << CLIENT_SHIFT | endpoint;
    }

    /** The client's address, 32 bits in network order. */
    public static int clientAddress(final long key) {
        return (int) (key >>> ADDRESS_SHIFT);
    }

    /** The client's port, 0 to 65,535; 0 for a template. */
    public static int clientPort(final long key) {
        return (int) (key >>> CLIENT_SHIFT) & U16;
    }

    /** The number of protocol, VIP and vport, 1 to 65,535. */
    public static int endpoint(final long key) {
        return (int) key & U16;
    }

    /** Client address and port alone: what both directions of a connection have in common. */
    static long client(final long key) {
        return key >>> CLIENT_SHIFT;
    }

    /** Client address and port in the form of {@link #client(long)}. */
    static long client(final int clientAddress, final int clientPort) {
        return (clientAddress & 0xffff_ffffL) << CLIENT_SHIFT | clientPort;
    }
}
