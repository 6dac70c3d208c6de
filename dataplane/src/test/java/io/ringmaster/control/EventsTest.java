package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {
    private long nowMs = 1_000;
    private final Events events = new Events(() -> nowMs, () -> nowMs * 1_000_000);

    @Test
    void whoIsTooSlowHearsHowMuchWasLostAndTheOthersLoseNothing() throws InterruptedException {
        events.tell(Events.Kind.TABLE, "before anybody listened");
        try (Events.Listener slow = events.listen(); Events.Listener quick = events.listen()) {
            for (int i = 0; i < Events.KEPT + 5; i++) {
                events.tell(Events.Kind.TABLE, "event " + i);
                assertEquals(2 + i, quick.next(0).number());
            }
            assertEquals(5, slow.takeLost());
            assertEquals(0, slow.takeLost());
            assertEquals(0, quick.takeLost());
            for (int i = 0; i < Events.KEPT; i++) {
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

    @Test
    void theLastOnesAreKeptAndToldFirst() throws InterruptedException {
        for (int i = 1; i <= Events.KEPT + 10; i++) {
            nowMs = 1_000L * i;
            events.tell(Events.Kind.CHANGE, "event " + i, Caller.SELF);
        }
        try (Events.Listener all = events.listen(Events.KEPT, Long.MAX_VALUE);
             Events.Listener some = events.listen(3, Long.MAX_VALUE);
             Events.Listener late = events.listen(Events.KEPT, 1_000);
             Events.Listener none = events.listen()) {
            assertEquals(Events.KEPT, all.past().size());
            assertEquals(new Events.Event(11, 11_000, 11_000_000_000L, Events.Kind.CHANGE, "event 11", Caller.SELF),
                all.past().getFirst());
            assertEquals(List.of(1032L, 1033L, 1034L), some.past().stream().map(Events.Event::number).toList());
            assertEquals(List.of("event 1033", "event 1034"), late.past().stream().map(Events.Event::text).toList());
            assertEquals(List.of(), none.past());
            events.tell(Events.Kind.TABLE, "new");
            assertEquals("new", some.next(0).text());
            assertNull(some.next(0), "what was told before is not told again");
        }
    }

    @Test
    void afterTheEndThereIsNoMore() throws InterruptedException {
        try (Events.Listener listener = events.listen()) {
            assertFalse(listener.over());
            events.end();
            assertFalse(listener.over(), "the last one is not taken yet");
            assertEquals(Events.Kind.DIRECTOR, listener.next(0).kind());
            assertTrue(listener.over());
        }
    }
}
