package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deadlines of 16 bits across every wrap of theirs, from 3 s to 31 days, with a sweep as slow as the largest table has
 * it. An entry never ends before its time-out and is never found later than one unit of its scale after it.
 */
final class DeadlinesTest {
    private static final int TCP = 6;
    private static final long SEED = Long.getLong("ringmaster.seed", System.nanoTime());
    private static final int[] TIMEOUTS_SEC = {1, 3, 10, 59, 60, 120, 900, 3_600, 3_999, 4_000, 4_001, 4_002, 8_191,
        8_193, 43_200, 63_999, 64_000, 64_001, 64_127, 86_400, 604_800, 1_209_601, 2_678_399, 2_678_400};
    private static final int[] UNITS_MS = {ConnectionValue.FINE_MS, ConnectionValue.MIDDLE_MS,
        ConnectionValue.COARSE_MS};
    /** How late the largest table's sweep may come. */
    private static final long SLOWEST_PASS_MS = Sweeper.passMs(ConnectionTable.MAX_CAPACITY * 10 / 7);

    private static long unitMs(final int timeoutSec) {
        return timeoutSec <= 4_000 ? ConnectionValue.FINE_MS : timeoutSec <= 64_000 ? ConnectionValue.MIDDLE_MS
            : ConnectionValue.COARSE_MS;
    }

    private static void assertExact(final int timeoutSec, final long startMs) {
        final long value = ConnectionValue.of(1, 1, 0, 0, timeoutSec, startMs);
        final long endMs = startMs + timeoutSec * 1_000L;
        final String what = timeoutSec + " s from " + startMs;
        assertFalse(ConnectionValue.isExpired(value, startMs), what);
        assertFalse(ConnectionValue.isExpired(value, startMs + (endMs - startMs) / 2), what);
        assertFalse(ConnectionValue.isExpired(value, endMs), what + " at its end");
        assertTrue(ConnectionValue.isExpired(value, endMs + unitMs(timeoutSec)), what + " one unit after its end");
        // Until the slowest sweep has come, four times over.
        for (int i = 1; i <= 4; i++) {
            assertTrue(ConnectionValue.isExpired(value, endMs + unitMs(timeoutSec) + i * SLOWEST_PASS_MS), what);
        }
        // What listings show is the truth to within a unit.
        final long remainingMs = ConnectionValue.remainingMs(value, startMs);
        assertTrue(Math.abs(remainingMs - (endMs - startMs)) <= unitMs(timeoutSec), what + ": " + remainingMs);
    }

    /** Every time-out, with each scale's wrap before, in and after it, to the millisecond. */
    @Test
    void everyTimeoutSurvivesEveryWrap() {
        for (final int timeoutSec : TIMEOUTS_SEC) {
            for (final int unitMs : UNITS_MS) {
                final long wrapMs = 65_536L * unitMs;
                for (final long wraps : new long[] {1, 2, 1_000}) {
                    for (final long share : new long[] {0, 1, 2, 3, 4}) {
                        for (long near = -2; near <= 2; near++) {
                            final long startMs = wraps * wrapMs - timeoutSec * 250L * share;
                            // Before time began it would be as many wraps later.
                            assertExact(timeoutSec, Math.floorMod(startMs + near, 2_000 * wrapMs));
                            assertExact(timeoutSec, Math.floorMod(startMs + near * unitMs, 2_000 * wrapMs));
                        }
                    }
                }
            }
        }
    }

    /** At each scale's ends, every millisecond of a unit as the beginning. */
    @ParameterizedTest
    @CsvSource({"3, 125", "4000, 125", "4001, 2000", "64000, 2000", "64001, 128000", "2678400, 128000"})
    void everyMillisecondOfAUnitIsABeginning(final int timeoutSec, final long unitMs) {
        for (long ms = 0; ms < unitMs; ms++) {
            assertExact(timeoutSec, 65_536 * unitMs - unitMs / 2 + ms);
        }
    }

    @Test
    void theSlowestSweepComesInTime() {
        final long knownMs = 32_768L * ConnectionValue.FINE_MS;
        assertTrue(SLOWEST_PASS_MS * 4 < knownMs, SLOWEST_PASS_MS + " ms for a pass, known for " + knownMs);
        assertEquals(1_000, Sweeper.passMs(16_000_000));
        assertEquals(10_000, Sweeper.passMs(160_000_000));
    }

    /** A table in use for 120 days, which is a wrap of the coarsest scale and a thousand of the finest. */
    @Test
    void nothingLivesOnOrEndsEarlyInFourMonths() {
        final Random random = new Random(SEED);
        final Map<Integer, Long> ends = new HashMap<>();
        final Map<Integer, Integer> timeouts = new HashMap<>();
        final long[] nowMs = {65_536L * ConnectionValue.COARSE_MS - random.nextLong(40L * 86_400_000)};
        final long lastMs = nowMs[0] + 120L * 86_400_000;
        try (ConnectionTable table = ConnectionTable.allocate(60, 1, 1, SEED)) {
            final WorkerTable worker = table.worker(0, (key, value) -> {
                final int client = ConnectionKey.clientAddress(key);
                assertTrue(nowMs[0] > ends.get(client), () -> seed("ended early", client, nowMs[0], ends, timeouts));
                ends.remove(client);
            });
            worker.beginCycle();
            long sweptMs = nowMs[0];
            while (nowMs[0] < lastMs) {
                final int client = 1 + random.nextInt(40);
                final long hash = table.hash(TCP, client, 80);
                final long key = ConnectionKey.of(client, 80, 1);
                final long slot = worker.find(key, hash, nowMs[0]);
                assertState(client, slot >= 0, nowMs[0], ends, timeouts);
                if (slot < 0 || random.nextInt(4) == 0) {
                    final int timeoutSec = TIMEOUTS_SEC[random.nextInt(TIMEOUTS_SEC.length)];
                    // An insert ends a twin past its deadline, and tells of it: so this is noted after it.
                    final boolean done = slot < 0
                        ? worker.insert(key, hash, ConnectionValue.of(4, 1, 0, 0, timeoutSec, nowMs[0]), nowMs[0]) >= 0
                        : table.compareAndSetValue(slot, worker.value(),
                            ConnectionValue.withDeadline(worker.value(), timeoutSec, nowMs[0]));
                    assertTrue(done);
                    ends.put(client, nowMs[0] + timeoutSec * 1_000L);
                    timeouts.put(client, timeoutSec);
                }
                nowMs[0] += 1 + random.nextLong(random.nextBoolean() ? 400 : SLOWEST_PASS_MS / 2);
                if (nowMs[0] - sweptMs >= SLOWEST_PASS_MS / 2) {
                    // A whole pass at once, once in the longest time that one takes: later than any line's real turn.
                    worker.beginCycle();
                    worker.sweep((int) table.slots() / 4 + 64 * 33, nowMs[0]);
                    sweptMs = nowMs[0];
                }
            }
            TableChecks.assertClean(table, TCP, nowMs[0]);
        }
    }

    private static void assertState(final int client, final boolean found, final long nowMs,
                                    final Map<Integer, Long> ends, final Map<Integer, Integer> timeouts) {
        final Long endMs = ends.get(client);
        if (endMs == null || nowMs >= endMs + unitMs(timeouts.get(client))) {
            assertFalse(found, () -> seed("lives on", client, nowMs, ends, timeouts));
        } else if (nowMs <= endMs) {
            assertTrue(found, () -> seed("is gone early", client, nowMs, ends, timeouts));
        }
    }

    private static String seed(final String what, final int client, final long nowMs, final Map<Integer, Long> ends,
                               final Map<Integer, Integer> timeouts) {
        return "client " + client + " " + what + " at " + nowMs + ", its end is " + ends.get(client) + ", its time-out "
            + timeouts.get(client) + " s; -Dringmaster.seed=" + SEED;
    }
}
