package io.ringmaster.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class FramePoolTest {
    private static final long FIRST = 1L << 33;

    @Test
    void givesOutEachFrameOnceAndThenNone() {
        final FramePool pool = new FramePool(FIRST, 2048, 5);
        assertEquals(5, pool.capacity());
        final Set<Long> taken = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            assertEquals(5 - i, pool.available());
            taken.add(pool.take());
        }
        assertEquals(Set.of(FIRST, FIRST + 2048, FIRST + 4096, FIRST + 6144, FIRST + 8192), taken);
        assertEquals(-1, pool.take());
        assertEquals(0, pool.available());
    }

    @Test
    void givesOutFirstWhatCameBackLast() {
        final FramePool pool = new FramePool(FIRST, 4096, 8);
        final long a = pool.take();
        final long b = pool.take();
        pool.give(a);
        pool.give(b);
        assertEquals(b, pool.take());
        assertEquals(a, pool.take());
    }

    @Property
    void takesAnyAddressInsideAFrame(@ForAll @IntRange(max = 2047) final int inside,
        @ForAll @IntRange(max = 7) final int n) {
        final FramePool pool = new FramePool(FIRST, 2048, 8);
        while (pool.take() >= 0) {
            assertTrue(pool.available() < 8);
        }
        pool.give(FIRST + n * 2048L + inside);
        assertEquals(FIRST + n * 2048L, pool.take());
    }

    @Test
    void findsAFrameGivenTwice() {
        final FramePool pool = new FramePool(FIRST, 2048, 8);
        final long a = pool.take();
        final long b = pool.take();
        pool.give(a + 256);
        final String message = assertThrows(AssertionError.class, () -> pool.give(a + 14)).getMessage();
        assertTrue(message.contains("given back twice"), message);
        pool.give(b);
        assertEquals(8, pool.available());
        assertThrows(AssertionError.class, () -> pool.give(b));
    }

    @Test
    void findsAnAddressOfNoFrame() {
        final FramePool pool = new FramePool(FIRST, 2048, 8);
        pool.take();
        for (final long foreign : new long[] {-1, 0, FIRST - 1, FIRST + 8 * 2048, FIRST + (1L << 43), Long.MAX_VALUE}) {
            assertThrows(AssertionError.class, () -> pool.give(foreign), () -> "address " + foreign);
        }
        assertEquals(7, pool.available(), "none of them came in");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new FramePool(0, 3000, 1));
        assertThrows(IllegalArgumentException.class, () -> new FramePool(0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new FramePool(100, 2048, 1));
        assertThrows(IllegalArgumentException.class, () -> new FramePool(-2048, 2048, 1));
        assertThrows(IllegalArgumentException.class, () -> new FramePool(0, 2048, -1));
        assertEquals(-1, new FramePool(0, 2048, 0).take());
    }
}
