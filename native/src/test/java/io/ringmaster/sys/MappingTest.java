package io.ringmaster.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class MappingTest {
    @Test
    void isAlignedZeroAndOfTheSizeAskedFor() {
        for (final long bytes : new long[]{1, 4095, 4096, 4097, 3 << 20, Mapping.HUGE_PAGE_BYTES}) {
            for (final boolean huge : new boolean[]{false, true}) {
                try (Mapping mapping = Mapping.allocate(bytes, huge)) {
                    final MemorySegment memory = mapping.segment();
                    assertEquals(bytes, memory.byteSize());
                    assertEquals(0, mapping.address() % 4096);
                    assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, bytes - 1));
                    memory.fill((byte) 0x5a);
                    assertThrows(IndexOutOfBoundsException.class, () -> memory.get(ValueLayout.JAVA_BYTE, bytes));
                    if (mapping.hugePages()) {
                        assertTrue(huge);
                        assertEquals(0, mapping.address() % Mapping.HUGE_PAGE_BYTES);
                    }
                }
            }
        }
    }

    @Test
    void smallPagesWhereHugeOnesAreNotAskedForOrWouldBeWasted() {
        try (Mapping plain = Mapping.allocate(8 << 20, false);
             Mapping small = Mapping.allocate(4096, true)) {
            assertFalse(plain.hugePages());
            assertFalse(small.hugePages());
            assertEquals("4 KB pages", small.pages().toString());
        }
    }

    @Test
    void accessAfterCloseThrowsInsteadOfKillingTheProcess() {
        final Mapping mapping = Mapping.allocate(4096, false);
        final MemorySegment memory = mapping.segment();
        mapping.close();
        mapping.close();
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void tooMuchIsToldInASentence() {
        final SystemCallException refused = assertThrows(SystemCallException.class,
            () -> Mapping.allocate(1L << 46, true));
        assertEquals("Could not get 67108864 MB of memory: Cannot allocate memory (ENOMEM). The machine or this"
            + " process's limits allow less.", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Mapping.allocate(0, false));
        assertThrows(SystemCallException.class, () -> Mapping.ofDescriptor("nothing", -1, 0, 4096));
    }
}
