package io.ringmaster.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ProducerRingTest {
    private static final int SIZE = 8;
    private static final int BEFORE_WRAP = -3;

    @Test
    void submitsEntriesAcrossTheWrapInOrder() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final TxRing tx = kernel.tx();
        assertEquals(SIZE, tx.reserve(64));
        for (int i = 0; i < SIZE; i++) {
            tx.set(i, i * 2048L + 242, 100 + i);
        }
        assertEquals(0, kernel.submitted(), "not before submit");
        tx.submit(SIZE);
        assertEquals(0, tx.reserve(1), "full");
        assertEquals(SIZE, tx.unconsumed());
        for (int i = 0; i < SIZE; i++) {
            assertEquals(i * 2048L + 242, kernel.address(0));
            assertEquals(100 + i, kernel.lengthBytes());
            kernel.consume();
            assertEquals(SIZE - 1 - i, tx.unconsumed());
        }
        assertEquals(SIZE, tx.reserve(64));
    }

    @Test
    void writesOptionsThatTheKernelTakes() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        kernel.memory().asSlice(FakeKernelRing.OFFSETS.desc()).fill((byte) 0xff);
        final TxRing tx = kernel.tx();
        tx.reserve(1);
        tx.set(0, 2048, 60);
        tx.submit(1);
        assertEquals(60, kernel.lengthBytes(), "and options 0, which lengthBytes checks");
    }

    @Test
    void keepsWhatWasReservedAndNotSubmittedFree() {
        final FakeKernelRing kernel = FakeKernelRing.ofAddresses(SIZE, BEFORE_WRAP);
        final FillRing fill = kernel.fill();
        assertEquals(4, fill.reserve(4));
        fill.set(0, 2048);
        fill.submit(1);
        assertEquals(7, fill.reserve(64));
        fill.set(0, 4096);
        fill.submit(1);
        assertEquals(2, kernel.submitted());
        assertEquals(2048, kernel.address(0));
        kernel.consume();
        assertEquals(4096, kernel.address(0));
    }

    @Test
    void looksAtTheKernelsIndexOnlyWhenItsCopyHasTooLittleRoom() {
        final FakeKernelRing kernel = FakeKernelRing.ofAddresses(SIZE, BEFORE_WRAP);
        final FillRing fill = kernel.fill();
        for (int i = 0; i < 6; i++) {
            fill.reserve(1);
            fill.set(0, i);
            fill.submit(1);
        }
        for (int i = 0; i < 6; i++) {
            kernel.consume();
        }
        assertEquals(2, fill.reserve(2), "room by its copy");
        assertThrows(AssertionError.class, () -> fill.set(2, 0), "the copy was not refreshed");
        assertEquals(3, fill.reserve(3));
        fill.set(2, 0);
    }

    @Test
    void submittingNothingChangesNothing() {
        final FakeKernelRing kernel = FakeKernelRing.ofAddresses(SIZE, BEFORE_WRAP);
        final FillRing fill = kernel.fill();
        fill.submit(0);
        assertEquals(0, fill.reserve(0));
        assertEquals(0, kernel.submitted());
    }

    @Test
    void tellsWhenTheKernelWantsToBeWoken() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final TxRing tx = kernel.tx();
        assertFalse(tx.needsWakeup());
        kernel.needWakeup(true);
        assertTrue(tx.needsWakeup());
        kernel.needWakeup(false);
        assertFalse(tx.needsWakeup());
        final FakeKernelRing fillKernel = FakeKernelRing.ofAddresses(SIZE, BEFORE_WRAP);
        final FillRing fill = fillKernel.fill();
        fillKernel.needWakeup(true);
        assertTrue(fill.needsWakeup());
        fillKernel.memory().set(ValueLayout.JAVA_INT, FakeKernelRing.OFFSETS.flags(), 2);
        assertFalse(fill.needsWakeup(), "another flag");
    }

    @Test
    void findsWrongUseWhenAssertionsAreOn() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final TxRing tx = kernel.tx();
        assertThrows(AssertionError.class, () -> tx.submit(SIZE + 1));
        assertThrows(AssertionError.class, () -> tx.submit(-1));
        assertThrows(AssertionError.class, () -> tx.set(SIZE, 0, 60));
        assertThrows(AssertionError.class, () -> tx.set(-1, 0, 60));
    }

    @Test
    void goesOnFromTheIndicesItFinds() {
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(SIZE, BEFORE_WRAP);
        final TxRing first = kernel.tx();
        first.reserve(3);
        first.submit(3);
        kernel.consume();
        final TxRing second = kernel.tx();
        assertEquals(2, second.unconsumed());
        assertEquals(SIZE - 2, second.reserve(64));
    }

    @Property(tries = 300)
    void agreesWithAQueue(@ForAll final long seed, @ForAll @IntRange(min = 0, max = 6) final int sizeShift,
        @ForAll @IntRange(min = -200, max = 0) final int start) {
        final int size = 1 << sizeShift;
        final FakeKernelRing kernel = FakeKernelRing.ofDescriptors(size, start);
        final TxRing tx = kernel.tx();
        final Deque<Integer> model = new ArrayDeque<>();
        final Random random = new Random(seed);
        for (int step = 0; step < 500; step++) {
            final int wanted = random.nextInt(2 * size);
            final int n = tx.reserve(wanted);
            assertEquals(Math.min(wanted, size - model.size()), n);
            final int submit = random.nextInt(n + 1);
            for (int i = 0; i < submit; i++) {
                final int value = random.nextInt();
                tx.set(i, value & 0xffff_ffffL, ~value);
                model.add(value);
            }
            tx.submit(submit);
            assertEquals(model.size(), kernel.submitted());
            for (int i = random.nextInt(model.size() + 1); i > 0; i--) {
                final int value = model.remove();
                assertEquals(value & 0xffff_ffffL, kernel.address(0));
                assertEquals(~value, kernel.lengthBytes());
                kernel.consume();
            }
            if (random.nextBoolean()) {
                assertEquals(model.size(), tx.unconsumed());
            }
        }
    }
}
