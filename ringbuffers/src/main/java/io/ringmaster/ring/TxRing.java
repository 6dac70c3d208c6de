package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;

/**
 * Packets to be sent by one AF_XDP socket; owned by the worker of its queue. The frame of a submitted packet belongs
 * to the kernel until it comes back by the completion ring.
 */
public final class TxRing extends ProducerRing {
    /**
     * A view of a mapped ring that goes on from the indices it finds there.
     *
     * @param ring    the mapping; must live as long as this.
     * @param offsets where its parts lie.
     * @param size    entries, a power of two.
     */
    public TxRing(final MemorySegment ring, final RingOffsets offsets, final int size) {
        super(ring, offsets, size, DESCRIPTOR_BYTES);
    }

    /**
     * Writes a reserved entry.
     *
     * @param i           counted from the first unsubmitted entry, 0 to what reserve returned - 1.
     * @param address     offset of the packet's first byte in the UMEM, anywhere inside a frame.
     * @param lengthBytes bytes from there, to the end of the frame at most.
     */
    public void set(final int i, final long address, final int lengthBytes) {
        final long entry = reserved(i);
        UnsafeApi.putLong(null, entry, address);
        UnsafeApi.putInt(null, entry + DESCRIPTOR_LENGTH, lengthBytes);
        UnsafeApi.putInt(null, entry + DESCRIPTOR_OPTIONS, 0);
    }

    /** Where the packet of an entry lies that was set and not submitted yet; off the common way, for captures. */
    public long address(final int i) {
        return UnsafeApi.getLong(null, reserved(i));
    }

    /** Bytes of that packet. */
    public int length(final int i) {
        return UnsafeApi.getInt(null, reserved(i) + DESCRIPTOR_LENGTH);
    }
}
