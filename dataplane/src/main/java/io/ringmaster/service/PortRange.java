package io.ringmaster.service;

/**
 * Ports from one to another, both included. Immutable.
 *
 * @param first 0 to 65,535.
 * @param last  first to 65,535.
 */
public record PortRange(int first, int last) {
    /** All ports. */
    public static final PortRange ALL = new PortRange(0, 65_535);

    /** Whether a port is one of them. */
    public boolean contains(final int port) {
        return port >= first && port <= last;
    }

    /** As rules have it: 80 or 8000-8999. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
