package io.ringmaster.control;

import io.ringmaster.netlink.InterfaceAddress;
import io.ringmaster.netlink.Link;
import io.ringmaster.netlink.Neighbour;
import io.ringmaster.netlink.NeighbourCare;
import io.ringmaster.netlink.Route;
import io.ringmaster.netlink.RouteMonitor;
import io.ringmaster.netlink.RouteNetlink;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.NextHop;
import io.ringmaster.sys.SystemCallException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The next hops of all real servers, from the kernel's route and neighbour tables, followed as these change. Owned by
 * the control thread.
 * <p>
 * Nothing of the kernel's own traffic uses these neighbours, so it would neither resolve them nor notice that one has
 * another MAC address now: each is put under the kernel's management (NTF_EXT_MANAGED), or asked for again every few
 * seconds where the kernel is too old for that.
 */
public final class FollowedHops implements NextHops, RouteMonitor.Listener {
    private static final long ASK_AGAIN_NS = 5_000_000_000L;
    private static final int REST = 10;

    private record NeighbourKey(int interfaceIndex, InetAddress address) {
    }

    private record Followed(NextHop hop, NeighbourKey neighbour) {
    }

    private final RouteNetlink netlink;
    private final Ports ports;
    private final Map<NeighbourKey, Long> macs = new HashMap<>();
    private final Map<InetAddress, Followed> followed = new HashMap<>();
    private final Runnable onChange;
    private final Consumer<String> log;
    private final Set<NeighbourKey> cared = new HashSet<>();
    private final Set<NeighbourKey> changedNeighbours = new HashSet<>();
    private boolean routesChanged;
    private boolean reread;
    private long askNextNs;
    private long refreshNextNs;

    /**
     * Follows next hops.
     *
     * @param netlink  of the director's namespace.
     * @param ports    the director's interfaces.
     * @param onChange called on the control thread when a next hop that was asked for has become another.
     * @param log      receives one line for people when a real server becomes reachable or is lost.
     */
    public FollowedHops(final RouteNetlink netlink, final Ports ports, final Runnable onChange,
                        final Consumer<String> log) {
        this.netlink = netlink;
        this.ports = ports;
        this.onChange = onChange;
        this.log = log;
        readNeighbours();
    }

    @Override
    public NextHop to(final long high, final long low) {
        final InetAddress address = Addresses.toInetAddress(high, low);
        return followed.computeIfAbsent(address, this::resolve).hop();
    }

    @Override
    public boolean broadcast(final HostAddress address) {
        return !address.ipv6() && ports.broadcast(address.ipv4());
    }

    @Override
    public void forget(final long high, final long low) {
        final Followed gone = followed.remove(Addresses.toInetAddress(high, low));
        if (gone == null || gone.neighbour() == null
            || followed.values().stream().anyMatch(other -> gone.neighbour().equals(other.neighbour()))) {
            return;
        }
        cared.remove(gone.neighbour());
        try {
            netlink.unmanageNeighbour(gone.neighbour().interfaceIndex(), gone.neighbour().address());
        } catch (final SystemCallException e) {
            log.accept(e.getMessage());
        }
    }

    private Followed resolve(final InetAddress address) {
        final Followed found = find(address);
        if (found.neighbour() != null && (!found.hop().resolved() || !cared.contains(found.neighbour()))) {
            ask(found.neighbour());
        }
        return found;
    }

    /** Makes the kernel resolve a neighbour; an interface that is down or gone refuses, and is asked again later. */
    private void ask(final NeighbourKey neighbour) {
        try {
            final NeighbourCare care = netlink.manageNeighbour(neighbour.interfaceIndex(), neighbour.address());
            if (care == NeighbourCare.REPEAT) {
                cared.remove(neighbour);
            } else {
                cared.add(neighbour);
            }
        } catch (final SystemCallException e) {
            // The interface is down or gone: that is told elsewhere, and the next round asks again.
            cared.remove(neighbour);
        }
    }

    private Followed find(final InetAddress address) {
        final Route route = netlink.routeTo(address);
        if (route != null && route.local()) {
            return new Followed(NextHop.LOCAL, null);
        }
        final int port = route == null || !route.reachable() ? -1 : ports.number(route.interfaceIndex());
        if (port < 0) {
            return new Followed(NextHop.NONE, null);
        }
        final InetAddress via = route.gateway() == null ? address : route.gateway();
        final NeighbourKey key = new NeighbourKey(route.interfaceIndex(), via);
        final Link link = ports.link(port);
        final int mtuBytes = route.mtuBytes() > 0 ? Math.min(route.mtuBytes(), link.mtuBytes()) : link.mtuBytes();
        final InetAddress source = route.source();
        return new Followed(new NextHop(port, link.up() ? macs.getOrDefault(key, 0L) : 0, link.mac(), mtuBytes,
            source == null ? 0 : Addresses.high(source), source == null ? 0 : Addresses.low(source)), key);
    }

    private void readNeighbours() {
        final List<Neighbour> neighbours = netlink.neighbours();
        macs.clear();
        cared.clear();
        for (final Neighbour neighbour : neighbours) {
            remember(neighbour, false);
        }
    }

    private boolean remember(final Neighbour neighbour, final boolean deleted) {
        final NeighbourKey key = new NeighbourKey(neighbour.interfaceIndex(), neighbour.address());
        final long mac = deleted || !neighbour.usable() ? 0 : neighbour.mac();
        final Long before = mac == 0 ? macs.remove(key) : macs.put(key, mac);
        if (deleted) {
            cared.remove(key);
        }
        return (before == null ? 0 : before) != mac;
    }

    /**
     * Works off what the kernel told since the last call, and asks again for neighbours that are still unknown.
     *
     * @return amount of work done.
     */
    public int poll(final RouteMonitor monitor, final long nowNs) {
        final int messages = monitor.poll(this);
        if (reread) {
            // Forgotten only when all was read: a dump that fails is tried again at the next call.
            ports.reread(netlink.links(), netlink.addresses());
            readNeighbours();
            reread = false;
            routesChanged = true;
        }
        if (nowNs - askNextNs >= 0) {
            askNextNs = nowNs + ASK_AGAIN_NS;
            askAgain();
        }
        if ((routesChanged || !changedNeighbours.isEmpty()) && nowNs - refreshNextNs >= 0) {
            final long startNs = System.nanoTime();
            refresh();
            // While a routing daemon fills its tables, asking for every way again must leave time for everything else.
            refreshNextNs = nowNs + REST * (System.nanoTime() - startNs);
        }
        return messages;
    }

    private void askAgain() {
        for (final Followed each : followed.values()) {
            if (each.neighbour() != null && ports.isUp(each.hop().port())
                && (!each.hop().resolved() || !cared.contains(each.neighbour()))) {
                ask(each.neighbour());
            }
        }
    }

    private void refresh() {
        boolean different = false;
        for (final Map.Entry<InetAddress, Followed> entry : followed.entrySet()) {
            if (!routesChanged && !changedNeighbours.contains(entry.getValue().neighbour())) {
                continue;
            }
            final Followed now = resolve(entry.getKey());
            if (!now.hop().equals(entry.getValue().hop())) {
                different = true;
                tell(entry.getKey(), entry.getValue().hop(), now.hop());
            }
            entry.setValue(now);
        }
        routesChanged = false;
        changedNeighbours.clear();
        if (different || ports.takeChanged()) {
            onChange.run();
        }
    }

    private void tell(final InetAddress to, final NextHop before, final NextHop now) {
        final HostAddress address = HostAddress.of(to);
        if (!now.routed()) {
            log.accept("No route to " + address + " through an interface of the director.");
        } else if (before.resolved() != now.resolved()) {
            log.accept(address + (now.resolved()
                ? " is reachable through " : " does not answer on ") + ports.link(now.port()).name() + ".");
        }
    }

    @Override
    public void onLink(final Link link, final boolean deleted) {
        if (ports.number(link.index()) >= 0) {
            reread = true;
        }
    }

    @Override
    public void onAddress(final InterfaceAddress address, final boolean deleted) {
        reread = true;
    }

    @Override
    public void onRoute(final Route route, final boolean deleted) {
        routesChanged = true;
    }

    @Override
    public void onNeighbour(final Neighbour neighbour, final boolean deleted) {
        if (ports.number(neighbour.interfaceIndex()) >= 0 && remember(neighbour, deleted)) {
            changedNeighbours.add(new NeighbourKey(neighbour.interfaceIndex(), neighbour.address()));
        }
    }

    @Override
    public void onOverrun() {
        reread = true;
    }
}
