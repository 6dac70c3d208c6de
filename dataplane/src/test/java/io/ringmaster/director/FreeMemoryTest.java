package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FreeMemoryTest {
    @Test
    void whatIsThereMayBeTaken() {
        FreeMemory.requireWithin(1 << 20, 1 << 20, "a table", "take less");
        FreeMemory.require(1, "a byte", "buy memory");
    }

    @Test
    void whatIsNotThereIsRefusedBeforeItIsTaken() {
        final var refusal = assertThrows(IllegalArgumentException.class,
            () -> FreeMemory.requireWithin(5L << 30, 6L << 30, "a table for 9 connections", "choose fewer"));
        assertEquals("There is no memory for a table for 9 connections: it takes 6144 MiB, and 5120 MiB are free; "
            + "choose fewer.", refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FreeMemory.require(1L << 60, "everything", "take less"));
    }
}
