package io.ringmaster.worker;

import io.ringmaster.ring.CompletionRing;
import io.ringmaster.ring.FillRing;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.RxRing;
import io.ringmaster.ring.TxRing;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import io.ringmaster.sys.Errno;

/**
 * One queue of one interface: its four rings and the frames that are in them. Owned by one worker.
 * <p>
 * A frame is always in exactly one place: the worker's pool, a fill ring (the kernel may write it), a receive ring, a
 * transmit ring (the kernel reads it), or a completion ring.
 */
public final class WorkerQueue {
    /** In copy mode the kernel sends 32 frames for each call, so a full batch and what was left over take a few. */
    private static final int KICKS_PER_CYCLE = 4;
    private static final int COMPLETIONS_PER_CYCLE = 256;
    private static final int REFILL_PER_CYCLE = 256;
    private static final int RESERVED_AT_ONCE = 64;

    private final RxRing rx;
    private final TxRing tx;
    private final FillRing fill;
    private final CompletionRing completion;
    private final Kick kick;
    private final int port;
    private final int queue;
    private int pending;
    private int room;

    /**
     * A queue.
     *
     * @param rings its rings and their kick.
     * @param port  number of its interface in the director's order.
     * @param queue number of the receive queue.
     */
    public WorkerQueue(final Rings rings, final int port, final int queue) {
        this.rx = rings.rx();
        this.tx = rings.tx();
        this.fill = rings.fill();
        this.completion = rings.completion();
        this.kick = rings.kick();
        this.port = port;
        this.queue = queue;
    }

    /** The rings of one socket and the way to wake its kernel side. */
    public record Rings(RxRing rx, TxRing tx, FillRing fill, CompletionRing completion, Kick kick) {
    }

    RxRing rx() {
        return rx;
    }

    int port() {
        return port;
    }

    int queue() {
        return queue;
    }

    /** Puts a frame into the transmit ring, to be shown to the kernel by {@link #flush}; false if the ring is full. */
    boolean send(final long frame, final int lengthBytes) {
        if (pending == room) {
            // For more than this packet, so that the kernel's index is not looked at for each.
            room = tx.reserve(pending + RESERVED_AT_ONCE);
            if (pending == room) {
                return false;
            }
        }
        tx.set(pending, frame, lengthBytes);
        pending++;
        return true;
    }

    /** Packets that {@link #send} took and the kernel was not shown yet. */
    int pending() {
        return pending;
    }

    /** Where the i-th of them lies. */
    long pendingAddress(final int i) {
        return tx.address(i);
    }

    /** Bytes of the i-th of them. */
    int pendingLength(final int i) {
        return tx.length(i);
    }

    /** Shows the kernel what was sent since the last call and wakes it while it has frames of ours, a few times. */
    int flush(final WorkerCounters counters) {
        final int sent = pending;
        tx.submit(pending);
        room -= pending;
        pending = 0;
        for (int i = 0; i < KICKS_PER_CYCLE && tx.unconsumed() > 0 && tx.needsWakeup(); i++) {
            final int errno = kick.transmit();
            if (errno != 0 && errno != Errno.EAGAIN) {
                counters.increment(kickAnswer(errno));
                break;
            }
        }
        return sent;
    }

    private static Counter kickAnswer(final int errno) {
        return switch (errno) {
            case Errno.EBUSY, Errno.ENOBUFS -> Counter.KICK_BUSY;
            case Errno.ENETDOWN -> Counter.KICK_DOWN;
            default -> Counter.KICK_FAILED;
        };
    }

    /** Takes back the frames that the kernel has sent. */
    int complete(final FramePool pool) {
        final int done = completion.peek(COMPLETIONS_PER_CYCLE);
        for (int i = 0; i < done; i++) {
            pool.give(completion.address(i));
        }
        if (done > 0) {
            completion.release(done);
        }
        return done;
    }

    /** Gives the kernel frames to receive into, as many as the ring takes and the pool has. */
    int refill(final FramePool pool) {
        final int wanted = fill.reserve(Math.min(REFILL_PER_CYCLE, pool.available()));
        for (int i = 0; i < wanted; i++) {
            fill.set(i, pool.take());
        }
        if (wanted > 0) {
            fill.submit(wanted);
        }
        if (fill.needsWakeup()) {
            kick.receive();
        }
        return wanted;
    }

    /** Lets the driver look for packets now: with busy polling the interrupt does not. */
    void poll() {
        kick.receive();
    }
}
