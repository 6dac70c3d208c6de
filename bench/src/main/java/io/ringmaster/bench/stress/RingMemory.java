package io.ringmaster.bench.stress;

import io.ringmaster.ring.RingOffsets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Memory of one AF_XDP ring and the few accesses by which a kernel uses it, for tests where a second thread plays the
 * kernel: {@code smp_store_release} and {@code smp_load_acquire} of net/xdp/xsk_queue.h. Both indices start two
 * entries before they wrap.
 */
final class RingMemory {
    static final RingOffsets OFFSETS = new RingOffsets(0, 128, 320, 196);
    static final int START = -2;
    private static final int ENTRY_BYTES = 16;
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    final MemorySegment memory;
    private final int size;

    RingMemory(final int size) {
        this.size = size;
        this.memory = Arena.ofAuto().allocate(OFFSETS.desc() + size * ENTRY_BYTES, 64);
        INDEX.setRelease(memory, OFFSETS.producer(), START);
        INDEX.setRelease(memory, OFFSETS.consumer(), START);
    }

    int producer() {
        return (int) INDEX.getAcquire(memory, OFFSETS.producer());
    }

    int consumer() {
        return (int) INDEX.getAcquire(memory, OFFSETS.consumer());
    }

    void producer(final int index) {
        INDEX.setRelease(memory, OFFSETS.producer(), index);
    }

    void consumer(final int index) {
        INDEX.setRelease(memory, OFFSETS.consumer(), index);
    }

    /** The kernel sets NEED_WAKEUP and then, behind a full fence, looks once more at the producer index. */
    int sleepAndLookAgain() {
        INDEX.setRelease(memory, OFFSETS.flags(), 1);
        VarHandle.fullFence();
        return producer();
    }

    long address(final int index) {
        return memory.get(ValueLayout.JAVA_LONG, entry(index));
    }

    int length(final int index) {
        return memory.get(ValueLayout.JAVA_INT, entry(index) + 8);
    }

    void set(final int index, final long address, final int lengthBytes) {
        memory.set(ValueLayout.JAVA_LONG, entry(index), address);
        memory.set(ValueLayout.JAVA_INT, entry(index) + 8, lengthBytes);
    }

    private long entry(final int index) {
        return OFFSETS.desc() + (long) (index & size - 1) * ENTRY_BYTES;
    }
}
