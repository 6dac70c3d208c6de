package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EventsTest {
    private final Events events = new Events();

    @Test
    void whoIsTooSlowHearsHowMuchWasLostAndTheOthersLoseNothing() throws InterruptedException {
        events.tell(Events.Kind.TABLE, "before anybody listened");
        try (Events.Listener slow = events.listen(); Events.Listener quick = events.listen()) {
            for (int i = 0; i < Events.QUEUE + 5; i++) {
                events.tell(Events.Kind.TABLE, "event " + i);
                assertEquals(2 + i, quick.next(0).number());
            }
            assertEquals(5, slow.takeLost());
            assertEquals(0, slow.takeLost());
            assertEquals(0, quick.takeLost());
            for (int i = 0; i < Events.QUEUE; i++) {
                assertEquals("event " + i, slow.next(0).text());
            }
            assertNull(slow.next(0));
        }
    }

    @Test
    void listeningEnds() {
        assertFalse(events.heard());
        events.listen().close();
        assertFalse(events.heard());
        try (Events.Listener listener = events.listen()) {
            assertTrue(events.heard());
            assertEquals(0, listener.takeLost());
        }
    }
}
