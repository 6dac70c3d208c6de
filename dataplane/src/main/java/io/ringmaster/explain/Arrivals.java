package io.ringmaster.explain;

import io.ringmaster.netlink.Neighbour;
import io.ringmaster.netlink.Route;
import io.ringmaster.netlink.RouteNetlink;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.View;
import java.net.InetAddress;

/**
 * How packets from an address come, as far as the kernel's tables tell: by the interface of the route back to it, from
 * the neighbour on that route. The tables are only read; no neighbour is asked for.
 */
public final class Arrivals {
    /** Stands for the MAC address of a neighbour that is not known: locally administered, of nobody. */
    public static final long UNKNOWN_MAC = 0x02_00_00_00_00_01L;

    private Arrivals() {
    }

    /**
     * Reads it; to be called in the director's network namespace.
     *
     * @param known ports of the view that are interfaces or VLAN interfaces.
     * @param from  an address of a packet's sender.
     * @return port −1 if the route leads by none of the director's interfaces.
     */
    public static Question.Arrival by(final View view, final int known, final Question.End from) {
        try (RouteNetlink netlink = RouteNetlink.open()) {
            final InetAddress address = Addresses.toInetAddress(from.high(), from.low());
            final Route route = netlink.routeTo(address);
            final int index = route == null || !route.reachable() || route.local() ? 0 : route.interfaceIndex();
            for (int port = 0; port < known; port++) {
                if (index != 0 && view.port(port).interfaceIndex() == index) {
                    return new Question.Arrival(port, 0, mac(netlink, index, route.nextHop(address)),
                        view.port(port).mac());
                }
            }
            return new Question.Arrival(-1, 0, UNKNOWN_MAC, 0);
        }
    }

    /**
     * The MAC address of a sender that comes by an interface that was named.
     *
     * @return {@link #UNKNOWN_MAC} if it is not known.
     */
    public static long mac(final View view, final int port, final Question.End from) {
        try (RouteNetlink netlink = RouteNetlink.open()) {
            final InetAddress address = Addresses.toInetAddress(from.high(), from.low());
            final Route route = netlink.routeTo(address);
            final int index = view.port(port).interfaceIndex();
            return mac(netlink, index, route == null || route.interfaceIndex() != index ? address
                : route.nextHop(address));
        }
    }

    private static long mac(final RouteNetlink netlink, final int interfaceIndex, final InetAddress address) {
        for (final Neighbour neighbour : netlink.neighbours()) {
            if (neighbour.interfaceIndex() == interfaceIndex && neighbour.address().equals(address)
                && neighbour.usable()) {
                return neighbour.mac();
            }
        }
        return UNKNOWN_MAC;
    }
}
