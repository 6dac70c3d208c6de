package io.ringmaster.bench.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GarbageTest {
    private final Garbage garbage = new Garbage();

    @Test
    void noneIsNoneAndIsNotSpokenOf() {
        garbage.round(0);
        garbage.round(0);
        assertEquals(0, garbage.bytes());
        assertFalse(garbage.isSteady());
        assertEquals("", garbage.note());
    }

    @Test
    void thatOfOneRoundIsToldAndNotTakenForThePacketPaths() {
        garbage.round(0);
        garbage.round(80);
        garbage.round(0);
        assertEquals(80, garbage.bytes());
        assertFalse(garbage.isSteady());
        assertTrue(garbage.note().contains("80 bytes in one round"));
    }

    @Test
    void thatOfTwoRoundsIsThePacketPaths() {
        garbage.round(16);
        garbage.round(16);
        assertTrue(garbage.isSteady());
        assertEquals(32, garbage.bytes());
    }
}
