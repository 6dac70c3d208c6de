package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateValueTest {
    private static final long NOW_MS = 1_000_000_007;

    @Test
    void countsChildrenUpAndDownAndLeavesTheRestAlone() {
        final long fresh = ConnectionValue.withMethod(TemplateValue.of(65_535, 300, NOW_MS), 3);
        assertEquals(0, TemplateValue.children(fresh));
        long template = fresh;
        for (int children = 1; children <= TemplateValue.MAX_CHILDREN; children++) {
            template = TemplateValue.withChild(template);
            assertEquals(children, TemplateValue.children(template));
        }
        assertEquals(65_535, ConnectionValue.realServer(template));
        assertEquals(3, ConnectionValue.method(template));
        assertTrue(ConnectionValue.isTemplate(template));
        assertEquals("NONE", ConnectionValue.word(template));
        assertEquals(ConnectionValue.remainingMs(fresh, NOW_MS), ConnectionValue.remainingMs(template, NOW_MS));
        assertEquals(template, TemplateValue.withChild(template), "stops counting");
        assertEquals(template, TemplateValue.withoutChild(template), "and does not know any more");
        template = fresh;
        for (int i = 0; i < 40_000; i++) {
            template = TemplateValue.withChild(template);
        }
        for (int i = 0; i < 40_000; i++) {
            template = TemplateValue.withoutChild(template);
        }
        assertEquals(fresh, template);
        assertEquals(fresh, TemplateValue.withoutChild(fresh));
    }

    @Test
    void isAssuredOnceAndForAll() {
        long template = TemplateValue.withAssured(TemplateValue.withChild(TemplateValue.of(1, 300, NOW_MS)));
        assertEquals("ASSURED", ConnectionValue.word(template));
        assertEquals(1, TemplateValue.children(template));
        assertFalse(TemplateValue.isDispensable(template));
        template = TemplateValue.withoutChild(template);
        assertEquals("ASSURED", ConnectionValue.word(template));
        assertFalse(TemplateValue.isDispensable(template));
        assertTrue(TemplateValue.isDispensable(TemplateValue.of(1, 300, NOW_MS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 300, 5_000, 100_000})
    void staysForItsChildrenAMinuteAtATime(final int timeoutSec) {
        final long alone = TemplateValue.of(1, timeoutSec, NOW_MS);
        final long template = TemplateValue.withChild(alone);
        assertFalse(TemplateValue.toBeRearmed(template, NOW_MS));
        final long lateMs = NOW_MS + timeoutSec * 1000L + 300_000;
        assertTrue(ConnectionValue.isExpired(alone, lateMs));
        assertFalse(TemplateValue.toBeRearmed(alone, lateMs));
        assertFalse(ConnectionValue.isExpired(template, lateMs));
        assertTrue(TemplateValue.toBeRearmed(template, lateMs));
        final long again = TemplateValue.rearmed(template, lateMs);
        assertFalse(TemplateValue.toBeRearmed(again, lateMs));
        final long remainingMs = ConnectionValue.remainingMs(again, lateMs);
        assertTrue(remainingMs > 0 && remainingMs <= 60_000, remainingMs + " ms");
        assertTrue(ConnectionValue.isExpired(TemplateValue.withoutChild(again), lateMs + 61_000));
    }

    @Test
    void letsChildrenOfTheSameDeadlineEndFirst() {
        final long template = TemplateValue.withChild(TemplateValue.of(1, 300, NOW_MS));
        final long passedMs = NOW_MS + 300_000 + 1_000;
        assertFalse(TemplateValue.toBeRearmed(template, passedMs));
        assertFalse(ConnectionValue.isExpired(template, passedMs));
        assertEquals(59_000, TemplateValue.listedMs(template, passedMs), 1_000);
        assertTrue(ConnectionValue.isExpired(TemplateValue.withoutChild(template), passedMs));
        assertTrue(TemplateValue.toBeRearmed(template, passedMs + 1_000));
    }

    @Test
    void wholeMinutesAfterItsOldDeadline() {
        final long template = TemplateValue.withChild(TemplateValue.of(1, 2, 0));
        assertEquals(57_500, ConnectionValue.remainingMs(TemplateValue.rearmed(template, 4_500), 4_500), 1_000);
        assertEquals(59_000, ConnectionValue.remainingMs(TemplateValue.rearmed(template, 63_000), 63_000), 1_000);
    }

    @Test
    void theNumberOfItsTimeOutLeavesTheRestAlone() {
        for (int number = 0; number < 4; number++) {
            final long template = TemplateValue.withTime(TemplateValue.withAssured(TemplateValue.withChild(
                TemplateValue.of(65_535, 300, 1_000))), number);
            assertEquals(number, TemplateValue.time(template));
            assertEquals(1, TemplateValue.children(template));
            assertEquals("ASSURED", TemplateValue.word(template));
            assertEquals(65_535, ConnectionValue.realServer(template));
            assertEquals(300_000, ConnectionValue.remainingMs(template, 1_000), 125);
            assertTrue(ConnectionValue.isTemplate(template));
        }
    }
}
