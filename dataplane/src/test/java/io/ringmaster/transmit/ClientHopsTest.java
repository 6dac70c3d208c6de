package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Numbers of ways back: one each, for ever, however many threads ask. */
class ClientHopsTest {
    private static final int MOST = 1_023;

    @Test
    void aNumberNamesItsWay() {
        final ClientHops hops = new ClientHops();
        final long mac = 0xffff_ffff_ffffL;
        final int number = hops.numberOf(127, mac);
        assertTrue(number >= 1 && number <= MOST);
        assertEquals(127, hops.port(number));
        assertEquals(mac, hops.mac(number));
        assertTrue(hops.names(number, 127, mac));
        assertFalse(hops.names(number, 126, mac));
        assertFalse(hops.names(number, 127, mac - 1));
        assertFalse(hops.names(ClientHops.NONE, 0, 0), "no number names nothing");
        assertNotEquals(number, hops.numberOf(126, mac));
        assertNotEquals(ClientHops.NONE, hops.numberOf(0, 0));
    }

    @Test
    void takesAllItCanAndThenNone() {
        final ClientHops hops = new ClientHops();
        final Map<Integer, Integer> numbers = new HashMap<>();
        for (int mac = 0; mac < MOST; mac++) {
            final int number = hops.numberOf(mac % 2, mac);
            assertTrue(number >= 1 && number <= MOST);
            assertEquals(null, numbers.put(number, mac));
        }
        assertEquals(ClientHops.NONE, hops.numberOf(0, 5_000));
        numbers.forEach((number, mac) -> {
            assertEquals(number, hops.numberOf(mac % 2, mac));
            assertEquals((long) mac, hops.mac(number));
        });
    }

    @Test
    void threadsAgree() throws Exception {
        final int threads = 4;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 50; round++) {
                final ClientHops hops = new ClientHops();
                final CyclicBarrier start = new CyclicBarrier(threads);
                final List<Future<Map<Long, Integer>>> answers = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    answers.add(pool.submit(asking(hops, start, 1000L * round + t)));
                }
                final Map<Long, Integer> all = new HashMap<>();
                for (final Future<Map<Long, Integer>> answer : answers) {
                    answer.get().forEach((mac, number) -> {
                        final Integer other = all.put(mac, number);
                        assertTrue(other == null || other.equals(number), "two numbers for one way");
                    });
                }
                assertEquals(all.size(), new HashSet<>(all.values()).size(), "one number for two ways");
                all.forEach((mac, number) -> assertTrue(hops.names(number, (int) (mac & 3), mac)));
            }
        }
    }

    private static Callable<Map<Long, Integer>> asking(final ClientHops hops, final CyclicBarrier start,
                                                       final long seed) {
        return () -> {
            final Random random = new Random(seed);
            final Map<Long, Integer> got = new HashMap<>();
            start.await();
            for (int i = 0; i < 2_000; i++) {
                final long mac = random.nextInt(700);
                final int number = hops.numberOf((int) (mac & 3), mac);
                final Integer before = got.put(mac, number);
                assertTrue(before == null || before == number, "a number changed");
            }
            return got;
        };
    }
}
