package io.ringmaster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTableTest {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private final List<Integer> forgotten = new ArrayList<>();

    /** A map with the kernel's timer: a look every minute, every thirtieth forgets what is as old as is set. */
    private static final class Model {
        private final Map<Long, Long> lastUse = new HashMap<>();
        private long nextLookMs = MINUTE_MS;
        private int looks = 1;

        void expire(final long nowMs, final long expirationMs) {
            for (; nextLookMs <= nowMs; nextLookMs += MINUTE_MS) {
                if (looks % 30 == 0) {
                    final long atMs = nextLookMs;
                    lastUse.values().removeIf(last -> last + expirationMs <= atMs);
                    looks = 1;
                } else {
                    looks++;
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void remembersWhatTheKernelWould(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final DestinationTable table = new DestinationTable(300, forgotten::add);
        final Model model = new Model();
        final long expirationMs = seed % 2 == 0 ? DAY_MS : 3 * HOUR_MS;
        final Map<Long, Integer> entries = new HashMap<>();
        long nowMs = 0;
        table.expire(0, expirationMs);
        for (int i = 0; i < 20_000; i++) {
            nowMs += switch (random.nextInt(100)) {
                case 0 -> random.nextLong(3 * HOUR_MS);
                case 1 -> random.nextInt(20) == 0 ? random.nextLong(60 * HOUR_MS) : 0;
                default -> random.nextLong(3 * MINUTE_MS);
            };
            model.expire(nowMs, expirationMs);
            table.expire(nowMs, expirationMs);
            final long address = random.nextLong(300);
            final int entry = table.find(address & 1, address, nowMs);
            final String step = "seed " + seed + ", step " + i + " at " + nowMs;
            assertEquals(model.lastUse.containsKey(address), entry != DestinationTable.NOT_FOUND, step);
            if (entry == DestinationTable.NOT_FOUND) {
                entries.put(address, table.add(address & 1, address, nowMs));
            }
            assertEquals(entries.get(address), entry == DestinationTable.NOT_FOUND ? entries.get(address) : entry);
            model.lastUse.put(address, nowMs);
        }
        assertTrue(forgotten.size() > 100, "only " + forgotten.size() + " forgotten");
    }

    @Test
    void forgetsSomeOfTooManyThatWereNotUsedForSixMinutes() {
        final DestinationTable table = new DestinationTable(DestinationTable.MANY, forgotten::add);
        table.expire(0, DAY_MS);
        for (int i = 0; i < 20_000; i++) {
            assertTrue(table.add(0, i, 0) >= 0);
        }
        for (int i = 0; i < 1_000; i++) {
            table.expire(5 * MINUTE_MS, DAY_MS);
        }
        assertEquals(20_000, table.size(), "used five minutes ago");
        for (int i = 0; i < 1_000; i++) {
            table.find(0, i, 6 * MINUTE_MS);
            table.expire(6 * MINUTE_MS, DAY_MS);
        }
        final int goal = (20_000 - DestinationTable.CROWDED) * 4 / 3;
        assertEquals(goal, forgotten.size());
        for (int i = 0; i < 1_000; i++) {
            table.expire(20 * MINUTE_MS, DAY_MS);
        }
        assertEquals(goal, forgotten.size(), "not crowded any more");
        assertEquals(20_000 - goal, table.size());
    }

    @Test
    void doesALittleOfALookAtATime() {
        final DestinationTable table = new DestinationTable(DestinationTable.MANY, forgotten::add);
        table.expire(0, DAY_MS);
        for (int i = 0; i < 20_000; i++) {
            table.add(0, i, 0);
        }
        for (int i = 0; i < 100; i++) {
            final int before = table.size();
            table.expire(7 * MINUTE_MS, DAY_MS);
            assertTrue(before - table.size() <= 32, before - table.size() + " forgotten for one packet");
        }
        assertTrue(forgotten.size() > 1_000);
    }

    @Test
    void takesNoMoreThanItHasRoomForAndGivesRoomBack() {
        final DestinationTable table = new DestinationTable(DestinationTable.MANY, forgotten::add);
        table.expire(0, DAY_MS);
        for (int i = 0; i < DestinationTable.MANY; i++) {
            assertTrue(table.add(i, i, 0) >= 0);
        }
        assertEquals(DestinationTable.NOT_FOUND, table.add(1, 0, 0));
        for (int i = 0; i < DestinationTable.MANY; i++) {
            assertTrue(table.find(i, i, 1) >= 0);
        }
        for (int i = 0; i < 2_000; i++) {
            table.expire(100 * HOUR_MS, DAY_MS);
        }
        assertTrue(table.size() <= DestinationTable.CROWDED);
        assertTrue(table.add(1, 0, 100 * HOUR_MS) >= 0);
    }
}
