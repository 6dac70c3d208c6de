package io.ringmaster.director;

import io.ringmaster.netlink.Ethtool;
import io.ringmaster.netlink.Link;
import io.ringmaster.netlink.RouteNetlink;
import io.ringmaster.xdp.Umem;
import io.ringmaster.xdp.XdpSocketSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The interfaces a director is to serve, looked up and checked before anything is changed. Immutable.
 *
 * @param links  in the order of the settings.
 * @param queues receive queues in use of each.
 */
record Interfaces(List<Link> links, List<Integer> queues) {
    private static final int ETHERNET_BYTES = 18;

    /**
     * Looks the interfaces up.
     *
     * @throws IllegalArgumentException in one sentence: an unknown name, one that is there twice, a loopback.
     */
    static Interfaces find(final RouteNetlink netlink, final List<String> names) {
        final Set<String> seen = new HashSet<>();
        final List<Link> links = new ArrayList<>();
        for (final String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("Interface " + name + " is named twice.");
            }
            final Link link = netlink.link(name);
            if (link.mac() == 0) {
                throw new IllegalArgumentException("Interface " + name
                    + " has no MAC address; the director needs Ethernet interfaces.");
            }
            links.add(link);
        }
        return new Interfaces(links, links.stream().map(link -> Ethtool.rxQueues(link.name())).toList());
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
                    + (asked - Umem.HEADROOM_BYTES - ETHERNET_BYTES) + "; leave --frame-bytes out or lower the MTU.");
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
