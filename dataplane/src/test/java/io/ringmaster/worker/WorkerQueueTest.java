package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.ring.FakeKernelSocket;
import io.ringmaster.ring.FramePool;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import io.ringmaster.sys.Errno;
import java.lang.foreign.Arena;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a queue wakes the kernel, and what it makes of the answer; frames through all four rings. */
class WorkerQueueTest {
    private static final int FRAMES = 64;
    private final FakeKernelSocket socket = new FakeKernelSocket(Arena.ofAuto().allocate(FRAMES * 2048L, 64), 2048,
        32, -3);
    private final FramePool pool = new FramePool(0, 2048, FRAMES);
    private final WorkerCounters counters = new WorkerCounters();
    private IntSupplier onTransmit = () -> 0;
    private int transmitKicks;
    private int receiveKicks;
    private final WorkerQueue queue = new WorkerQueue(new WorkerQueue.Rings(socket.rx(), socket.tx(), socket.fill(),
        socket.completion(), new Kick() {
            @Override
            public int transmit() {
                transmitKicks++;
                return onTransmit.getAsInt();
            }

            @Override
            public int receive() {
                receiveKicks++;
                return 0;
            }
        }), 0, 0);

    @Test
    void noKickWhileTheKernelIsAwake() {
        socket.needWakeup(false);
        assertTrue(queue.send(pool.take(), 60));
        assertEquals(1, queue.flush(counters));
        queue.refill(pool);
        assertEquals(0, transmitKicks);
        assertEquals(0, receiveKicks);
    }

    @Test
    void noKickWithoutAnythingToSend() {
        socket.needWakeup(true);
        assertEquals(0, queue.flush(counters));
        assertEquals(0, transmitKicks);
    }

    @Test
    void kicksUntilTheKernelHasTakenAll() {
        socket.needWakeup(true);
        onTransmit = () -> {
            socket.transmit(8);
            return Errno.EAGAIN;
        };
        for (int i = 0; i < 20; i++) {
            assertTrue(queue.send(pool.take(), 60));
        }
        assertEquals(20, queue.flush(counters));
        assertEquals(3, transmitKicks, "eight frames a kick");
        assertEquals(0, events(), "EAGAIN means there is more to do");
    }

    @Test
    void kicksNoMoreThanAFewTimes() {
        socket.needWakeup(true);
        onTransmit = () -> {
            socket.transmit(1);
            return 0;
        };
        for (int i = 0; i < 20; i++) {
            queue.send(pool.take(), 60);
        }
        queue.flush(counters);
        assertEquals(4, transmitKicks);
        queue.flush(counters);
        assertEquals(8, transmitKicks, "what was left over is the next cycle's");
    }

    @ParameterizedTest
    @CsvSource({"16, KICK_BUSY", "105, KICK_BUSY", "100, KICK_DOWN", "22, KICK_FAILED", "6, KICK_FAILED"})
    void answersOfTheKernel(final int errno, final Counter counted) {
        socket.needWakeup(true);
        onTransmit = () -> errno;
        queue.send(pool.take(), 60);
        queue.flush(counters);
        assertEquals(1, counters.value(counted));
        assertEquals(1, transmitKicks, "not tried again before the next cycle");
        queue.flush(counters);
        assertEquals(2, transmitKicks);
    }

    @Test
    void aFullTransmitRingTakesNoMore() {
        for (int i = 0; i < 32; i++) {
            assertTrue(queue.send(pool.take(), 60));
        }
        assertFalse(queue.send(pool.take(), 60));
        queue.flush(counters);
        assertFalse(queue.send(2048, 60));
        assertEquals(32, socket.transmit(100).size());
        assertTrue(queue.send(2048, 60));
        assertEquals(32, queue.complete(pool));
    }

    @Test
    void refillsAsFarAsPoolAndRingGo() {
        socket.needWakeup(true);
        assertEquals(32, queue.refill(pool));
        assertEquals(0, queue.refill(pool));
        assertEquals(2, receiveKicks, "as long as the kernel asks for it");
        assertEquals(32, pool.available());
        for (int i = 0; i < 5; i++) {
            assertTrue(socket.receive(new byte[60]));
        }
        assertEquals(5, queue.refill(pool));
        while (pool.available() > 2) {
            pool.take();
        }
        socket.receive(new byte[60]);
        socket.receive(new byte[60]);
        socket.receive(new byte[60]);
        assertEquals(2, queue.refill(pool), "an empty pool");
    }

    private long events() {
        return counters.value(Counter.KICK_BUSY) + counters.value(Counter.KICK_DOWN)
            + counters.value(Counter.KICK_FAILED);
    }
}
