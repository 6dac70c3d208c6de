package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;

/**
 * Received packets of one AF_XDP socket; owned by the worker of its queue. Without XDP_USE_SG at bind a packet is one
 * entry, so the options (XDP_PKT_CONTD) are not read.
 */
public final class RxRing extends ConsumerRing {
    /**
     * A view of a mapped ring that goes on from the indices it finds there.
     *
     * @param ring    the mapping; must live as long as this.
     * @param offsets where its parts lie.
     * @param size    entries, a power of two.
     */
    public RxRing(final MemorySegment ring, final RingOffsets offsets, final int size) {
        super(ring, offsets, size, DESCRIPTOR_BYTES);
    }

    /**
     * Where a packet lies.
     *
     * @param i counted from the first unreleased entry, 0 to what peek returned - 1.
     * @return offset of its first byte in the UMEM; lies behind the headroom, not at the start of the frame.
     */
    public long address(final int i) {
        return UnsafeApi.getLong(null, peeked(i));
    }

    /** Bytes of packet i, without the frame check sequence. */
    public int length(final int i) {
        return UnsafeApi.getInt(null, peeked(i) + DESCRIPTOR_LENGTH);
    }
}
