package io.ringmaster.xdp;

import io.ringmaster.sys.Capability;
import io.ringmaster.sys.Errno;
import io.ringmaster.sys.KernelVersion;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All sockets of a director, one for each queue of each interface, over one UMEM. The control thread opens and closes
 * them; in between each belongs to its worker. They see the network namespace of the thread that opens them.
 *
 * <p>The first socket decides the mode of the UMEM (zero copy or copy), and all others inherit it: if one refuses zero
 * copy, all are closed and opened again in copy mode.
 */
public final class XdpSocketSet implements AutoCloseable {
    /** Frames that one kick of a copying socket sends where the kernel lets it be raised: a worker's batch. */
    static final int TRANSMIT_BUDGET = 64;
    private static final int ORDINARY_BUDGET = 32; // TX_BATCH_SIZE in net/xdp/xsk.c
    private static final int BUSY_POLL_US = 20;
    private static final int BUSY_POLL_PACKETS = 64;
    private final List<XdpSocket> sockets;
    private final boolean zeroCopy;
    private final String outcome;

    private XdpSocketSet(final List<XdpSocket> sockets, final boolean zeroCopy, final String outcome) {
        this.sockets = List.copyOf(sockets);
        this.zeroCopy = zeroCopy;
        this.outcome = outcome;
    }

    /**
     * One receive queue.
     *
     * @param interfaceIndex the kernel's number.
     * @param interfaceName  for people.
     * @param queue          from 0.
     */
    public record Place(int interfaceIndex, String interfaceName, int queue) {
        @Override
        public String toString() {
            return interfaceName + " queue " + queue;
        }
    }

    /**
     * Opens and binds a socket for each place; nothing stays open if one fails. A queue that is busy is tried for two
     * seconds, since the kernel frees it only a moment after its last socket was closed.
     *
     * @param umem     lives until after {@link #close}.
     * @param places   at least one, each once.
     * @param busyPoll whether the workers shall run the drivers' receive work (kernel 5.11; kicked every cycle).
     * @throws RuntimeException in one sentence for a person.
     */
    public static XdpSocketSet open(final Umem umem, final List<Place> places, final RingSizes sizes,
                                    final boolean busyPoll) {
        return open(umem, places, sizes, busyPoll, Math.min(TRANSMIT_BUDGET, sizes.tx()));
    }

    static XdpSocketSet open(final Umem umem, final List<Place> places, final RingSizes sizes, final boolean busyPoll,
                             final int transmitBudget) {
        if (places.isEmpty() || new HashSet<>(places).size() < places.size()) {
            throw new IllegalArgumentException("Could not open AF_XDP sockets for " + places
                + ": at least one queue is needed, and each once.");
        }
        KernelVersion.requireOldest();
        Capability.require("To open AF_XDP sockets", Capability.CAP_NET_RAW);
        places.forEach(XdpSocketSet::checkInterface);
        final SocketOpener opener = new SocketOpener(umem, sizes, transmitBudget);
        List<XdpSocket> sockets;
        String refusal = null;
        try {
            sockets = openAll(opener, places, true);
        } catch (final SocketOpener.ZeroCopyRefused e) {
            refusal = e.getMessage();
            sockets = openAll(opener, places, false);
        }
        final String mode = refusal == null ? "zero copy"
            : "copy mode (" + refusal + ") of up to " + budget(opener, sockets, transmitBudget) + " frames a kick";
        return new XdpSocketSet(sockets, refusal == null, (sockets.size() == 1 ? "1 socket" : sockets.size()
            + " sockets") + " on " + interfaces(places) + ": " + mode + ", need-wakeup, "
            + busyPoll(sockets, busyPoll));
    }

    // The same number is another interface in another namespace, where a socket could do harm.
    private static void checkInterface(final Place place) {
        final int index = Libc.interfaceIndex(place.interfaceName());
        if (index != place.interfaceIndex()) {
            throw new SystemCallException("find interface " + place.interfaceName() + " with number "
                + place.interfaceIndex() + " in this network namespace", Errno.ENODEV, index < 0 ? ""
                : "It has number " + index + "; perhaps it was made anew.");
        }
    }

    private static List<XdpSocket> openAll(final SocketOpener opener, final List<Place> places,
                                           final boolean zeroCopy) {
        final List<XdpSocket> sockets = new ArrayList<>();
        boolean done = false;
        try {
            for (final Place place : places) {
                final int shared = sockets.isEmpty() ? -1 : sockets.getFirst().fd();
                sockets.add(opener.open(place, shared, zeroCopy));
            }
            done = true;
            return sockets;
        } finally {
            if (!done) {
                sockets.forEach(XdpSocket::close);
            }
        }
    }

    private static int budget(final SocketOpener opener, final List<XdpSocket> sockets, final int wanted) {
        boolean raised = wanted > ORDINARY_BUDGET;
        for (final XdpSocket socket : sockets) {
            raised = raised && opener.raiseTransmitBudget(socket);
        }
        return raised ? wanted : ORDINARY_BUDGET;
    }

    private static String busyPoll(final List<XdpSocket> sockets, final boolean wanted) {
        if (!wanted) {
            return "busy poll off";
        }
        for (final XdpSocket socket : sockets) {
            final int refusal = busyPoll(socket.fd());
            if (refusal < 0) {
                return refusal == -Errno.ENOPROTOOPT ? "busy poll off (this kernel has none)"
                    : "busy poll off (refused by " + socket + ": " + Errno.describe(-refusal) + ")";
            }
        }
        return "busy poll on";
    }

    private static int busyPoll(final int fd) {
        final int preferred = Libc.setsockopt(fd, IfXdp.SOL_SOCKET, IfXdp.SO_PREFER_BUSY_POLL, 1);
        final int time = preferred < 0 ? preferred
            : Libc.setsockopt(fd, IfXdp.SOL_SOCKET, IfXdp.SO_BUSY_POLL, BUSY_POLL_US);
        return time < 0 ? time : Libc.setsockopt(fd, IfXdp.SOL_SOCKET, IfXdp.SO_BUSY_POLL_BUDGET, BUSY_POLL_PACKETS);
    }

    private static String interfaces(final List<Place> places) {
        final Map<String, Long> queues = places.stream()
            .collect(Collectors.groupingBy(Place::interfaceName, LinkedHashMap::new, Collectors.counting()));
        return queues.entrySet().stream()
            .map(entry -> entry.getKey() + (entry.getValue() == 1 ? " (1 queue)" : " (" + entry.getValue()
                + " queues)"))
            .collect(Collectors.joining(", "));
    }

    /** The sockets, in the order of the places. */
    public List<XdpSocket> sockets() {
        return sockets;
    }

    /** Whether packets go between interface and UMEM without the kernel copying them. */
    public boolean zeroCopy() {
        return zeroCopy;
    }

    /** What was tried and what came of it: one line for people. */
    public String outcome() {
        return outcome;
    }

    /** Closes all sockets; the workers must have ended. The UMEM stays. */
    @Override
    public void close() {
        sockets.forEach(XdpSocket::close);
    }
}
