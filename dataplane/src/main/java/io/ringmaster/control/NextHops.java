package io.ringmaster.control;

import io.ringmaster.service.NextHop;

/** The way to an address, as routes and neighbours are at this moment. Called on the control thread only. */
public interface NextHops {
    /**
     * The way to a real server; the answer is remembered by views until {@link ServiceTable#refreshNextHops()}.
     *
     * @param high RIP, high long (see {@link io.ringmaster.packet.Addresses}).
     * @param low  RIP, low long.
     * @return never null: {@link NextHop#NONE} without a route, a hop without a MAC address while it is not known.
     */
    NextHop to(long high, long low);

    /** Whether an address is the broadcast address of one of this host's networks, which no real server can have. */
    default boolean broadcast(final HostAddress address) {
        return false;
    }

    /** No real server has this address any more: its way need not be followed. */
    default void forget(final long high, final long low) {
    }
}
