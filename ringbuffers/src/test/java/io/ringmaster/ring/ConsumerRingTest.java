package io.ringmaster.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ConsumerRingTest {
    private static final int SIZE = 8;
    private static final int BEFORE_WRAP = -3;

    @Test
    void seesNothingInAnEmptyRing() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        assertEquals(0, kernel.rx().peek(64));
    }

    @Test
    void readsEntriesAcrossTheWrapInOrder() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final RxRing rx = kernel.rx();
        for (int i = 0; i < SIZE; i++) {
            assertTrue(kernel.produce(i * 2048L + 256, 60 + i));
        }
        assertFalse(kernel.produce(0, 0), "the ring is full");
        assertEquals(SIZE, rx.peek(64));
        for (int i = 0; i < SIZE; i++) {
            assertEquals(i * 2048L + 256, rx.address(i));
            assertEquals(60 + i, rx.length(i));
        }
        rx.release(SIZE);
        assertEquals(0, rx.peek(64));
        assertEquals(SIZE, kernel.room());
    }

    @Test
    void keepsWhatWasPeekedUntilReleased() {
        final FakeKernelRing kernel = FakeKernelRing.ofAddresses(SIZE, BEFORE_WRAP);
        final CompletionRing completion = kernel.completion();
        for (int i = 0; i < SIZE; i++) {
            kernel.produce(i, 0);
        }
        assertEquals(5, completion.peek(5));
        assertEquals(0, kernel.room(), "peek frees nothing");
        completion.release(2);
        assertEquals(2, kernel.room());
        assertEquals(6, completion.peek(64));
        assertEquals(2, completion.address(0));
        assertEquals(7, completion.address(5));
    }

    @Test
    void doesNotSeeWhatTheKernelHasNotPublished() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final RxRing rx = kernel.rx();
        kernel.put(2048, 60);
        assertEquals(0, rx.peek(1));
        kernel.publish();
        assertEquals(1, rx.peek(1));
    }

    @Test
    void fillsTheBatchWithWhatCameSinceTheLastLook() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final RxRing rx = kernel.rx();
        kernel.produce(0, 60);
        kernel.produce(2048, 60);
        assertEquals(2, rx.peek(4));
        rx.release(1);
        kernel.produce(4096, 60);
        kernel.produce(6144, 60);
        assertEquals(3, rx.peek(4));
    }

    @Test
    void doesNotLookAtTheKernelsIndexWhileItsCopyFillsTheBatch() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final RxRing rx = kernel.rx();
        kernel.produce(0, 60);
        kernel.produce(2048, 60);
        assertEquals(1, rx.peek(1));
        rx.release(1);
        kernel.memory().set(ValueLayout.JAVA_INT, FakeKernelRing.OFFSETS.producer(), BEFORE_WRAP);
        assertEquals(1, rx.peek(1), "answered from the copy");
    }

    @Test
    void goesOnFromTheIndicesItFinds() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        kernel.produce(2048, 60);
        kernel.produce(4096, 61);
        final RxRing first = kernel.rx();
        assertEquals(2, first.peek(8));
        first.release(1);
        final RxRing second = kernel.rx();
        assertEquals(1, second.peek(8));
        assertEquals(4096, second.address(0));
    }

    @Test
    void findsWrongUseWhenAssertionsAreOn() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final RxRing rx = kernel.rx();
        kernel.produce(0, 60);
        assertThrows(AssertionError.class, () -> rx.release(1), "not seen yet");
        rx.peek(1);
        assertThrows(AssertionError.class, () -> rx.address(1));
        assertThrows(AssertionError.class, () -> rx.release(2));
        assertThrows(AssertionError.class, () -> rx.release(-1));
    }

    @Test
    void refusesSizesAndMappingsThatCannotBe() {
        final var memory = FakeKernelRing.ofDescriptors(SIZE, 0).memory();
        for (final int size : new int[] {0, -1, 3, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new RxRing(memory, FakeKernelRing.OFFSETS, size));
        }
        final String message = assertThrows(IllegalArgumentException.class,
            () -> new RxRing(memory, FakeKernelRing.OFFSETS, 2 * SIZE)).getMessage();
        assertTrue(message.contains("needs 576 bytes, but its mapping has 448"), message);
        final var exact = Arena.ofAuto().allocate(FakeKernelRing.OFFSETS.desc() + SIZE * 8, 8);
        assertEquals(SIZE, new CompletionRing(exact, FakeKernelRing.OFFSETS, SIZE).size());
    }

    @Property(tries = 300)
    void agreesWithAQueue(@ForAll final long seed, @ForAll @IntRange(min = 0, max = 6) final int sizeShift,
        @ForAll @IntRange(min = -200, max = 0) final int start) {
        final int size = 1 << sizeShift;
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(size, start);
        final RxRing rx = kernel.rx();
        final Deque<Integer> model = new ArrayDeque<>();
        final Random random = new Random(seed);
        for (int step = 0; step < 500; step++) {
            for (int i = random.nextInt(2 * size); i > 0; i--) {
                final int value = random.nextInt();
                assertEquals(model.size() < size, kernel.produce(value & 0xffff_ffffL, ~value));
                if (model.size() < size) {
                    model.add(value);
                }
            }
            final int max = random.nextInt(2 * size);
            final int n = rx.peek(max);
            assertEquals(Math.min(max, model.size()), n);
            final int release = random.nextInt(n + 1);
            for (int i = 0; i < release; i++) {
                final int value = model.remove();
                assertEquals(value & 0xffff_ffffL, rx.address(i));
                assertEquals(~value, rx.length(i));
            }
            rx.release(release);
            assertEquals(size - model.size(), kernel.room());
        }
    }
}
