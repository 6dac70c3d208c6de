package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;

/**
 * Empty frames for the kernel to receive into; owned by the worker of its queue. A frame belongs to the kernel until
 * it comes back by the RX ring.
 */
public final class FillRing extends ProducerRing {
    /**
     * A view of a mapped ring that goes on from the indices it finds there.
     *
     * @param ring    the mapping; must live as long as this.
     * @param offsets where its parts lie.
     * @param size    entries, a power of two.
     */
    public FillRing(final MemorySegment ring, final RingOffsets offsets, final int size) {
        super(ring, offsets, size, ADDRESS_BYTES);
    }

    /**
     * Writes a reserved entry.
     *
     * @param i       counted from the first unsubmitted entry, 0 to what reserve returned - 1.
     * @param address offset in the UMEM; the kernel rounds it down to its frame.
     */
    public void set(final int i, final long address) {
        UnsafeApi.putLong(null, reserved(i), address);
    }
}
