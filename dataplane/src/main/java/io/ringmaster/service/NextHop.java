package io.ringmaster.service;

/**
 * Where a packet leaves to and the Ethernet header it gets, as the kernel's route and neighbour tables said. Immutable;
 * made by the control thread.
 *
 * @param port           number of the interface, in the order the director was given them.
 * @param destinationMac 48 bits, first byte on the wire highest; 0 while the neighbour is not resolved.
 * @param sourceMac      the interface's own address, in the same form.
 * @param mtuBytes       largest IP packet of the route.
 * @param sourceHigh     address that the director uses on this route (outer source of tunnels), high long.
 * @param sourceLow      the same, low long.
 */
public record NextHop(int port, long destinationMac, long sourceMac, int mtuBytes, long sourceHigh, long sourceLow) {
    /** A hop to nowhere: no route, or none through an interface of the director. */
    public static final NextHop NONE = new NextHop(-1, 0, 0, 0, 0, 0);
    /** The director itself: the packet is the kernel's. */
    public static final NextHop LOCAL = new NextHop(-2, 0, 0, 0, 0, 0);

    /** Whether packets can be sent to it now. */
    public boolean resolved() {
        return destinationMac != 0;
    }

    /** Whether there is a route through one of the director's interfaces. */
    public boolean routed() {
        return port >= 0;
    }
}
