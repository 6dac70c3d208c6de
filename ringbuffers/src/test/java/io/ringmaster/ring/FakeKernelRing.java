package io.ringmaster.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The kernel's side of one AF_XDP ring in ordinary memory: it produces into an RX or completion ring and consumes from
 * a TX or fill ring. Written from linux/if_xdp.h and not from our views, so that both must agree to pass. One thread
 * plays the kernel; it may be another than that of the view.
 */
public final class FakeKernelRing {
    /** As XDP_MMAP_OFFSETS gave on x86-64, kernel 6.18. */
    public static final RingOffsets OFFSETS = new RingOffsets(0, 128, 320, 196);
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final int NEED_WAKEUP = 1;
    private static final int DESCRIPTOR_BYTES = 16;

    private final MemorySegment memory;
    private final int size;
    private final int entryBytes;
    private int index;

    private FakeKernelRing(final int size, final int entryBytes, final int start) {
        this.size = size;
        this.entryBytes = entryBytes;
        this.index = start;
        this.memory = Arena.ofAuto().allocate(OFFSETS.desc() + (long) size * entryBytes, 64);
        WORD.setVolatile(memory, OFFSETS.producer(), start);
        WORD.setVolatile(memory, OFFSETS.consumer(), start);
    }

    /** The memory of an RX or TX ring, empty, whose indices both begin at start: -3 is three before the wrap. */
    public static FakeKernelRing ofDescriptors(final int size, final int start) {
        return new FakeKernelRing(size, DESCRIPTOR_BYTES, start);
    }

    /** The memory of a fill or completion ring, empty, whose indices both begin at start. */
    public static FakeKernelRing ofAddresses(final int size, final int start) {
        return new FakeKernelRing(size, Long.BYTES, start);
    }

    public MemorySegment memory() {
        return memory;
    }

    public int size() {
        return size;
    }

    public RxRing rx() {
        return new RxRing(memory, OFFSETS, size);
    }

    public TxRing tx() {
        return new TxRing(memory, OFFSETS, size);
    }

    public FillRing fill() {
        return new FillRing(memory, OFFSETS, size);
    }

    public CompletionRing completion() {
        return new CompletionRing(memory, OFFSETS, size);
    }

    /** Kernel as producer: puts in one entry and shows it; false when the ring is full. */
    public boolean produce(final long address, final int lengthBytes) {
        if (!put(address, lengthBytes)) {
            return false;
        }
        publish();
        return true;
    }

    /** Kernel as producer: puts in one entry without showing it. */
    public boolean put(final long address, final int lengthBytes) {
        final int used = index - (int) WORD.getAcquire(memory, OFFSETS.consumer());
        if (used < 0 || used > size) {
            throw new AssertionError("the consumer index ran ahead: " + used + " entries in a ring of " + size);
        }
        if (used == size) {
            return false;
        }
        memory.set(ValueLayout.JAVA_LONG, entry(index), address);
        if (entryBytes == DESCRIPTOR_BYTES) {
            memory.set(ValueLayout.JAVA_INT, entry(index) + 8, lengthBytes);
            memory.set(ValueLayout.JAVA_INT, entry(index) + 12, 0);
        }
        index++;
        return true;
    }

    /** Kernel as producer: shows all that was put in. */
    public void publish() {
        WORD.setRelease(memory, OFFSETS.producer(), index);
    }

    /** Kernel as producer: entries it may still put in. */
    public int room() {
        return size - (index - (int) WORD.getAcquire(memory, OFFSETS.consumer()));
    }

    /** Kernel as consumer: entries submitted and not yet consumed. */
    public int submitted() {
        final int waiting = (int) WORD.getAcquire(memory, OFFSETS.producer()) - index;
        if (waiting < 0 || waiting > size) {
            throw new AssertionError("the producer index ran ahead: " + waiting + " entries in a ring of " + size);
        }
        return waiting;
    }

    /**
     * Address of an entry.
     *
     * @param i from where the kernel is: as consumer 0 is the oldest submitted one, as producer -1 the newest put in.
     */
    public long address(final int i) {
        return memory.get(ValueLayout.JAVA_LONG, entry(index + i));
    }

    /** Kernel as consumer: length of the oldest submitted entry of a TX ring; its options must be 0. */
    public int lengthBytes() {
        final int options = memory.get(ValueLayout.JAVA_INT, entry(index) + 12);
        if (options != 0) {
            throw new AssertionError("options of a TX entry are " + options + ", the kernel refuses all but 0");
        }
        return memory.get(ValueLayout.JAVA_INT, entry(index) + 8);
    }

    /** Kernel as consumer: frees the oldest submitted entry. */
    public void consume() {
        if (submitted() == 0) {
            throw new AssertionError("nothing was submitted");
        }
        index++;
        WORD.setRelease(memory, OFFSETS.consumer(), index);
    }

    public void needWakeup(final boolean on) {
        WORD.setVolatile(memory, OFFSETS.flags(), on ? NEED_WAKEUP : 0);
    }

    private long entry(final int n) {
        return OFFSETS.desc() + (long) Integer.remainderUnsigned(n, size) * entryBytes;
    }
}
