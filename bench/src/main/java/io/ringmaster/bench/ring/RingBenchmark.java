package io.ringmaster.bench.ring;

import io.ringmaster.ring.RingOffsets;
import io.ringmaster.ring.RxRing;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.ring.TxRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the rings themselves cost a packet, all in one thread's cache: a batch of 64 is peeked, its descriptors are
 * copied from RX to TX, both are published. The kernel's part is two stores of an index a batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RingBenchmark {
    private static final int BATCH = 64;
    private static final int SIZE = 2048;
    private static final int FRAME_BYTES = 2048;
    private static final int PACKET_BYTES = 64;
    private static final RingOffsets OFFSETS = new RingOffsets(0, 128, 320, 196);

    private long sum;
    private int index;
    private final MemorySegment rxMemory = memory();
    private final MemorySegment txMemory = memory();
    private final RxRing rx = new RxRing(rxMemory, OFFSETS, SIZE);
    private final TxRing tx = new TxRing(txMemory, OFFSETS, SIZE);
    private final SpscRing messages = new SpscRing(1 << 16);
    private final SpscRing.Handler handler = (memory, offset, lengthBytes, tag) -> sum += tag;

    private static MemorySegment memory() {
        final MemorySegment memory = Arena.global().allocate(OFFSETS.desc() + SIZE * 16L, 64);
        for (int i = 0; i < SIZE; i++) {
            memory.set(ValueLayout.JAVA_LONG, OFFSETS.desc() + i * 16L, (long) i * FRAME_BYTES);
            memory.set(ValueLayout.JAVA_INT, OFFSETS.desc() + i * 16L + 8, PACKET_BYTES);
        }
        return memory;
    }

    /** Nanoseconds a packet: RX to TX. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public boolean forward() {
        txMemory.set(ValueLayout.JAVA_INT, OFFSETS.consumer(), index);
        index += BATCH;
        rxMemory.set(ValueLayout.JAVA_INT, OFFSETS.producer(), index);
        final int n = tx.reserve(rx.peek(BATCH));
        for (int i = 0; i < n; i++) {
            tx.set(i, rx.address(i), rx.length(i));
        }
        rx.release(n);
        tx.submit(n);
        return tx.needsWakeup();
    }

    /** Nanoseconds a packet of 64 bytes: into the message ring and out again. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long message() {
        for (int i = 0; i < BATCH; i++) {
            messages.offer(rxMemory, 0, PACKET_BYTES, i);
        }
        while (messages.poll(handler, BATCH) > 0) {
            sum++;
        }
        return sum;
    }
}
