package io.ringmaster.bench.fuzz;

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

/** The kernel's side of one socket: it minds whose each frame is. Owned by one thread. */
final class Socket {
    static final int RING = 64;
    private static final RingOffsets OFFSETS = new RingOffsets(0, 64, 192, 128);
    private static final int DESCRIPTOR_BYTES = 16;
    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final FrameStore store;
    private final MemorySegment rx;
    private final MemorySegment tx;
    private final MemorySegment fill;
    private final MemorySegment completion;
    private int received;
    private int looked;
    private int sent;
    private int taken;
    private int filled;
    private int completed;

    /** What leaves. */
    interface Sent {
        void packet(long address, int lengthBytes);
    }

    Socket(final Arena arena, final FrameStore store) {
        this.store = store;
        rx = arena.allocate(OFFSETS.desc() + (long) RING * DESCRIPTOR_BYTES, 64);
        tx = arena.allocate(OFFSETS.desc() + (long) RING * DESCRIPTOR_BYTES, 64);
        fill = arena.allocate(OFFSETS.desc() + (long) RING * Long.BYTES, 64);
        completion = arena.allocate(OFFSETS.desc() + (long) RING * Long.BYTES, 64);
    }

    WorkerQueue queue(final int port) {
        return new WorkerQueue(new WorkerQueue.Rings(new RxRing(rx, OFFSETS, RING), new TxRing(tx, OFFSETS, RING),
            new FillRing(fill, OFFSETS, RING), new CompletionRing(completion, OFFSETS, RING), new NoKick()), port, 0);
    }

    /** A packet comes in; the number of its frame, or -1 if there is no frame or no room for it. */
    int receive(final byte[] packet, final int lengthBytes) {
        if (taken == filled || received - (int) INDEX.getAcquire(rx, OFFSETS.consumer()) == RING) {
            return -1;
        }
        final int frame = store.frame(fill.get(ValueLayout.JAVA_LONG, wordAt(filled)));
        INDEX.setRelease(fill, OFFSETS.consumer(), ++filled);
        final long entry = descriptorAt(received);
        rx.set(ValueLayout.JAVA_LONG, entry, store.receive(frame, packet, lengthBytes));
        rx.set(ValueLayout.JAVA_INT, entry + 8, lengthBytes);
        INDEX.setRelease(rx, OFFSETS.producer(), ++received);
        return frame;
    }

    /** Takes over the frames of the fill and the transmit ring that came since the last call, and shows the latter. */
    void take(final Sent sink) {
        final int toSend = (int) INDEX.getAcquire(tx, OFFSETS.producer());
        for (; looked != toSend; looked++) {
            final long entry = descriptorAt(looked);
            final long address = tx.get(ValueLayout.JAVA_LONG, entry);
            sink.packet(address, tx.get(ValueLayout.JAVA_INT, entry + 8));
            store.give(store.frame(address), true);
        }
        final int free = (int) INDEX.getAcquire(fill, OFFSETS.producer());
        for (; taken != free; taken++) {
            store.give(store.frame(fill.get(ValueLayout.JAVA_LONG, wordAt(taken))), true);
        }
    }

    /** Sends all that was taken over and gives the frames back. */
    void send() {
        for (; sent != looked; sent++) {
            final long address = tx.get(ValueLayout.JAVA_LONG, descriptorAt(sent));
            completion.set(ValueLayout.JAVA_LONG, wordAt(completed), address);
            store.give(store.frame(address), false);
            completed++;
        }
        INDEX.setRelease(tx, OFFSETS.consumer(), sent);
        INDEX.setRelease(completion, OFFSETS.producer(), completed);
    }

    /** Frames that are the worker's and lie in a ring. */
    int waiting() {
        return completed - (int) INDEX.getAcquire(completion, OFFSETS.consumer())
            + received - (int) INDEX.getAcquire(rx, OFFSETS.consumer());
    }

    private static long descriptorAt(final int index) {
        return OFFSETS.desc() + (long) (index & RING - 1) * DESCRIPTOR_BYTES;
    }

    private static long wordAt(final int index) {
        return OFFSETS.desc() + (long) (index & RING - 1) * Long.BYTES;
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
