package io.ringmaster.director;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.netlink.Ethtool;
import io.ringmaster.netlink.Link;
import io.ringmaster.netlink.RouteNetlink;
import io.ringmaster.xdp.Umem;
import io.ringmaster.xdp.XdpSocketSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The interfaces a director is to serve, looked up and checked before anything is changed. Immutable.
 *
 * @param links  in the order of the settings.
 * @param queues receive queues in use of each.
 * @param vlans  the kernel's VLAN interfaces on these.
 */
record Interfaces(List<Link> links, List<Integer> queues, VlanInterfaces vlans) {
    private static final Set<String> BONDS = Set.of("bond", "team");

    /**
     * Looks the interfaces up.
     *
     * @throws IllegalArgumentException in one sentence: an unknown name, one that is there twice, a loopback, a VLAN
     *     or what belongs to a bond.
     */
    static Interfaces find(final RouteNetlink netlink, final List<String> names) {
        final Set<String> seen = new HashSet<>();
        final List<Link> links = new ArrayList<>();
        final List<Link> all = netlink.links();
        for (final String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("Interface " + name + " is named twice.");
            }
            final Link link = netlink.link(name);
            if (link.mac() == 0) {
                throw new IllegalArgumentException("Interface " + name
                    + " has no MAC address; the director needs Ethernet interfaces.");
            }
            refuseVlan(link, all);
            refuseSlave(link, all);
            links.add(link);
        }
        final VlanInterfaces vlans = VlanInterfaces.on(all, links);
        refuseOffload(links, vlans);
        return new Interfaces(links, links.stream().map(link -> Ethtool.rxQueues(link.name())).toList(), vlans);
    }

    private static void refuseVlan(final Link link, final List<Link> all) {
        if (link.kind().equals(VlanInterfaces.KIND)) {
            final String parent = name(link.vlan().parent(), all);
            throw new IllegalArgumentException("Interface " + link.name() + " is a VLAN of " + parent
                + ", whose frames come and go by " + parent + "; name that instead: its VLAN interfaces are served with"
                + " it.");
        }
    }

    /** What comes by it the kernel gives to the bond, and so would not know to whom it belongs. */
    private static void refuseSlave(final Link link, final List<Link> all) {
        final String bond = all.stream().filter(each -> link.master() != 0 && each.index() == link.master()
            && BONDS.contains(each.kind())).map(Link::name).findFirst().orElse("");
        if (!bond.isEmpty()) {
            throw new IllegalArgumentException("Interface " + link.name() + " belongs to " + bond
                + ", which has its addresses and routes; name " + bond + " instead.");
        }
    }

    private static void refuseOffload(final List<Link> links, final VlanInterfaces vlans) {
        for (int i = 0; i < vlans.links().size(); i++) {
            final String parent = links.get(vlans.devices().get(i).parent()).name();
            if (Ethtool.rxVlan(parent)) {
                throw new IllegalArgumentException("Interface " + parent + " takes the tags of VLAN packets out of them"
                    + " (rxvlan offload), where AF_XDP does not see them, and " + vlans.links().get(i).name()
                    + " is one of its VLANs; turn that off: ethtool -K " + parent + " rxvlan off");
            }
        }
    }

    private static String name(final int interfaceIndex, final List<Link> all) {
        return all.stream().filter(each -> each.index() == interfaceIndex).map(Link::name).findFirst()
            .orElse("an interface of another namespace");
    }

    /** What is to be said of interfaces that take VLAN tags out, though no VLAN interface is on them; may be empty. */
    String tagsTakenOut() {
        final List<String> names = links.stream().map(Link::name).filter(Ethtool::rxVlan).toList();
        return names.isEmpty() ? "" : "VLAN tags that " + String.join(" and ", names) + (names.size() == 1
            ? " takes" : " take") + " out of packets (rxvlan offload) the director does not see; where there are any:"
            + " ethtool -K " + names.getFirst() + " rxvlan off";
    }

    /** The interfaces, then their VLAN interfaces: the place of each is its number. */
    List<Link> all() {
        final List<Link> all = new ArrayList<>(links);
        all.addAll(vlans.links());
        return all;
    }

    /** The kernel's number of the interface that the frames of each of {@link #all} come by. */
    int[] receiving() {
        return IntStream.concat(links.stream().mapToInt(Link::index),
            vlans.devices().stream().mapToInt(device -> links.get(device.parent()).index())).toArray();
    }

    /**
     * How the XDP program is attached to an interface. A native program of a bond runs on what belongs to it, whose
     * packets do not reach sockets of the bond's.
     *
     * @param asked as set.
     * @throws IllegalArgumentException in one sentence if that cannot work.
     */
    static Optional<AttachMode> attachMode(final Link link, final Optional<AttachMode> asked) {
        if (!BONDS.contains(link.kind())) {
            return asked;
        }
        if (asked.equals(Optional.of(AttachMode.NATIVE))) {
            throw new IllegalArgumentException("Interface " + link.name() + " is a " + link.kind()
                + ": what an XDP program in native mode takes from it reaches no socket; leave --xdp out.");
        }
        return Optional.of(AttachMode.GENERIC);
    }

    /** Receive queues of the interface that has the fewest. */
    int smallestQueueCount() {
        return Collections.min(queues);
    }

    /** Name of that interface. */
    String withFewestQueues() {
        return links.get(queues.indexOf(smallestQueueCount())).name();
    }

    /** Receive queues of the interface that has the most. */
    int largestQueueCount() {
        return Collections.max(queues);
    }

    /**
     * Size of a frame that holds every interface's packets.
     *
     * @param asked 2,048 or 4,096, or 0 for the smallest that does.
     * @throws IllegalArgumentException if an MTU is too large for it.
     */
    int frameBytes(final int asked) {
        int largest = 0;
        for (final Link link : links) {
            final int needed = Umem.frameBytesFor(link.name(), link.mtuBytes());
            if (asked != 0 && needed > asked) {
                throw new IllegalArgumentException("The MTU of " + link.name() + " is " + link.mtuBytes()
                    + ", and a frame of " + asked + " bytes holds packets of an MTU up to "
                    + Umem.largestMtuBytes(asked) + "; leave --frame-bytes out or lower the MTU.");
            }
            largest = Math.max(largest, needed);
        }
        return asked != 0 ? asked : largest;
    }

    /** A socket for every receive queue: a queue without one would leave its packets to the kernel. */
    List<XdpSocketSet.Place> places() {
        final List<XdpSocketSet.Place> places = new ArrayList<>();
        for (int port = 0; port < links.size(); port++) {
            for (int queue = 0; queue < queues.get(port); queue++) {
                places.add(new XdpSocketSet.Place(links.get(port).index(), links.get(port).name(), queue));
            }
        }
        return places;
    }

    /** The port number of each of {@link #places}. */
    int[] ports() {
        return IntStream.range(0, links.size())
            .flatMap(port -> IntStream.generate(() -> port).limit(queues.get(port))).toArray();
    }
}
