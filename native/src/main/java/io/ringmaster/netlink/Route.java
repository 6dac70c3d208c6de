package io.ringmaster.netlink;

import java.net.InetAddress;

/**
 * A way to a destination. A route with several next hops is told as several of these, equal but for the hop.
 *
 * @param destination    first address of the network; the address asked for in an answer of routeTo.
 * @param prefixLength   bits of the network, 0 for a default route.
 * @param gateway        the neighbour that packets go to; null if the destination is itself on the link. An IPv4 route
 *                       may have an IPv6 gateway.
 * @param interfaceIndex the interface that packets leave by; 0 where the route has none.
 * @param source         address preferred for packets of this machine, or null.
 * @param mtuBytes       largest packet of this route or path; 0: the interface's MTU holds.
 * @param type           one of the constants here (linux/rtnetlink.h, RTN_*).
 * @param table          number of the routing table: 254 main, 255 local.
 * @param priority       metric; the lower one wins.
 */
public record Route(InetAddress destination, int prefixLength, InetAddress gateway, int interfaceIndex,
                    InetAddress source, int mtuBytes, int type, int table, int priority) {
    /** To a neighbour or through a gateway. */
    public static final int UNICAST = 1;
    /** To this machine itself. */
    public static final int LOCAL = 2;
    public static final int BROADCAST = 3;
    public static final int ANYCAST = 4;
    public static final int MULTICAST = 5;
    /** Silently thrown away. */
    public static final int BLACKHOLE = 6;
    /** Refused with ICMP host unreachable. */
    public static final int UNREACHABLE = 7;
    /** Refused with ICMP administratively prohibited. */
    public static final int PROHIBIT = 8;
    /** Looked up in the next table. */
    public static final int THROW = 9;

    /** Whether packets get anywhere by it, this machine included. */
    public boolean reachable() {
        return type < BLACKHOLE || type > THROW;
    }

    /** Whether it ends at this machine. */
    public boolean local() {
        return type == LOCAL;
    }

    /** The neighbour whose MAC address packets to an address need: the gateway, or the address itself. */
    public InetAddress nextHop(final InetAddress address) {
        return gateway == null ? address : gateway;
    }
}
