package io.ringmaster.bench.pipeline;

import io.ringmaster.ring.CompletionRing;
import io.ringmaster.ring.FillRing;
import io.ringmaster.ring.RingOffsets;
import io.ringmaster.ring.RxRing;
import io.ringmaster.ring.TxRing;
import io.ringmaster.worker.Kick;
import io.ringmaster.worker.WorkerQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.IntPredicate;

/**
 * The kernel's side of one socket's rings, which does nothing but move indices: every frame is always received in the
 * same place of the receive ring and completed in the same place of the completion ring. Right as long as every packet
 * is sent, in the order it came in, which the run checks; where packets are dropped, frames are completed one by one.
 * Owned by the measuring thread.
 */
final class FakeKernel {
    static final int FRAME_BYTES = 2048;
    // XDP_PACKET_HEADROOM: received packets start this many bytes into their frame.
    private static final int HEADROOM_BYTES = 256;
    private static final RingOffsets OFFSETS = new RingOffsets(0, 64, 192, 128);
    private static final int DESCRIPTOR_BYTES = 16;
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final int frames;
    private final boolean drops;
    private final MemorySegment rx;
    private final MemorySegment tx;
    private final MemorySegment fill;
    private final MemorySegment completion;
    private int fed;
    private int completed;
    private int completedBefore;

    FakeKernel(final Arena arena, final int frames, final boolean drops) {
        this.frames = frames;
        this.drops = drops;
        rx = arena.allocate(OFFSETS.desc() + (long) frames * DESCRIPTOR_BYTES, 64);
        tx = arena.allocate(OFFSETS.desc() + (long) frames * DESCRIPTOR_BYTES, 64);
        fill = arena.allocate(OFFSETS.desc() + (long) frames * Long.BYTES, 64);
        completion = arena.allocate(OFFSETS.desc() + (long) frames * Long.BYTES, 64);
        for (int i = 0; i < frames; i++) {
            final long entry = OFFSETS.desc() + (long) i * DESCRIPTOR_BYTES;
            rx.set(ValueLayout.JAVA_LONG, entry, packetAddress(i));
            rx.set(ValueLayout.JAVA_INT, entry + 8, Traffic.PACKET_BYTES);
            completion.set(ValueLayout.JAVA_LONG, OFFSETS.desc() + (long) i * Long.BYTES, packetAddress(i));
        }
    }

    /** Offset of the packet of a frame in packet memory. */
    static long packetAddress(final int frame) {
        return (long) frame * FRAME_BYTES + HEADROOM_BYTES;
    }

    WorkerQueue queue() {
        return new WorkerQueue(new WorkerQueue.Rings(new RxRing(rx, OFFSETS, frames), new TxRing(tx, OFFSETS, frames),
            new FillRing(fill, OFFSETS, frames), new CompletionRing(completion, OFFSETS, frames), new NoKick()), 0, 0);
    }

    /** Some more packets are there. */
    void feed(final int packets) {
        fed += packets;
        INDEX.setRelease(rx, OFFSETS.producer(), fed);
    }

    /** Takes all that was sent and all free frames. */
    void take() {
        final int sent = (int) INDEX.getAcquire(tx, OFFSETS.producer());
        if (drops) {
            complete(sent);
        }
        completed += sent - (int) INDEX.get(tx, OFFSETS.consumer());
        INDEX.setRelease(tx, OFFSETS.consumer(), sent);
        INDEX.setRelease(completion, OFFSETS.producer(), completed);
        INDEX.setRelease(fill, OFFSETS.consumer(), (int) INDEX.getAcquire(fill, OFFSETS.producer()));
    }

    private void complete(final int sent) {
        for (int n = completed; n != sent; n++) {
            final long entry = OFFSETS.desc() + (long) (n & frames - 1) * Long.BYTES;
            completion.set(ValueLayout.JAVA_LONG, entry, sentAddress(n));
        }
    }

    private long sentAddress(final int n) {
        return tx.get(ValueLayout.JAVA_LONG, OFFSETS.desc() + (long) (n & frames - 1) * DESCRIPTOR_BYTES);
    }

    /** Packets that left since this was asked last, of those whose frame is one of some. */
    int countSent(final IntPredicate frame) {
        int count = 0;
        for (int n = completedBefore; n != completed; n++) {
            count += frame.test((int) (sentAddress(n) / FRAME_BYTES)) ? 1 : 0;
        }
        completedBefore = completed;
        return count;
    }

    /** Packets ever sent, modulo 2^32. */
    int sent() {
        return completed;
    }

    /** Over all packets of the last pass, in the order they left; 0 where some are dropped. */
    long checksum(final MemorySegment memory) {
        if (drops) {
            return 0;
        }
        long sum = 0;
        for (int n = completed - frames; n != completed; n++) {
            final long entry = OFFSETS.desc() + (long) (n & frames - 1) * DESCRIPTOR_BYTES;
            sum = Traffic.fold(sum, memory, sentAddress(n),
                tx.get(ValueLayout.JAVA_INT, entry + 8));
        }
        return sum;
    }

    private static final class NoKick implements Kick {
        @Override
        public int transmit() {
            return 0;
        }

        @Override
        public int receive() {
            return 0;
        }
    }
}
