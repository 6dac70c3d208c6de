package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TestWorker.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three workers, and a thread that lists and checks, on few keys of either form for a second each. Every value names
 * its key in its real server, so that a foreign one is seen at once; every worker counts what it put in and took out,
 * and only the sum must be right.
 */
final class ConnectionTableThreadsTest {
    private static final int WORKERS = 3;
    private static final long RUN_NS = 800_000_000L;

    // Few keys of few clients: twins. One client and more keys than a chain holds: full, evictions. Many: slots reused.
    @ParameterizedTest
    @CsvSource({"NARROW, 1, 4", "NARROW, 4, 30", "NARROW, 1, 300", "NARROW, 60, 2", "WIDE, 1, 4", "WIDE, 4, 20",
        "WIDE, 1, 160", "WIDE, 30, 2"})
    void eachKeyIsThereOnceAndTheCountsAreRight(final TableForm form, final int clients, final int endpoints)
        throws Exception {
        final long seed = System.nanoTime();
        try (ConnectionTable table = ConnectionTable.allocate(form, 1, WORKERS, 1, seed)) {
            play(table, clients, endpoints, seed);
        } catch (final Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** All threads have ended when this does, even by a fault: then the table may be closed. */
    private static void play(final ConnectionTable table, final int clients, final int endpoints, final long seed)
        throws Exception {
        final List<Player> players = new ArrayList<>();
        final List<Future<Void>> futures = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS + 1)) {
            for (int w = 0; w < WORKERS; w++) {
                players.add(new Player(table, w, clients, endpoints, seed));
                futures.add(threads.submit(players.get(w)));
            }
            futures.add(threads.submit(() -> listAndCheckAll(table)));
        }
        for (final Future<Void> future : futures) {
            future.get();
        }
        checkEnd(table, players);
    }

    /** Names the key and the worker that made the entry; two keys of a test seldom share one. */
    private static int server(final Key key, final int worker) {
        return (key.hashCode() * 0x9E3779B1 >>> 18) * 4 + worker;
    }

    private static void checkBelongs(final Key key, final long value) {
        assertEquals(server(key, 0), ConnectionValue.realServer(value) & ~3, "a foreign value");
    }

    private static Void listAndCheckAll(final ConnectionTable table) {
        final long endNs = System.nanoTime() + RUN_NS;
        TableChecker checker = checker(table);
        while (System.nanoTime() < endNs) {
            TestWorker.list(table, 4, Player.now(), ConnectionTableThreadsTest::checkBelongs);
            if (checker.step(4) > 0 && checker.done()) {
                assertEquals(List.of(), TableChecks.violations(checker.report()), "while workers go on");
                checker = checker(table);
            }
        }
        return null;
    }

    private static TableChecker checker(final ConnectionTable table) {
        return table.checker(0, new TableChecks.NoServices(TestWorker.TCP), Player::now, TableChecker.PAUSE_MS);
    }

    private static void checkEnd(final ConnectionTable table, final List<Player> players) {
        TableChecks.assertClean(table, TestWorker.TCP, Player.now());
        final Set<Key> listed = new HashSet<>();
        TestWorker.list(table, 4, 0, (key, value) -> assertTrue(listed.add(key), "a key is there twice"));
        for (final Key key : players.get(0).keys) {
            int sum = 0;
            for (final Player player : players) {
                sum += player.counts.get(key)[0];
            }
            assertEquals(listed.contains(key) ? 1 : 0, sum, "counts");
        }
        assertEquals(listed.size(), table.size());
        for (int pass = 0; pass < 8; pass++) {
            for (final Player player : players) {
                player.share.beginCycle();
                final long sweeps = player.share.sweeps();
                while (player.share.sweeps() == sweeps) {
                    player.share.sweep(1, Player.now() + 600_000 + pass);
                }
            }
        }
        assertEquals(0, table.size());
        for (long slot = 0; slot < table.slots(); slot += table.form().slotStep()) {
            assertEquals(0, table.value(slot) | table.key(slot), "a word is left");
        }
    }

    /** One worker's thread. */
    private static final class Player implements Callable<Void> {
        private static final long START_NS = System.nanoTime();

        private final ConnectionTable table;
        private final TestWorker worker;
        private final WorkerShare share;
        private final int number;
        private final List<Key> keys = new ArrayList<>();
        private final Map<Key, int[]> counts = new HashMap<>();
        private final Random random;

        Player(final ConnectionTable table, final int number, final int clients, final int endpoints,
               final long seed) {
            this.table = table;
            this.number = number;
            for (int client = 1; client <= clients; client++) {
                for (int endpoint = 1; endpoint <= endpoints; endpoint++) {
                    keys.add(Key.of(table.form(), client, 80, endpoint, false));
                }
            }
            keys.forEach(key -> counts.put(key, new int[1]));
            random = new Random(seed + number);
            worker = new TestWorker(table, number, (key, value) -> {
                checkBelongs(key, value);
                count(key, -1);
            });
            share = worker.share();
        }

        static long now() {
            return (System.nanoTime() - START_NS) / 1_000_000;
        }

        private void count(final Key key, final int delta) {
            counts.get(key)[0] += delta;
        }

        @Override
        public Void call() {
            final long endNs = System.nanoTime() + RUN_NS;
            while (System.nanoTime() < endNs) {
                final long nowMs = now();
                share.beginCycle();
                for (int i = 0; i < 32; i++) {
                    step(nowMs);
                }
                share.sweep(8, nowMs);
                if (random.nextInt(100) == 0) {
                    share.goAbsent();
                    Thread.yield();
                }
            }
            share.goAbsent();
            return null;
        }

        private void step(final long nowMs) {
            final Key key = keys.get(random.nextInt(keys.size()));
            final long slot = worker.find(key, nowMs);
            if (slot < 0) {
                insert(key, nowMs);
                return;
            }
            final long value = share.value();
            checkBelongs(key, value);
            if (random.nextInt(4) == 0) {
                count(key, share.remove(slot, value) ? -1 : 0);
            } else {
                table.compareAndSetValue(slot, value, ConnectionValue.withDeadline(
                    ConnectionValue.withState(value, random.nextInt(11)), random.nextInt(2), nowMs));
                final long after = table.value(slot);
                if (ConnectionValue.isLive(after)) {
                    checkBelongs(key, after);
                }
            }
        }

        private void insert(final Key key, final long nowMs) {
            final int state = random.nextBoolean() ? TcpState.SYN_RECV.ordinal() : TcpState.ESTABLISHED.ordinal();
            final long slot = worker.insert(key, ConnectionValue.of(state, server(key, number), 0, 0,
                random.nextInt(2), nowMs), nowMs);
            if (slot >= 0) {
                checkBelongs(key, share.value());
                count(key, share.inserted() ? 1 : 0);
            }
        }
    }
}
