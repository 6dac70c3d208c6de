package io.ringmaster.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SpscRingTest {
    private static final SpscRing.Handler NONE = (memory, offset, lengthBytes, tag) -> fail("there is no message");
    private final MemorySegment source = Arena.ofAuto().allocate(1 << 16, 8);

    @Test
    void handsOverLengthTagAndBytes() {
        final SpscRing ring = new SpscRing(64);
        source.setString(3, "frame");
        assertTrue(ring.offer(source, 3, 5, -7));
        assertTrue(ring.offer(source, 0, 0, 9));
        final List<String> got = new ArrayList<>();
        final SpscRing.Handler handler = (memory, offset, lengthBytes, tag) -> {
            assertEquals(0, offset % 8);
            got.add(tag + ":" + new String(memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE)));
        };
        assertEquals(2, ring.poll(handler, 10));
        assertEquals(List.of("-7:frame", "9:"), got);
        assertEquals(0, ring.poll(NONE, 10));
    }

    @Test
    void isFullToTheLastByteAndThenEmptyAgain() {
        final SpscRing ring = new SpscRing(64);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 4; i++) {
                assertTrue(ring.offer(source, 0, 8, i));
            }
            assertFalse(ring.offer(source, 0, 0, 4), "64 bytes hold four records of 16");
            final int[] next = {0};
            assertEquals(4, ring.poll((memory, offset, lengthBytes, tag) -> assertEquals(next[0]++, tag), 10));
        }
    }

    @Test
    void showsWhatWillBeTakenNextWhereverItIs() {
        final SpscRing ring = new SpscRing(128);
        assertEquals(SpscRing.NOTHING, ring.peek());
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < 1 + round % 2; i++) {
                source.set(ValueLayout.JAVA_LONG, 0, round * 2 + i);
                assertTrue(ring.offer(source, 0, 8 + round % 33, 0));
            }
            for (int i = 0; i < 1 + round % 2; i++) {
                final long seen = ring.peek();
                assertEquals(round * 2 + i, ring.memory().get(ValueLayout.JAVA_LONG, seen));
                assertEquals(1, ring.poll((memory, offset, lengthBytes, tag) -> assertEquals(seen, offset), 1));
            }
            assertEquals(SpscRing.NOTHING, ring.peek());
        }
    }

    @Test
    void handsOverNoMoreThanTheLimit() {
        final SpscRing ring = new SpscRing(64);
        ring.offer(source, 0, 8, 0);
        ring.offer(source, 0, 8, 1);
        ring.offer(source, 0, 8, 2);
        assertEquals(0, ring.poll(NONE, 0));
        assertEquals(2, ring.poll((memory, offset, lengthBytes, tag) -> assertTrue(tag < 2), 2));
        assertEquals(1, ring.poll((memory, offset, lengthBytes, tag) -> assertEquals(2, tag), 2));
    }

    @Test
    void neverTakesWhatIsTooLongAndAlwaysTheLongest() {
        final SpscRing ring = new SpscRing(1024);
        assertEquals(504, ring.maxMessageBytes());
        assertFalse(ring.offer(source, 0, 505, 1));
        assertFalse(ring.offer(source, 0, Integer.MAX_VALUE, 1));
        for (int start = 0; start < 1024; start += 8) {
            assertTrue(ring.offer(source, 0, 504, 1), "empty ring, at any position");
            assertEquals(1, ring.poll((memory, offset, lengthBytes, tag) -> assertEquals(504, lengthBytes), 10));
            assertTrue(ring.offer(source, 0, 0, 2));
            assertEquals(1, ring.poll((memory, offset, lengthBytes, tag) -> assertEquals(2, tag), 10));
        }
    }

    @Test
    void goesOnAfterAHandlerThatThrows() {
        final SpscRing ring = new SpscRing(64);
        ring.offer(source, 0, 8, 1);
        ring.offer(source, 0, 8, 2);
        assertThrows(IllegalStateException.class, () -> ring.poll((memory, offset, lengthBytes, tag) -> {
            throw new IllegalStateException();
        }, 10));
        assertEquals(1, ring.poll((memory, offset, lengthBytes, tag) -> assertEquals(2, tag), 10));
        assertTrue(ring.offer(source, 0, 24, 3));
    }

    @Test
    void refusesWhatCannotBe() {
        for (final int capacity : new int[] {0, -1, 32, 100, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new SpscRing(capacity));
        }
        final SpscRing ring = new SpscRing(64);
        assertThrows(IndexOutOfBoundsException.class, () -> ring.offer(source, source.byteSize() - 1, 2, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ring.offer(source, 0, -1, 1));
        assertEquals(0, ring.poll(NONE, 1), "nothing half done is seen");
    }

    @Property(tries = 100)
    void agreesWithAQueue(@ForAll final long seed, @ForAll @IntRange(min = 6, max = 12) final int capacityShift) {
        final SpscRing ring = new SpscRing(1 << capacityShift);
        final Random random = new Random(seed);
        final Deque<byte[]> model = new ArrayDeque<>();
        final SpscRing.Handler handler = (memory, offset, lengthBytes, tag) -> {
            final byte[] expected = model.remove();
            assertEquals(expected.length * 31, tag);
            assertArrayEquals(expected, memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE));
        };
        for (int step = 0; step < 1000; step++) {
            if (random.nextInt(3) > 0) {
                final byte[] message = new byte[random.nextInt(ring.maxMessageBytes() + 1)];
                random.nextBytes(message);
                final int at = random.nextInt(64);
                MemorySegment.copy(message, 0, source, ValueLayout.JAVA_BYTE, at, message.length);
                if (ring.offer(source, at, message.length, message.length * 31)) {
                    model.add(message);
                } else {
                    assertFalse(model.isEmpty(), "an empty ring takes every message up to the longest");
                }
            } else {
                final int limit = random.nextInt(4);
                final int before = model.size();
                final int n = ring.poll(handler, limit);
                assertEquals(before - n, model.size());
                assertTrue(n == Math.min(limit, before) || n > 0 && n < limit, "stops early only at its copy");
            }
        }
        while (!model.isEmpty()) {
            assertTrue(ring.poll(handler, 1000) > 0);
        }
    }

    @Test
    @Timeout(600)
    void carriesAMillionFramesBetweenTwoThreads() throws InterruptedException {
        final int messages = 1_000_000;
        final SpscRing ring = new SpscRing(1 << 16);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final int[] next = {0};
        final SpscRing.Handler handler = (memory, offset, lengthBytes, tag) -> {
            final int i = next[0]++;
            if (tag != i || lengthBytes != lengthOf(i)) {
                throw new AssertionError("message " + i + " came as " + tag + " with " + lengthBytes + " bytes");
            }
            if (lengthBytes >= 8 && (memory.get(ValueLayout.JAVA_INT, offset) != i
                || memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset + lengthBytes - 4) != i)) {
                throw new AssertionError("message " + i + " has other bytes");
            }
        };
        final Thread poller = new Thread(() -> {
            try {
                while (next[0] < messages) {
                    if (ring.poll(handler, 64) == 0) {
                        Thread.yield();
                    }
                }
            } catch (final AssertionError e) {
                failure.set(e);
            }
        });
        poller.setDaemon(true);
        poller.start();
        for (int i = 0; i < messages && poller.isAlive(); i++) {
            final int lengthBytes = lengthOf(i);
            source.set(ValueLayout.JAVA_INT, 0, i);
            source.set(ValueLayout.JAVA_INT_UNALIGNED, Math.max(0, lengthBytes - 4), i);
            while (!ring.offer(source, 0, lengthBytes, i) && poller.isAlive()) {
                Thread.yield();
            }
        }
        poller.join();
        assertNull(failure.get(), () -> failure.get().getMessage());
        assertEquals(messages, next[0]);
    }

    @Test
    void allocatesNothing() {
        final SpscRing ring = new SpscRing(1 << 14);
        final int[] sum = {0};
        final SpscRing.Handler handler = (memory, offset, lengthBytes, tag) -> sum[0] += tag + lengthBytes;
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(ring, handler, 200_000);
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(ring, handler, 200_000);
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 10_000, bytes + " bytes were allocated for 200,000 messages");
    }

    private void run(final SpscRing ring, final SpscRing.Handler handler, final int messages) {
        for (int i = 0; i < messages; i++) {
            ring.offer(source, 0, lengthOf(i), i);
            ring.poll(handler, 4);
        }
    }

    private static int lengthOf(final int i) {
        return i % 16 == 0 ? 4096 : i % 97;
    }
}
