package io.ringmaster.xdp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringmaster.ring.CompletionRing;
import io.ringmaster.ring.FillRing;
import io.ringmaster.ring.RxRing;
import io.ringmaster.ring.TxRing;
import io.ringmaster.sys.Downcalls;
import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;

/**
 * One AF_XDP socket: the four rings of one queue of one interface. Rings and kicks belong to the worker of that queue;
 * {@link #statistics} to one thread, which may be another. Made by {@link XdpSocketSet}.
 */
public final class XdpSocket implements AutoCloseable {
    private static final MethodHandle SENDTO = Downcalls.withErrno("sendto",
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECVFROM = Downcalls.withErrno("recvfrom",
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle POLL = Downcalls.withErrno("poll",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = Downcalls.withErrno("getsockopt",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private final XdpSocketSet.Place place;
    private int fd; // -1 when closed: the number may soon be another file's
    private final MappedRings rings;
    // A call's errno lands in memory of its own thread; freed with this object, so that a late kick does no harm.
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment workerErrno = arena.allocate(Downcalls.captureLayout());
    private final MemorySegment statisticsErrno = arena.allocate(Downcalls.captureLayout());
    private final MemorySegment statistics = arena.allocate(IfXdp.STATISTICS_BYTES, 8);
    private final MemorySegment statisticsLength = arena.allocate(JAVA_INT);
    private final MemorySegment pollSet = arena.allocate(8, 4);
    // Each with its errno memory bound, and no constants on purpose: so each is compiled by itself, where the compiler
    // sees that the slice which every call takes of that memory is no object that is needed. Inlined into a worker's
    // whole cycle it did not always, and every kick left 48 bytes of garbage.
    private final MethodHandle send = MethodHandles.insertArguments(SENDTO, 0, workerErrno);
    private final MethodHandle receive = MethodHandles.insertArguments(RECVFROM, 0, workerErrno);
    private final MethodHandle poll = MethodHandles.insertArguments(POLL, 0, workerErrno);
    private boolean kickByPoll;

    XdpSocket(final XdpSocketSet.Place place, final int fd, final MappedRings rings) {
        this.place = place;
        this.fd = fd;
        this.rings = rings;
        pollSet.set(JAVA_INT, 0, fd); // struct pollfd: int fd, short events, short revents
        pollSet.set(JAVA_SHORT, 4, (short) Libc.POLLIN);
    }

    /** Packets received. */
    public RxRing rx() {
        return rings.rx();
    }

    /** Packets to send. */
    public TxRing tx() {
        return rings.tx();
    }

    /** Frames to receive into. */
    public FillRing fill() {
        return rings.fill();
    }

    /** Frames that were sent. */
    public CompletionRing completion() {
        return rings.completion();
    }

    /** The descriptor, for the map of the XDP program; -1 when closed. */
    public int fd() {
        return fd;
    }

    /** Number of the interface. */
    public int interfaceIndex() {
        return place.interfaceIndex();
    }

    /** Name of the interface when the socket was opened. */
    public String interfaceName() {
        return place.interfaceName();
    }

    /** The queue, from 0. */
    public int queue() {
        return place.queue();
    }

    /**
     * Makes the kernel send what the TX ring holds. In copy mode one call sends only some (32, or what
     * {@link XdpSocketSet} could raise that to) and answers EAGAIN: call again while {@code tx().unconsumed() > 0}, a
     * bounded number of times a cycle.
     *
     * @return 0 or the error number. EAGAIN, ENOBUFS, ENETDOWN: try again later. EBUSY: the interface's queue was full
     *     or the packet too long for it; the packet at the head may be lost, and no socket statistic shows it. ENXIO:
     *     the interface is gone.
     */
    public int kickTransmit() {
        try {
            final long sent = (long) send.invokeExact(fd, 0L, 0L, Libc.MSG_DONTWAIT, 0L, 0);
            return sent < 0 ? Downcalls.errno(workerErrno) : 0;
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /**
     * Wakes the driver where {@code fill().needsWakeup()}; with busy poll it also runs the driver's receive work on
     * this thread, so it is called every cycle. Never waits.
     *
     * @return 0 or the error number, as for {@link #kickTransmit}.
     */
    public int kickReceive() {
        try {
            if (!kickByPoll) {
                final long got = (long) receive.invokeExact(fd, 0L, 0L, Libc.MSG_DONTWAIT, 0L, 0L);
                final int error = got < 0 ? Downcalls.errno(workerErrno) : 0;
                if (error != Errno.EOPNOTSUPP) {
                    return error;
                }
                kickByPoll = true; // kernel 5.10 has no recvfrom for these sockets
            }
            final int ready = (int) poll.invokeExact(pollSet, 1L, 0);
            return ready < 0 ? Downcalls.errno(workerErrno) : 0;
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /**
     * Reads the kernel's counters of this socket since it was opened, without allocation: rx_dropped (too long for a
     * frame, among others), rx_invalid_descs, tx_invalid_descs, rx_ring_full, rx_fill_ring_empty, tx_ring_empty.
     *
     * @param sixCounters receives them; all 0 if the kernel does not answer.
     */
    public void statistics(final long[] sixCounters) {
        try {
            statisticsLength.set(JAVA_INT, 0, IfXdp.STATISTICS_BYTES);
            final int result = (int) GETSOCKOPT.invokeExact(statisticsErrno, fd, IfXdp.SOL_XDP, IfXdp.XDP_STATISTICS,
                statistics, statisticsLength);
            if (result < 0) {
                Arrays.fill(sixCounters, 0, IfXdp.STATISTICS_COUNTERS, 0);
                return;
            }
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
        for (int i = 0; i < IfXdp.STATISTICS_COUNTERS; i++) {
            sixCounters[i] = statistics.getAtIndex(JAVA_LONG, i);
        }
    }

    /** Closes the socket; its worker must have ended, a later use of the rings throws. A second call does nothing. */
    @Override
    public void close() {
        if (fd >= 0) {
            rings.close();
            Libc.close(fd);
            fd = -1;
            pollSet.set(JAVA_INT, 0, fd);
        }
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
