package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;

/**
 * The side of a ring that the kernel fills and we empty: peek, read, release.
 */
abstract sealed class ConsumerRing extends XdpRing permits RxRing, CompletionRing {
    private int consumer;
    private int cachedProducer;

    ConsumerRing(final MemorySegment ring, final RingOffsets offsets, final int size, final long entryBytes) {
        super(ring, offsets, size, entryBytes);
        this.consumer = loadAcquire(consumerOffset);
        this.cachedProducer = consumer;
    }

    /**
     * Finds entries that wait. Nothing is taken by it: asked again, it starts at the same entry until release.
     *
     * @param max entries wanted, 0 or more.
     * @return entries that may be read, 0 to max.
     */
    public final int peek(final int max) {
        int waiting = cachedProducer - consumer;
        if (waiting < max) {
            // Looked at whenever the copy cannot fill the batch, not only when it is used up: full batches are worth
            // more than the miss. Acquire: the kernel wrote entries and packets before it released this index.
            cachedProducer = loadAcquire(producerOffset);
            waiting = cachedProducer - consumer;
        }
        return Math.min(waiting, max);
    }

    /**
     * Gives the first n entries back to the kernel, which may write over them at once.
     *
     * @param n entries that were read, 0 to what {@link #peek} returned; 0 does nothing.
     */
    public final void release(final int n) {
        assert 0 <= n && n <= cachedProducer - consumer : "released more than was seen";
        if (n > 0) {
            consumer += n;
            // Release: all our reads of these entries are done before the kernel can see that they are free.
            storeRelease(consumerOffset, consumer);
        }
    }

    final long peeked(final int i) {
        assert 0 <= i && i < cachedProducer - consumer : "entry " + i + " was not seen by peek";
        return entry(consumer + i);
    }
}
