package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OverflowMarksTest {
    @Test
    void eachSlotHasTheMarkOfSomeSteps() {
        final OverflowMarks narrow = new OverflowMarks(null, TableForm.NARROW.slotStep());
        assertEquals("0 1 1 2 2 2 2 3 3 3", slots(narrow, 10));
        assertEquals(3, narrow.ofStep(ConnectionTable.PROBES - 1));
        final OverflowMarks wide = new OverflowMarks(null, TableForm.WIDE.slotStep());
        assertEquals("0 0 0 2 2 2 2 2 2 2", slots(wide, 10));
        assertEquals(2, wide.ofStep(ConnectionTable.PROBES - 1));
    }

    private static String slots(final OverflowMarks marks, final int steps) {
        return String.join(" ", IntStream.range(0, steps).mapToObj(step -> "" + marks.ofStep(step)).toList());
    }

    @Test
    void whatPassesALineAtOneStepEndsNoLookUpAtAnother() {
        try (ConnectionTable table = ConnectionTable.allocate(100, 1, 0, 1)) {
            final long at = table.words().at(7);
            final OverflowMarks marks = table.marks();
            marks.setPassed(at, 2);
            assertTrue(marks.endsLookUp(at, 0));
            assertFalse(marks.endsLookUp(at, 1));
            assertFalse(marks.endsLookUp(at, 2));
            assertTrue(marks.endsLookUp(at, 3));
            assertTrue(marks.endsLookUp(at, 50));
            marks.setPassed(at, 50);
            assertFalse(marks.endsLookUp(at, 8));
            assertTrue(marks.change(at, 1, ConnectionValue.MARK_SET, ConnectionValue.MARK_CLEARING));
            assertFalse(marks.endsLookUp(at, 1));
            marks.setPassed(at, 1);
            assertFalse(marks.change(at, 1, ConnectionValue.MARK_CLEARING, ConnectionValue.MARK_CLEAR));
            assertFalse(marks.endsLookUp(at, 1));
        }
    }
}
