package io.ringmaster.xdp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The system calls from no socket to a bound one, and the sentence for each way they can fail. */
final class SocketOpener {
    // The kernel lets go of a queue, and of pinned memory, a moment after the last socket was closed.
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int RETRY_PAUSE_MS = 20;
    private final Umem umem;
    private final RingSizes sizes;
    private final int transmitBudget;

    SocketOpener(final Umem umem, final RingSizes sizes, final int transmitBudget) {
        this.umem = umem;
        this.sizes = sizes;
        this.transmitBudget = transmitBudget;
    }

    /** The interface or queue refused zero copy; copying may still work. */
    static final class ZeroCopyRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ZeroCopyRefused(final String where, final int errno) {
            super("zero copy refused by " + where + ": " + Errno.describe(errno));
        }
    }

    /**
     * Opens and binds one socket.
     *
     * @param sharedFd the socket whose UMEM it joins, or -1 for the first, which registers the UMEM.
     * @param zeroCopy the mode asked for; a socket that joins another's UMEM gets that one's.
     */
    XdpSocket open(final XdpSocketSet.Place place, final int sharedFd, final boolean zeroCopy) {
        final int fd = Libc.socket(IfXdp.AF_XDP, IfXdp.SOCK_RAW | IfXdp.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new SystemCallException("open an AF_XDP socket for " + place, -fd, fd == -Errno.EAFNOSUPPORT
                ? "This kernel was built without CONFIG_XDP_SOCKETS." : "It needs CAP_NET_RAW.");
        }
        MappedRings rings = null;
        boolean done = false;
        try {
            if (sharedFd < 0) {
                register(place, fd);
            }
            rings = MappedRings.make(place.toString(), fd, sizes);
            bind(place, fd, sharedFd, zeroCopy);
            done = true;
            return new XdpSocket(place, fd, rings);
        } finally {
            if (!done) {
                if (rings != null) {
                    rings.close();
                }
                Libc.close(fd);
            }
        }
    }

    private void register(final XdpSocketSet.Place place, final int fd) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment registration = arena.allocate(IfXdp.UMEM_REG_BYTES, 8);
            registration.set(JAVA_LONG, IfXdp.UMEM_REG_ADDR, umem.memory().address());
            registration.set(JAVA_LONG, IfXdp.UMEM_REG_LEN, umem.memory().byteSize());
            registration.set(JAVA_INT, IfXdp.UMEM_REG_CHUNK_SIZE, umem.frameBytes());
            final int result = retry(Errno.ENOBUFS,
                () -> Libc.setsockopt(fd, IfXdp.SOL_XDP, IfXdp.XDP_UMEM_REG, registration));
            if (result < 0) {
                throw new SystemCallException("register " + umem.describe() + " for " + place, -result,
                    result == -Errno.ENOBUFS ? "This process may lock too little memory; raise \"ulimit -l\"." : "");
            }
        }
    }

    private void bind(final XdpSocketSet.Place place, final int fd, final int sharedFd, final boolean zeroCopy) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment address = arena.allocate(IfXdp.SOCKADDR_BYTES, 8);
            final int mode = zeroCopy ? IfXdp.XDP_ZEROCOPY : IfXdp.XDP_COPY;
            address.set(JAVA_SHORT, IfXdp.SXDP_FAMILY, (short) IfXdp.AF_XDP);
            address.set(JAVA_SHORT, IfXdp.SXDP_FLAGS,
                (short) (sharedFd < 0 ? mode | IfXdp.XDP_USE_NEED_WAKEUP : IfXdp.XDP_SHARED_UMEM));
            address.set(JAVA_INT, IfXdp.SXDP_IFINDEX, place.interfaceIndex());
            address.set(JAVA_INT, IfXdp.SXDP_QUEUE_ID, place.queue());
            address.set(JAVA_INT, IfXdp.SXDP_SHARED_UMEM_FD, Math.max(sharedFd, 0));
            final int result = retry(Errno.EBUSY, () -> Libc.bind(fd, address));
            if (result < 0 && zeroCopy && mayBeZeroCopy(-result)) {
                throw new ZeroCopyRefused(place.toString(), -result);
            }
            if (result < 0) {
                throw new SystemCallException("bind the AF_XDP socket of " + place, -result, advice(place, -result));
            }
        }
    }

    // Drivers refuse zero copy with many numbers; these cannot come from it.
    private static boolean mayBeZeroCopy(final int errno) {
        return errno != Errno.EBUSY && errno != Errno.ENODEV && errno != Errno.EPERM;
    }

    private static String advice(final XdpSocketSet.Place place, final int errno) {
        return switch (errno) {
            case Errno.EBUSY -> "Another program has this queue, perhaps a second director; stop it first.";
            case Errno.EINVAL -> "Queues count from 0, and the interface may have no queue " + place.queue()
                + ": \"ip -d link show " + place.interfaceName() + "\" tells how many it has.";
            case Errno.ENODEV -> "There is no such interface any more.";
            default -> "";
        };
    }

    /** Raises how many frames one kick sends; whether the kernel did it. */
    boolean raiseTransmitBudget(final XdpSocket socket) {
        return Libc.setsockopt(socket.fd(), IfXdp.SOL_XDP, IfXdp.XDP_MAX_TX_SKB_BUDGET, transmitBudget) == 0;
    }

    private static int retry(final int error, final IntSupplier call) {
        final long deadlineNs = System.nanoTime() + RETRY_NS;
        int result = call.getAsInt();
        while (result == -error && System.nanoTime() < deadlineNs) {
            try {
                Thread.sleep(RETRY_PAUSE_MS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                return result;
            }
            result = call.getAsInt();
        }
        return result;
    }
}
