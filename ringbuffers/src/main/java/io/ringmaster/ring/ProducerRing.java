package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The side of a ring that we fill and the kernel empties: reserve, set, submit.
 */
abstract sealed class ProducerRing extends XdpRing permits TxRing, FillRing {
    private static final int XDP_RING_NEED_WAKEUP = 1;

    private int producer;
    private int cachedConsumer;

    ProducerRing(final MemorySegment ring, final RingOffsets offsets, final int size, final long entryBytes) {
        super(ring, offsets, size, entryBytes);
        this.producer = loadAcquire(producerOffset);
        this.cachedConsumer = loadAcquire(consumerOffset);
    }

    /**
     * Finds room for new entries. Nothing is taken by it: it may be asked again, and what is not submitted stays free.
     *
     * @param n entries wanted, 0 or more.
     * @return entries that may be set and submitted, 0 to n.
     */
    public final int reserve(final int n) {
        int free = size - (producer - cachedConsumer);
        if (free < n) {
            // Acquire: the kernel read these entries before it released the consumer index, so what we write into
            // them from here on cannot be what it reads.
            cachedConsumer = loadAcquire(consumerOffset);
            free = size - (producer - cachedConsumer);
        }
        return Math.min(free, n);
    }

    /**
     * Gives the first n reserved entries to the kernel.
     *
     * @param n entries that were set, 0 to what {@link #reserve} returned; 0 does nothing.
     */
    public final void submit(final int n) {
        assert 0 <= n && n <= size - (producer - cachedConsumer) : "submitted more than was reserved";
        if (n > 0) {
            producer += n;
            // Release: entries, and the packets they point to, are written before the kernel can see the index.
            storeRelease(producerOffset, producer);
        }
    }

    /**
     * Whether the kernel waits for a system call before it looks at this ring; asked after submit.
     *
     * @return always false where the socket was bound without XDP_USE_NEED_WAKEUP.
     */
    public final boolean needsWakeup() {
        // The kernel sets the flag and then looks at the producer index once more; we store the index and then look
        // at the flag. With a full fence between, one of the two sees the other; release alone lets our store pass
        // our load, and the packets would lie there until the next cycle asks again.
        VarHandle.fullFence();
        return (loadOpaque(flagsOffset) & XDP_RING_NEED_WAKEUP) != 0;
    }

    /** Entries submitted that the kernel has not yet taken out: 0 to size. */
    public final int unconsumed() {
        // Acquire, as in reserve: it is the same copy of the same index.
        cachedConsumer = loadAcquire(consumerOffset);
        return producer - cachedConsumer;
    }

    final long reserved(final int i) {
        assert 0 <= i && i < size - (producer - cachedConsumer) : "entry " + i + " was not reserved";
        return entry(producer + i);
    }
}
