package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;

/**
 * Frames the kernel has sent and gives back; owned by the worker of its queue.
 */
public final class CompletionRing extends ConsumerRing {
    /**
     * A view of a mapped ring that goes on from the indices it finds there.
     *
     * @param ring    the mapping; must live as long as this.
     * @param offsets where its parts lie.
     * @param size    entries, a power of two.
     */
    public CompletionRing(final MemorySegment ring, final RingOffsets offsets, final int size) {
        super(ring, offsets, size, ADDRESS_BYTES);
    }

    /**
     * The address that was submitted to the TX ring.
     *
     * @param i counted from the first unreleased entry, 0 to what peek returned - 1.
     * @return offset in the UMEM, anywhere inside its frame.
     */
    public long address(final int i) {
        return UnsafeApi.getLong(null, peeked(i));
    }
}
