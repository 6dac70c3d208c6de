package io.ringmaster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lblc and lblcr do in the course of days, which no recording covers. */
class LocalityTest {
    private static final long HOUR_MS = 3_600_000;
    private static final String A = "tcp 10.5.0.1:80";
    private static final String B = "tcp 10.5.0.2:80";

    private final RuleBook book = new RuleBook();
    private int opened;

    @ParameterizedTest
    @ValueSource(strings = {"lblc", "lblcr"})
    void anAddressIsForgottenADayAfterItsLastUse(final String scheduler) throws Exception {
        fill(scheduler, 100);
        assertEquals("10.2.0.12", open(A));
        book.time(23 * HOUR_MS);
        assertEquals("10.2.0.12", open(A));
        book.time(46 * HOUR_MS);
        assertEquals("10.2.0.12", open(A));
        // Another address gets the one that carries less, and this one does, too, once it is forgotten.
        assertEquals("10.2.0.11", open(B));
        book.time(71 * HOUR_MS);
        assertEquals("10.2.0.11", open(A));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lblc", "lblcr"})
    void aRealServerThatComesBackHasItsAddressesAgain(final String scheduler) throws Exception {
        fill(scheduler, 100);
        assertEquals("10.2.0.12 10.2.0.11", open(A) + " " + open(B));
        book.rule("-d -f 1 -r 10.2.0.12");
        book.rule("-a -f 1 -r 10.2.0.12 -m -w 100");
        assertEquals("10.2.0.12 10.2.0.11", open(A) + " " + open(B));
    }

    @Test
    void aSetLosesItsMostLoadedMemberADayAfterItsLastChange() throws Exception {
        fill("lblcr", 1);
        assertEquals("10.2.0.12", open(A));
        assertEquals("10.2.0.12", open(A));
        assertEquals("10.2.0.11", open(A), "12 is crowded: the set grows");
        for (int hour = 1; hour <= 24; hour++) {
            book.time(hour * HOUR_MS);
            final int id = opened;
            assertEquals("10.2.0.11", open(A));
            book.end(id);
        }
        book.time(24 * HOUR_MS + 1);
        assertEquals("10.2.0.11", open(A), "12 has left, it has two connections and 11 has one");
        book.end(0);
        book.end(1);
        assertEquals("10.2.0.12", open(A), "11 is crowded: 12 is idle and joins again");
        assertEquals("10.2.0.12", open(A), "and is the least loaded of the set");
    }

    @Test
    void aSetOfOneLeavesNobodyOut() throws Exception {
        fill("lblcr", 1);
        assertEquals("10.2.0.12", open(A));
        for (int hour = 1; hour <= 100; hour++) {
            book.time(hour * HOUR_MS);
            final int id = opened;
            assertEquals("10.2.0.12", open(A));
            book.end(id);
        }
    }

    @Test
    void aSetThatTheMembersDoNotSufficeForStillChooses() {
        final ServerSets sets = new ServerSets(1);
        for (int i = 0; i < 300; i++) {
            sets.add(0, i, i);
        }
        assertEquals(256, sets.size(0));
        assertEquals(255, sets.changedMs(0));
        assertEquals(255, sets.server(sets.first(0)));
        sets.remove(0, sets.next(sets.first(0)), 400);
        sets.add(0, 255, 500);
        assertEquals(255, sets.size(0), "is in it already");
        assertEquals(400, sets.changedMs(0));
        sets.add(0, 256, 600);
        assertEquals(256, sets.server(sets.first(0)));
        sets.clear(0);
        assertEquals(ServerSets.END, sets.first(0));
        for (int i = 0; i < 256; i++) {
            sets.add(0, i, 700);
        }
        assertEquals(256, sets.size(0));
        assertNotEquals(ServerSets.END, sets.first(0));
    }

    private void fill(final String scheduler, final int weight) throws Exception {
        book.rule("-A -f 1 -s " + scheduler);
        book.rule("-a -f 1 -r 10.2.0.11 -m -w " + weight);
        book.rule("-a -f 1 -r 10.2.0.12 -m -w " + weight);
    }

    private String open(final String target) throws Exception {
        opened++;
        return book.open(opened - 1, "10.9.0.1", 20_000 + opened, target);
    }
}
