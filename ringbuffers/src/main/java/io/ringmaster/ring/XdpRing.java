package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * What the four AF_XDP rings have in common: a mapping shared with the kernel, in host byte order (linux/if_xdp.h).
 * <pre>
 *   producer u32   entries ever put in, modulo 2^32; written by the producing side only
 *   consumer u32   entries ever taken out, modulo 2^32; written by the consuming side only
 *   flags    u32   XDP_RING_NEED_WAKEUP; written by the kernel only
 *   desc     size entries; entry n lies at n &amp; (size - 1)
 *              rx, tx:            addr u64 | len u32 | options u32   (struct xdp_desc)
 *              fill, completion:  addr u64
 * </pre>
 * Indices run freely over all 32 bits: differences are right across the wrap, comparisons of indices are not, and so
 * only differences are ever compared. Addresses are offsets into the UMEM.
 */
abstract sealed class XdpRing extends CacheLinePadding permits ProducerRing, ConsumerRing {
    static final long ADDRESS_BYTES = ValueLayout.JAVA_LONG.byteSize();
    static final long DESCRIPTOR_BYTES = 16;
    static final long DESCRIPTOR_LENGTH = 8;
    static final long DESCRIPTOR_OPTIONS = 12;
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    /** Keeps the mapping reachable. */
    private final MemorySegment ring;
    private final long start;
    final long producerOffset;
    final long consumerOffset;
    final long flagsOffset;
    final int size;
    private final long descAddress;
    private final int mask;
    private final int entryShift;

    XdpRing(final MemorySegment ring, final RingOffsets offsets, final int size, final long entryBytes) {
        if (Integer.bitCount(size) != 1 || size < 0) {
            throw new IllegalArgumentException("A ring of " + size
                + " entries cannot be: the kernel wants a power of two, such as 2048.");
        }
        final long needed = offsets.desc() + size * entryBytes;
        if (ring.byteSize() < needed) {
            throw new IllegalArgumentException("A ring of " + size + " entries at " + offsets + " needs " + needed
                + " bytes, but its mapping has " + ring.byteSize() + "; map desc + size * " + entryBytes + " bytes.");
        }
        this.ring = ring;
        this.start = ring.address();
        this.producerOffset = offsets.producer();
        this.consumerOffset = offsets.consumer();
        this.flagsOffset = offsets.flags();
        this.descAddress = start + offsets.desc();
        this.size = size;
        this.mask = size - 1;
        this.entryShift = Long.numberOfTrailingZeros(entryBytes);
    }

    /** Entries the ring holds when full: a power of two. */
    public final int size() {
        return size;
    }

    /** Where the entry of a free-running index lies; in the mapping whatever the index, since it is masked. */
    final long entry(final int index) {
        assert ring.scope().isAlive() : "the ring's mapping is gone";
        return descAddress + ((long) (index & mask) << entryShift);
    }

    final int loadAcquire(final long offset) {
        return (int) INDEX.getAcquire(ring, offset);
    }

    final int loadOpaque(final long offset) {
        return (int) INDEX.getOpaque(ring, offset);
    }

    final void storeRelease(final long offset, final int index) {
        INDEX.setRelease(ring, offset, index);
    }
}
