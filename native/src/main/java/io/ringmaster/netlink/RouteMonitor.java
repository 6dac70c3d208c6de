package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows the kernel's links, addresses, routes and neighbours by its notifications. Owned by one thread at a time; it
 * stays in the network namespace of the thread that opened it. Open it before the first list is read by
 * {@link RouteNetlink}, so that nothing falls between.
 *
 * <p>The kernel takes IPv4 routes away in silence when their interface goes down or loses its last address
 * (fib_sync_down_dev in net/ipv4): after either event the owner has to read the routes again.
 */
public final class RouteMonitor implements AutoCloseable {
    /** Messages that one poll takes at most, give or take a datagram: the owner has other work. */
    public static final int MESSAGES_PER_POLL = 256;
    static final int GROUP_LINK = 0x1;
    static final int GROUP_NEIGHBOUR = 0x4;
    static final int GROUP_IPV4_ADDRESS = 0x10;
    static final int GROUP_IPV4_ROUTE = 0x40;
    static final int GROUP_IPV4_RULE = 0x80;
    static final int GROUP_IPV6_ADDRESS = 0x100;
    static final int GROUP_IPV6_ROUTE = 0x400;
    static final int GROUP_IPV6_RULE = 0x40000;
    static final int RULE_NEW = 32;
    static final int RULE_DELETE = 33;
    /** A full table of a large site in one burst: about 10,000 notifications of 300 bytes, each in 1 KiB of memory. */
    static final int RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
    private static final int GROUPS = GROUP_LINK | GROUP_NEIGHBOUR | GROUP_IPV4_ADDRESS | GROUP_IPV4_ROUTE
        | GROUP_IPV4_RULE | GROUP_IPV6_ADDRESS | GROUP_IPV6_ROUTE | GROUP_IPV6_RULE;
    private final Channel channel;
    private final List<Route> routes = new ArrayList<>();

    RouteMonitor(final Channel channel) {
        this.channel = channel;
    }

    /** What the kernel tells; called within {@link RouteMonitor#poll} by the same thread. */
    public interface Listener {
        /** A link is new, has changed, or is gone. */
        void onLink(Link link, boolean deleted);

        /** An interface has got or lost an address. */
        void onAddress(InterfaceAddress address, boolean deleted);

        /** A route is new, has changed, or is gone; one with several next hops is told once for each. */
        void onRoute(Route route, boolean deleted);

        /** A neighbour is new, has changed, or is gone. */
        void onNeighbour(Neighbour neighbour, boolean deleted);

        /** The kernel had more to tell than fits: all of it is lost, and everything has to be read again. */
        void onOverrun();

        /** A policy rule was added or deleted, so that any address may now be routed another way. */
        default void onRule() {
            onOverrun();
        }
    }

    /**
     * Opens it in the calling thread's network namespace. Needs no privilege; as root the kernel holds up to 8 MiB of
     * unread notifications, else as much as net.core.rmem_max allows.
     *
     * @throws io.ringmaster.sys.SystemCallException if the kernel gives no socket.
     */
    public static RouteMonitor open() {
        return open(RECEIVE_BUFFER_BYTES);
    }

    static RouteMonitor open(final int receiveBufferBytes) {
        return new RouteMonitor(NetlinkSocket.open(GROUPS, receiveBufferBytes));
    }

    /**
     * Tells the listener what has come since the last call; never waits.
     *
     * @return the number of messages taken, an overrun being one; 0 when there was nothing.
     * @throws MalformedMessageException if a message contradicts its own lengths; later ones can still be polled.
     */
    public int poll(final Listener listener) {
        int messages = 0;
        while (messages < MESSAGES_PER_POLL) {
            final int length = channel.receive(false);
            if (length == Channel.NOTHING) {
                return messages;
            }
            if (length < 0) {
                discard();
                listener.onOverrun();
                return messages + 1;
            }
            messages += tellAll(length, listener);
        }
        return messages;
    }

    /** What still waits is older than what the owner is about to read, and would set it back. */
    private void discard() {
        for (int datagrams = 0; datagrams < RECEIVE_BUFFER_BYTES / NetlinkHeader.BYTES; datagrams++) {
            if (channel.receive(false) == Channel.NOTHING) {
                return;
            }
        }
    }

    private int tellAll(final int length, final Listener listener) {
        final MemorySegment memory = channel.memory();
        int messages = 0;
        int bytes;
        for (long at = 0; at < length; at = NetlinkHeader.next(at, bytes)) {
            bytes = NetlinkHeader.length(memory, at, length);
            tell(NetlinkHeader.type(memory, at), memory, at + NetlinkHeader.BYTES, at + bytes, listener);
            messages++;
        }
        return messages;
    }

    private void tell(final int type, final MemorySegment memory, final long from, final long end,
                      final Listener listener) {
        switch (type) {
            case LinkMessage.NEW, LinkMessage.DELETE -> {
                final Link link = LinkMessage.parse(memory, from, end);
                if (link != null) {
                    listener.onLink(link, type == LinkMessage.DELETE);
                }
            }
            case AddressMessage.NEW, AddressMessage.DELETE -> {
                final InterfaceAddress address = AddressMessage.parse(memory, FixedPart.BOTH, from, end);
                if (address != null) {
                    listener.onAddress(address, type == AddressMessage.DELETE);
                }
            }
            case RouteMessage.NEW, RouteMessage.DELETE -> {
                routes.clear();
                RouteMessage.parse(memory, FixedPart.BOTH, from, end, routes);
                for (final Route route : routes) {
                    listener.onRoute(route, type == RouteMessage.DELETE);
                }
            }
            case NeighbourMessage.NEW, NeighbourMessage.DELETE -> {
                final Neighbour neighbour = NeighbourMessage.parse(memory, FixedPart.BOTH, from, end);
                if (neighbour != null) {
                    listener.onNeighbour(neighbour, type == NeighbourMessage.DELETE);
                }
            }
            case RULE_NEW, RULE_DELETE -> listener.onRule();
            case NetlinkHeader.TYPE_OVERRUN -> listener.onOverrun();
            default -> {
                // the groups carry other families' messages as well, such as a bridge's multicast groups
            }
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
