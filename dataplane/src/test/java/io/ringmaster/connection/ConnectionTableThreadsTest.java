package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three workers, and a thread that lists and checks, on few keys for a second each. Every value names its key in its
 * real server, so that a foreign one is seen at once; every worker counts what it put in and took out, and only the sum
 * must be right.
 */
final class ConnectionTableThreadsTest {
    private static final int WORKERS = 3;
    private static final int TCP = 6;
    private static final long RUN_NS = 800_000_000L;

    // Few keys of few clients: twins. One client and more keys than a chain holds: full, evictions. Many: slots reused.
    @ParameterizedTest
    @CsvSource({"1, 4", "4, 30", "1, 300", "60, 2"})
    void eachKeyIsThereOnceAndTheCountsAreRight(final int clients, final int endpoints) throws Exception {
        final long seed = System.nanoTime();
        final ExecutorService threads = Executors.newFixedThreadPool(WORKERS + 1);
        try (ConnectionTable table = ConnectionTable.allocate(1, WORKERS, 1, seed)) {
            final List<Player> players = new ArrayList<>();
            final List<Future<Void>> futures = new ArrayList<>();
            for (int w = 0; w < WORKERS; w++) {
                players.add(new Player(table, w, clients, endpoints, seed));
                futures.add(threads.submit(players.get(w)));
            }
            futures.add(threads.submit(() -> listAndCheckAll(table)));
            for (final Future<Void> future : futures) {
                future.get(30, TimeUnit.SECONDS);
            }
            checkEnd(table, players);
        } catch (final Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    private static int server(final long key, final int worker) {
        return ConnectionKey.endpoint(key) * 64 + ConnectionKey.clientAddress(key) % 16 * 4 + worker;
    }

    private static void checkBelongs(final long key, final long value) {
        assertEquals(server(key, 0), ConnectionValue.realServer(value) & ~3, "a foreign value");
    }

    private static Void listAndCheckAll(final ConnectionTable table) {
        final ConnectionLister lister = table.lister(0);
        final long endNs = System.nanoTime() + RUN_NS;
        TableChecker checker = checker(table);
        while (System.nanoTime() < endNs) {
            for (long cursor = 0; cursor >= 0;) {
                cursor = lister.list(cursor, 4, Player.now(), (key, value, remainingSec) -> checkBelongs(key, value));
            }
            if (checker.step(4) > 0 && checker.done()) {
                assertEquals(List.of(), TableChecks.violations(checker.report()), "while workers go on");
                checker = checker(table);
            }
        }
        return null;
    }

    private static TableChecker checker(final ConnectionTable table) {
        return table.checker(0, new TableChecks.NoServices(TCP), Player::now, TableChecker.PAUSE_MS);
    }

    private static void checkEnd(final ConnectionTable table, final List<Player> players) {
        TableChecks.assertClean(table, TCP, Player.now());
        final Set<Long> listed = new HashSet<>();
        final ConnectionLister lister = table.lister(0);
        for (long cursor = 0; cursor >= 0;) {
            cursor = lister.list(cursor, 4, 0, (key, value, remainingSec) ->
                assertTrue(listed.add(key), "a key is there twice"));
        }
        for (int client = 1; client <= players.get(0).clients; client++) {
            for (int endpoint = 1; endpoint <= players.get(0).endpoints; endpoint++) {
                int sum = 0;
                for (final Player player : players) {
                    sum += player.counts[client * (player.endpoints + 1) + endpoint];
                }
                assertEquals(listed.contains(ConnectionKey.of(client, 80, endpoint)) ? 1 : 0, sum, "counts");
            }
        }
        assertEquals(listed.size(), table.size());
        for (int pass = 0; pass < 8; pass++) {
            for (final Player player : players) {
                player.worker.beginCycle();
                final long sweeps = player.worker.sweeps();
                while (player.worker.sweeps() == sweeps) {
                    player.worker.sweep(1, Player.now() + 600_000 + pass);
                }
            }
        }
        assertEquals(0, table.size());
        for (long slot = 0; slot < table.slots(); slot++) {
            assertEquals(0, table.value(slot) | table.key(slot), "a word is left");
        }
    }

    /** One worker's thread. */
    private static final class Player implements Callable<Void> {
        private static final long START_NS = System.nanoTime();

        private final ConnectionTable table;
        private final WorkerTable worker;
        private final int number;
        private final int clients;
        private final int endpoints;
        private final int[] counts;
        private final Random random;

        Player(final ConnectionTable table, final int number, final int clients, final int endpoints,
               final long seed) {
            this.table = table;
            this.number = number;
            this.clients = clients;
            this.endpoints = endpoints;
            counts = new int[(clients + 1) * (endpoints + 1)];
            random = new Random(seed + number);
            worker = table.worker(number, (key, value) -> {
                checkBelongs(key, value);
                count(key, -1);
            });
        }

        static long now() {
            return (System.nanoTime() - START_NS) / 1_000_000;
        }

        private void count(final long key, final int delta) {
            counts[ConnectionKey.clientAddress(key) * (endpoints + 1) + ConnectionKey.endpoint(key)] += delta;
        }

        @Override
        public Void call() {
            final long endNs = System.nanoTime() + RUN_NS;
            while (System.nanoTime() < endNs) {
                final long nowMs = now();
                worker.beginCycle();
                for (int i = 0; i < 32; i++) {
                    step(nowMs);
                }
                worker.sweep(8, nowMs);
                if (random.nextInt(100) == 0) {
                    worker.goAbsent();
                    Thread.yield();
                }
            }
            worker.goAbsent();
            return null;
        }

        private void step(final long nowMs) {
            final int client = 1 + random.nextInt(clients);
            final long key = ConnectionKey.of(client, 80, 1 + random.nextInt(endpoints));
            final long hash = table.hash(TCP, client, 80);
            final long slot = worker.find(key, hash, nowMs);
            if (slot < 0) {
                insert(key, hash, nowMs);
                return;
            }
            final long value = worker.value();
            checkBelongs(key, value);
            if (random.nextInt(4) == 0) {
                count(key, worker.remove(slot, value) ? -1 : 0);
            } else {
                table.compareAndSetValue(slot, value, ConnectionValue.withDeadline(
                    ConnectionValue.withState(value, random.nextInt(11)), random.nextInt(2), nowMs));
                final long after = table.value(slot);
                if (ConnectionValue.isLive(after)) {
                    checkBelongs(key, after);
                }
            }
        }

        private void insert(final long key, final long hash, final long nowMs) {
            final int state = random.nextBoolean() ? TcpState.SYN_RECV.ordinal() : TcpState.ESTABLISHED.ordinal();
            final long slot = worker.insert(key, hash, ConnectionValue.of(state, server(key, number), 0, 0,
                random.nextInt(2), nowMs), nowMs);
            if (slot >= 0) {
                checkBelongs(key, worker.value());
                count(key, worker.inserted() ? 1 : 0);
            }
        }
    }
}
