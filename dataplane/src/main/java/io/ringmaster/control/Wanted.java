package io.ringmaster.control;

/**
 * What the client of a connection of a service of several ports or addresses asked for.
 *
 * @param protocol   IP protocol number; 0 for the service's.
 * @param address    the address; null for the service's.
 * @param port       0 to 65,535.
 * @param serverPort the port of its real server that this is for; {@link #OWN_PORT} for what the real server has.
 */
public record Wanted(int protocol, HostAddress address, int port, int serverPort) {
    /** The real server's own port, or that which was asked for if it has none. */
    public static final int OWN_PORT = -1;

    /** What goes to the real server's own port. */
    public Wanted(final int protocol, final HostAddress address, final int port) {
        this(protocol, address, port, OWN_PORT);
    }

    /** The port of a real server that the connection goes to. */
    public int portOf(final RealServer server) {
        return serverPort == OWN_PORT ? server.portOf(port) : serverPort;
    }
}
