package io.ringmaster.control;

import io.ringmaster.netlink.InterfaceAddress;
import io.ringmaster.netlink.Link;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.Ipv6Sources;
import io.ringmaster.service.PortView;
import io.ringmaster.transmit.VlanPorts;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The director's interfaces under their numbers, as the kernel knows them now, and all addresses of this host. Owned by
 * the control thread.
 */
public final class Ports {
    private static final int IPV4_BITS = 32;
    private static final int TAG_BYTES = 4;
    private final Link[] links;
    private final int largestMtuBytes;
    private final VlanPorts vlans;
    private final InetAddress[] sources;
    private final Ipv6Sources[] sources6;
    private final Consumer<String> log;
    private Set<InetAddress> localAddresses = Set.of();
    private final Set<Integer> broadcastAddresses = new HashSet<>();
    private final boolean[] gone;
    private boolean changed;

    /** Interfaces without VLANs. */
    public Ports(final List<Link> links, final List<InterfaceAddress> addresses, final int largestMtuBytes,
                 final Consumer<String> log) {
        this(links, addresses, largestMtuBytes, new VlanPorts(links.size(), List.of(), false), log);
    }

    /**
     * The interfaces.
     *
     * @param links           in the order the director was given them, then VLAN interfaces on these; the place is the
     *                        number.
     * @param largestMtuBytes of the packets that a frame holds: a larger MTU is none that workers can use.
     * @param vlans           those that are known, and those that are kept.
     * @param log             receives one line for people when an interface comes or goes.
     */
    public Ports(final List<Link> links, final List<InterfaceAddress> addresses, final int largestMtuBytes,
                 final VlanPorts vlans, final Consumer<String> log) {
        this.largestMtuBytes = largestMtuBytes;
        this.vlans = vlans;
        this.links = links.toArray(Link[]::new);
        this.sources = new InetAddress[links.size()];
        this.sources6 = new Ipv6Sources[links.size()];
        Arrays.fill(sources6, Ipv6Sources.NONE);
        this.gone = new boolean[links.size()];
        this.log = log;
        readAddresses(addresses);
    }

    /** Takes over what the kernel says now. */
    public void reread(final List<Link> allLinks, final List<InterfaceAddress> addresses) {
        for (int i = 0; i < links.length; i++) {
            final int index = links[i].index();
            final Link before = links[i];
            final Optional<Link> found = allLinks.stream().filter(link -> link.index() == index).findFirst();
            final Link now = found.orElse(new Link(index, before.name(), before.mac(), before.mtuBytes(), false, false,
                before.rxQueues(), before.txQueues(), before.kind(), before.master(), before.vlan()));
            if (found.isEmpty() && !gone[i]) {
                gone[i] = true;
                log.accept("Interface " + before.name() + " is gone; the director goes on without it, and has to be"
                    + " started again to use one that comes in its place.");
            }
            if (!now.equals(before)) {
                tell(before, now);
                links[i] = now;
                changed = true;
            }
        }
        readAddresses(addresses);
    }

    private void tell(final Link before, final Link now) {
        if (!before.name().equals(now.name())) {
            log.accept("Interface " + before.name() + " is called " + now.name() + " now; the director goes on with it,"
                + " and lists it by the name that it had at the start.");
        }
        if (isUp(before) != isUp(now) && !gone[number(now.index())]) {
            log.accept("Interface " + now.name() + " is " + (isUp(now) ? "up again." : "down."));
        }
        if (before.mac() != now.mac() || before.mtuBytes() != now.mtuBytes()) {
            log.accept("Interface " + now.name() + " has another MAC address or MTU now.");
        }
        if (now.mtuBytes() > Math.max(before.mtuBytes(), largestMtuBytes)) {
            log.accept("The MTU of " + now.name() + " is " + now.mtuBytes() + " now, and the director's frames hold"
                + " packets of an MTU up to " + largestMtuBytes + ": larger ones are lost until it is started again,"
                + " with larger frames, or the MTU is lowered.");
        }
    }

    private void readAddresses(final List<InterfaceAddress> addresses) {
        final Set<InetAddress> local = new HashSet<>();
        broadcastAddresses.clear();
        for (final InterfaceAddress each : addresses) {
            local.add(each.address());
            // A network of one or two addresses has none (RFC 3021).
            if (each.address() instanceof Inet4Address && each.prefixLength() < IPV4_BITS - 1) {
                broadcastAddresses.add(Addresses.ipv4(Addresses.low(each.address())) | -1 >>> each.prefixLength());
            }
        }
        takeSources(addresses);
        takeSources6(addresses);
        changed |= !local.equals(localAddresses);
        localAddresses = local;
    }

    /** The first address of each interface that is no VIP, as one that is a prefix of its own is more likely. */
    private void takeSources(final List<InterfaceAddress> addresses) {
        for (int i = 0; i < links.length; i++) {
            final int port = i;
            final Optional<InterfaceAddress> first = addresses.stream()
                .filter(each -> number(each.interfaceIndex()) == port && each.address() instanceof Inet4Address
                    && each.prefixLength() < IPV4_BITS).findFirst();
            if (first.isPresent() && !first.get().address().equals(sources[i])) {
                sources[i] = first.get().address();
                changed = true;
            }
        }
    }

    /** All of each interface but those of the link alone: which one is taken depends on who is answered. */
    private void takeSources6(final List<InterfaceAddress> addresses) {
        for (int i = 0; i < links.length; i++) {
            final int port = i;
            final Ipv6Sources now = new Ipv6Sources(addresses.stream()
                .filter(each -> number(each.interfaceIndex()) == port && each.address() instanceof Inet6Address
                    && !each.address().isLinkLocalAddress())
                .map(each -> new Ipv6Sources.Source(Addresses.high(each.address()), Addresses.low(each.address()),
                    each.prefixLength())).toList());
            if (!now.all().isEmpty() && !now.equals(sources6[i])) {
                sources6[i] = now;
                changed = true;
            }
        }
    }

    /** The number of an interface, or -1 if it is none of the director's. */
    public int number(final int interfaceIndex) {
        for (int i = 0; i < links.length; i++) {
            if (links[i].index() == interfaceIndex) {
                return i;
            }
        }
        return -1;
    }

    /** The interface of a number as it was at the last reading. */
    public Link link(final int port) {
        return links[port];
    }

    /** Whether packets can leave by an interface. */
    public boolean isUp(final int port) {
        return isUp(links[port]);
    }

    private static boolean isUp(final Link link) {
        return link.up() && link.running();
    }

    /** All addresses of this host. */
    public Set<InetAddress> localAddresses() {
        return localAddresses;
    }

    /** Whether an IPv4 address is the broadcast address of a network of this host. */
    boolean broadcast(final int address) {
        return broadcastAddresses.contains(address);
    }

    /** Whether anything changed since the last call of this. */
    boolean takeChanged() {
        final boolean result = changed;
        changed = false;
        return result;
    }

    /** What workers see. */
    public PortView[] views() {
        final PortView[] views = new PortView[vlans.count()];
        for (int i = 0; i < links.length; i++) {
            views[i] = view(i, mtuBytes(i));
        }
        for (int i = links.length; i < views.length; i++) {
            // The interface has room for one tag beyond its MTU.
            final int interfaceNumber = vlans.keptOn(i);
            views[i] = view(interfaceNumber, mtuBytes(interfaceNumber) - (vlans.keepsTwo(i) ? TAG_BYTES : 0));
        }
        return views;
    }

    private int mtuBytes(final int i) {
        return Math.min(links[i].mtuBytes(), largestMtuBytes);
    }

    private PortView view(final int i, final int mtuBytes) {
        return new PortView(links[i].index(), links[i].mac(), mtuBytes, high(sources[i]), low(sources[i]),
            sources6[i]);
    }

    private static long high(final InetAddress address) {
        return address == null ? 0 : Addresses.high(address);
    }

    private static long low(final InetAddress address) {
        return address == null ? 0 : Addresses.low(address);
    }
}
