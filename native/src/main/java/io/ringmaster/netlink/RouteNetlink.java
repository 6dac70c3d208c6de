package io.ringmaster.netlink;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Reads the kernel's links, addresses, routes and neighbours, asks it for the way to an address, and makes it resolve
 * neighbours. Owned by one thread at a time; it stays in the network namespace of the thread that opened it. Facts from
 * rtnetlink(7), netlink(7) and the kernel's net/core/rtnetlink.c, net/core/neighbour.c, net/ipv4/route.c.
 */
public final class RouteNetlink implements AutoCloseable {
    private final Channel channel;
    private final Exchange exchange;
    private final Request request = new Request();

    RouteNetlink(final Channel channel) {
        this.channel = channel;
        exchange = new Exchange(channel);
    }

    /**
     * Opens it in the calling thread's network namespace. Reading needs no privilege.
     *
     * @throws SystemCallException if the kernel gives no socket.
     */
    public static RouteNetlink open() {
        return new RouteNetlink(NetlinkSocket.open(0, 0));
    }

    /**
     * All interfaces, in the kernel's order.
     *
     * @throws SystemCallException   if the kernel refuses.
     * @throws IllegalStateException if they changed during each of several attempts to read them.
     */
    public List<Link> links() {
        return exchange.list("the links", LinkMessage.NEW, LinkMessage.list(request),
            (memory, from, end, into) -> addKnown(LinkMessage.parse(memory, from, end), into));
    }

    /**
     * The interface of a name.
     *
     * @throws IllegalArgumentException if there is none; the sentence names those that exist.
     */
    public Link link(final String name) {
        final List<Link> links = links();
        return links.stream().filter(link -> link.name().equals(name)).findFirst().orElseThrow(() ->
            new IllegalArgumentException("There is no interface \"" + name + "\" in this network namespace; it has "
                + links.stream().map(Link::name).collect(Collectors.joining(", ")) + "."));
    }

    /** All IPv4 and IPv6 addresses of interfaces; errors as {@link #links}. */
    public List<InterfaceAddress> addresses() {
        return bothFamilies(family -> exchange.list("the addresses", AddressMessage.NEW,
            AddressMessage.list(request, family),
            (memory, from, end, into) -> addKnown(AddressMessage.parse(memory, family, from, end), into)));
    }

    /**
     * All IPv4 and IPv6 routes of all tables, without cached paths; errors as {@link #links}.
     *
     * @return a route with several next hops once for each of them.
     */
    public List<Route> routes() {
        return bothFamilies(family -> exchange.list("the routes", RouteMessage.NEW, RouteMessage.list(request, family),
            (memory, from, end, into) -> RouteMessage.parse(memory, family, from, end, into)));
    }

    /** All IPv4 and IPv6 neighbours, those that failed or need no resolution too; errors as {@link #links}. */
    public List<Neighbour> neighbours() {
        return bothFamilies(family -> exchange.list("the neighbours", NeighbourMessage.NEW,
            NeighbourMessage.list(request, family),
            (memory, from, end, into) -> addKnown(NeighbourMessage.parse(memory, family, from, end), into)));
    }

    /** By family, since a kernel without IPv6 answers a question about all with an error about the missing one. */
    private static <T> List<T> bothFamilies(final IntFunction<List<T>> list) {
        final List<T> all = new ArrayList<>(list.apply(Attributes.IPV4));
        all.addAll(list.apply(Attributes.IPV6));
        return all;
    }

    private static <T> void addKnown(final T known, final List<T> into) {
        if (known != null) {
            into.add(known);
        }
    }

    /**
     * The way that a packet of this machine would take to an address.
     *
     * @return null if it is unreachable; {@link #ask} tells why.
     * @throws SystemCallException if the kernel refuses to say.
     */
    public Route routeTo(final InetAddress destination) {
        return ask(destination, null, 0).route();
    }

    /**
     * As {@link #routeTo(InetAddress)}, for packets with a source address or a firewall mark, which policy rules may
     * send another way.
     *
     * @param source an address of this machine, or null for any.
     * @param mark   firewall mark, 0 for none.
     * @throws IllegalArgumentException if source and destination are not of the same family.
     */
    public Route routeTo(final InetAddress destination, final InetAddress source, final int mark) {
        return ask(destination, source, mark).route();
    }

    /** As {@link #routeTo(InetAddress, InetAddress, int)}, with the reason where there is no way. */
    public RouteAnswer ask(final InetAddress destination, final InetAddress source, final int mark) {
        if (source != null && Attributes.family(source) != Attributes.family(destination)) {
            throw new IllegalArgumentException("There can be no route from " + source.getHostAddress() + " to "
                + destination.getHostAddress() + ": one is IPv4, the other IPv6.");
        }
        final List<Route> found = new ArrayList<>(1);
        final int family = Attributes.family(destination);
        final int errno = exchange.ask(RouteMessage.NEW, RouteMessage.ask(request, destination, source, mark),
            (memory, from, end, into) -> RouteMessage.parseAnswer(memory, family, from, end, into), found);
        if (errno == 0 && !found.isEmpty()) {
            final Route route = found.getFirst();
            return route.reachable() ? new RouteAnswer(destination, route, 0)
                : new RouteAnswer(destination, null, errnoOf(route.type()));
        }
        if (isUnreachable(errno)) {
            return new RouteAnswer(destination, null, errno);
        }
        throw exchange.refused("ask for the route to " + destination.getHostAddress(), errno);
    }

    /** IPv4 answers with an error where IPv6 answers with a route of that type (fib_props in net/ipv4). */
    private static int errnoOf(final int routeType) {
        return switch (routeType) {
            case Route.BLACKHOLE -> Errno.EINVAL;
            case Route.PROHIBIT -> Errno.EACCES;
            case Route.UNREACHABLE -> Errno.EHOSTUNREACH;
            default -> Errno.ENETUNREACH;
        };
    }

    private boolean isUnreachable(final int errno) {
        return switch (errno) {
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EACCES, Errno.ENETDOWN, Errno.ENODEV -> true;
            // a blackhole, or a source that is not ours; with words of the kernel's parser it would be our mistake
            case Errno.EINVAL -> exchange.explanation() == null;
            default -> false;
        };
    }

    /**
     * Makes the kernel resolve a neighbour and keep its entry fresh, as if traffic of its own used it. Harmless to
     * repeat. An entry that the administrator made permanent is left alone: this request would make it an ordinary one.
     * When the link goes down the kernel forgets the entry and this request with it, so it has to be made again after
     * the link is up.
     *
     * @return who has to keep it alive from now on.
     * @throws SystemCallException if the kernel refuses, such as ENODEV for an interface that is gone, EPERM without
     *                             CAP_NET_ADMIN.
     */
    public NeighbourCare manageNeighbour(final int interfaceIndex, final InetAddress address) {
        return manageNeighbour(interfaceIndex, address, true);
    }

    NeighbourCare manageNeighbour(final int interfaceIndex, final InetAddress address, final boolean extended) {
        final NeighbourState before = new NeighbourState();
        if (read(interfaceIndex, address, before) && before.administrators()) {
            return NeighbourCare.PERMANENT;
        }
        tell(NeighbourMessage.use(request, interfaceIndex, address, extended),
            "make the kernel resolve " + address.getHostAddress() + " on interface " + interfaceIndex);
        // the kernel does not refuse what it does not know: only the entry itself tells
        final NeighbourState after = new NeighbourState();
        return read(interfaceIndex, address, after) && after.managed ? NeighbourCare.MANAGED : NeighbourCare.REPEAT;
    }

    /**
     * Stops keeping a neighbour fresh. The entry stays and ages as any other; one that is gone already is no error.
     *
     * @throws SystemCallException if the kernel refuses.
     */
    public void unmanageNeighbour(final int interfaceIndex, final InetAddress address) {
        final NeighbourState now = new NeighbourState();
        if (!read(interfaceIndex, address, now) || !now.managed) {
            return;
        }
        final int errno = exchange.ask(0, NeighbourMessage.release(request, interfaceIndex, address),
            (memory, from, end, into) -> { }, now);
        if (errno != 0 && errno != Errno.ENOENT && errno != Errno.ENODEV) {
            throw exchange.refused("release the neighbour " + address.getHostAddress() + " on interface "
                + interfaceIndex, errno);
        }
    }

    /** The entry of one address, or null if there is none. */
    public Neighbour neighbour(final int interfaceIndex, final InetAddress address) {
        final NeighbourState state = new NeighbourState();
        return read(interfaceIndex, address, state) ? state.neighbour : null;
    }

    private boolean read(final int interfaceIndex, final InetAddress address, final NeighbourState into) {
        final int family = Attributes.family(address);
        final int errno = exchange.ask(NeighbourMessage.NEW, NeighbourMessage.get(request, interfaceIndex, address),
            (memory, from, end, state) -> {
                state.neighbour = NeighbourMessage.parse(memory, family, from, end);
                state.managed = NeighbourMessage.managed(memory, from, end);
            }, into);
        if (errno != 0 && errno != Errno.ENOENT && errno != Errno.ENODEV) {
            throw exchange.refused("read the neighbour " + address.getHostAddress() + " on interface "
                + interfaceIndex, errno);
        }
        return into.neighbour != null;
    }

    private void tell(final Request complete, final String tried) {
        final int errno = exchange.ask(0, complete, (memory, from, end, into) -> { }, this);
        if (errno != 0) {
            throw exchange.refused(tried, errno);
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    /** What one question about a neighbour found. */
    private static final class NeighbourState {
        private Neighbour neighbour;
        private boolean managed;

        private boolean administrators() {
            return (neighbour.state() & (Neighbour.PERMANENT | Neighbour.NOARP)) != 0;
        }
    }
}
