package io.ringmaster.explain;

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
import java.util.ArrayList;
import java.util.List;

/**
 * An interface of a rehearsal: the four rings of a socket in plain memory, without a kernel behind them. One packet
 * comes in, or its fragments, and what was sent is read. Owned by the thread that explains.
 */
final class StageQueue {
    /** Frames that a worker may put into each ring. */
    static final int RING = 16;
    /** Received packets start this many bytes into their frame: XDP_PACKET_HEADROOM (include/uapi/linux/bpf.h). */
    static final int HEADROOM_BYTES = 256;
    private static final RingOffsets OFFSETS = new RingOffsets(0, 64, 192, 128);
    private static final int DESCRIPTOR_BYTES = 16;
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final MemorySegment frames;
    private final MemorySegment rx;
    private final MemorySegment tx;
    private final MemorySegment fill;
    private final MemorySegment completion;

    StageQueue(final Arena arena, final MemorySegment frames) {
        this.frames = frames;
        rx = ring(arena, DESCRIPTOR_BYTES);
        tx = ring(arena, DESCRIPTOR_BYTES);
        fill = ring(arena, Long.BYTES);
        completion = ring(arena, Long.BYTES);
    }

    private static MemorySegment ring(final Arena arena, final int entryBytes) {
        return arena.allocate(OFFSETS.desc() + (long) RING * entryBytes, 64);
    }

    WorkerQueue queue(final int port) {
        return new WorkerQueue(new WorkerQueue.Rings(new RxRing(rx, OFFSETS, RING), new TxRing(tx, OFFSETS, RING),
            new FillRing(fill, OFFSETS, RING), new CompletionRing(completion, OFFSETS, RING), new NoKick()), port, 0);
    }

    /** Packets come in, no more than {@link #RING}, in the first frames that the worker gave. */
    void receive(final List<byte[]> packets) {
        for (int i = 0; i < packets.size(); i++) {
            final byte[] packet = packets.get(i);
            final long frame = fill.get(ValueLayout.JAVA_LONG, OFFSETS.desc() + (long) i * Long.BYTES) + HEADROOM_BYTES;
            MemorySegment.copy(packet, 0, frames, ValueLayout.JAVA_BYTE, frame, packet.length);
            final long entry = OFFSETS.desc() + (long) i * DESCRIPTOR_BYTES;
            rx.set(ValueLayout.JAVA_LONG, entry, frame);
            rx.set(ValueLayout.JAVA_INT, entry + Long.BYTES, packet.length);
        }
        INDEX.setRelease(fill, OFFSETS.consumer(), packets.size());
        INDEX.setRelease(rx, OFFSETS.producer(), packets.size());
    }

    /** All that was sent. */
    List<byte[]> sent() {
        final int count = (int) INDEX.getAcquire(tx, OFFSETS.producer());
        final List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final long entry = OFFSETS.desc() + (long) i * DESCRIPTOR_BYTES;
            sent.add(frames.asSlice(tx.get(ValueLayout.JAVA_LONG, entry),
                tx.get(ValueLayout.JAVA_INT, entry + Long.BYTES)).toArray(ValueLayout.JAVA_BYTE));
        }
        return sent;
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
