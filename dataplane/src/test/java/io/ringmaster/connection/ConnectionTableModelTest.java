package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations by two workers in one thread, with a clock that leaps, against a map. The seed is in the message of
 * a failure; put it into {@link #SEED} to run it again.
 */
final class ConnectionTableModelTest {
    private static final long SEED = Long.getLong("ringmaster.seed", System.nanoTime());
    private static final int TCP = 6;
    private static final int[] TIMEOUTS_SEC = {0, 3, 10, 60, 900, 4_000};

    private final Map<Long, Long> model = new HashMap<>();
    private final WorkerTable[] workers = new WorkerTable[2];
    private Random random;
    private ConnectionTable table;
    private int clients;
    private long nowMs;
    private long evicted;

    @ParameterizedTest
    @CsvSource({"1, 2, 70", "1, 90, 90", "1, 1, 255", "500, 300, 400", "5000, 3000, 2000"})
    void behavesAsAMap(final long capacity, final int clientCount, final int most) {
        for (int round = 0; round < 6; round++) {
            final long seed = SEED + round;
            try {
                run(seed, capacity, clientCount, most);
            } catch (final AssertionError e) {
                throw new AssertionError("seed " + seed + " (-Dringmaster.seed=" + seed + "): " + e.getMessage(), e);
            }
        }
    }

    private void run(final long seed, final long capacity, final int clientCount, final int most) {
        random = new Random(seed);
        clients = clientCount;
        model.clear();
        evicted = 0;
        nowMs = random.nextLong(1L << 40);
        table = ConnectionTable.allocate(capacity, 2, 1, random.nextLong());
        for (int w = 0; w < 2; w++) {
            workers[w] = table.worker(w, this::onEnd);
            workers[w].beginCycle();
        }
        for (int i = 0; i < 8_000; i++) {
            step(most);
        }
        checkListing();
        endChildren();
        // In two leaps: what is past its deadline for more than 68 minutes is no longer known as such.
        nowMs += 2_100_000;
        sweepAll();
        nowMs += 2_100_000;
        sweepAll();
        checkAllGone();
        assertEquals(evicted, workers[0].evicted() + workers[1].evicted());
        table.close();
    }

    private void step(final int most) {
        final WorkerTable worker = workers[random.nextInt(2)];
        final boolean template = random.nextInt(8) == 0;
        final int client = 1 + random.nextInt(clients);
        final int port = template || random.nextInt(16) == 0 ? 0 : 4_000;
        // One client: all entries in one chain. Many: spread.
        final long key = ConnectionKey.of(client, port, 1 + random.nextInt(clients == 1 ? 300 : 3));
        final long hash = table.hash(TCP, client, port);
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> {
                if (model.size() < most) {
                    insert(worker, key, hash, template);
                }
            }
            case 5, 6, 7 -> find(worker, key, hash, template);
            case 8, 9, 10 -> refresh(worker, key, hash, template);
            case 11 -> remove(worker, key, hash, template);
            case 12 -> nowMs += random.nextInt(3_000);
            case 13 -> worker.sweep(random.nextInt(20), nowMs);
            case 14 -> worker.beginCycle();
            default -> leap();
        }
    }

    private void leap() {
        if (random.nextInt(40) == 0) {
            nowMs += random.nextInt(30 * 60_000);
            for (final WorkerTable worker : workers) {
                worker.beginCycle();
                final long sweeps = worker.sweeps();
                while (worker.sweeps() < sweeps + 2) {
                    worker.sweep(8, nowMs);
                }
            }
            checkListing();
        }
    }

    private long newValue(final boolean template) {
        final int server = 1 + random.nextInt(65_535);
        final int timeoutSec = TIMEOUTS_SEC[random.nextInt(TIMEOUTS_SEC.length)];
        if (template) {
            final long alone = TemplateValue.of(server, timeoutSec, nowMs);
            return random.nextInt(4) == 0 ? TemplateValue.withChild(alone) : alone;
        }
        return ConnectionValue.of(TcpState.values()[random.nextInt(13)].ordinal(), server, random.nextInt(1_024), 0,
            timeoutSec, nowMs);
    }

    private static long modelKey(final long key, final boolean template) {
        // No endpoint of the test is so large.
        return template ? key | 0x8000 : key;
    }

    private Long present(final long key, final boolean template) {
        final Long value = model.get(modelKey(key, template));
        return value == null || ConnectionValue.isExpired(value, nowMs) ? null : value;
    }

    private long lookUp(final WorkerTable worker, final long key, final long hash, final boolean template) {
        return template ? worker.findTemplate(key, hash, nowMs) : worker.find(key, hash, nowMs);
    }

    /** What a model can know: a template's deadline moves on by itself as long as it has children. */
    private static long bare(final long value) {
        final long bare = value & ~(ConnectionValue.PHASE_MASK | ConnectionValue.MARK_MASK);
        return ConnectionValue.isTemplate(value) && TemplateValue.children(value) > 0
            ? ConnectionValue.withDeadline(bare, 0, 0) : bare;
    }

    private void insert(final WorkerTable worker, final long key, final long hash, final boolean template) {
        final long value = newValue(template);
        final long slot = worker.insert(key, hash, value, nowMs);
        // Looked at afterwards, since the insert may have evicted just this one.
        final Long before = present(key, template);
        if (slot == ConnectionTable.FULL) {
            assertEquals(null, before);
            assertTrue(used() >= ConnectionTable.PROBES * 4, "refused with " + used() + " slots used");
        } else if (worker.inserted()) {
            assertEquals(null, before);
            model.put(modelKey(key, template), bare(value));
        } else {
            assertEquals(before, bare(worker.value()));
        }
    }

    private int used() {
        int used = 0;
        for (long slot = 0; slot < table.slots(); slot++) {
            used += (table.value(slot) & ConnectionValue.PHASE_MASK) == ConnectionValue.FREE ? 0 : 1;
        }
        return used;
    }

    private void find(final WorkerTable worker, final long key, final long hash, final boolean template) {
        final long slot = lookUp(worker, key, hash, template);
        final Long expected = present(key, template);
        assertEquals(expected != null, slot >= 0);
        if (slot >= 0) {
            assertEquals(expected, bare(worker.value()));
            assertEquals(expected, bare(table.value(slot)));
            assertEquals(key, table.key(slot));
        }
    }

    private void refresh(final WorkerTable worker, final long key, final long hash, final boolean template) {
        final long slot = lookUp(worker, key, hash, template);
        if (slot >= 0) {
            final long update = template ? refreshedTemplate(worker.value())
                : ConnectionValue.withPacketCounted(ConnectionValue.withDeadline(
                    ConnectionValue.withState(worker.value(), random.nextInt(13)), 60, nowMs));
            assertTrue(table.compareAndSetValue(slot, worker.value(), update));
            model.put(modelKey(key, template), bare(update));
        }
    }

    private long refreshedTemplate(final long template) {
        return switch (random.nextInt(5)) {
            case 0 -> TemplateValue.withAssured(template);
            case 1 -> ConnectionValue.withDeadline(TemplateValue.withChild(template), 60, nowMs);
            default -> TemplateValue.withoutChild(template);
        };
    }

    /** Takes all children from all templates. */
    private void endChildren() {
        workers[0].beginCycle();
        for (long slot = 0; slot < table.slots(); slot++) {
            final long value = table.value(slot);
            if (ConnectionValue.isLive(value) && ConnectionValue.isTemplate(value)) {
                long alone = value;
                while (TemplateValue.children(alone) > 0) {
                    alone = TemplateValue.withoutChild(alone);
                }
                assertTrue(table.compareAndSetValue(slot, value, alone));
                model.put(modelKey(table.key(slot), true), bare(alone));
            }
        }
    }

    private void remove(final WorkerTable worker, final long key, final long hash, final boolean template) {
        final long slot = lookUp(worker, key, hash, template);
        if (slot >= 0) {
            assertTrue(worker.remove(slot, worker.value()));
            model.remove(modelKey(key, template));
        }
    }

    private void onEnd(final long key, final long value) {
        final long modelKey = modelKey(key, ConnectionValue.isTemplate(value));
        assertEquals(model.remove(modelKey), bare(value));
        if (!ConnectionValue.isExpired(value, nowMs)) {
            assertTrue(ConnectionValue.isTemplate(value) ? TemplateValue.isDispensable(value)
                : TcpState.halfOpenTimeoutMs(ConnectionValue.state(value)) > 0);
            evicted++;
        }
    }

    private void checkListing() {
        final Map<Long, Long> listed = new HashMap<>();
        final ConnectionLister lister = table.lister(0);
        for (long cursor = 0; cursor >= 0;) {
            cursor = lister.list(cursor, 5, nowMs, (key, value, remainingSec) ->
                assertEquals(null, listed.put(modelKey(key, ConnectionValue.isTemplate(value)), bare(value))));
        }
        final Map<Long, Long> expected = new HashMap<>(model);
        expected.values().removeIf(value -> ConnectionValue.isExpired(value, nowMs));
        assertEquals(expected, listed);
        assertEquals(model.size(), table.size());
        TableChecks.assertClean(table, TCP, nowMs);
    }

    private void sweepAll() {
        for (int pass = 0; pass < 6; pass++) {
            for (final WorkerTable worker : workers) {
                worker.beginCycle();
                final long sweeps = worker.sweeps();
                while (worker.sweeps() == sweeps) {
                    worker.sweep(1, nowMs);
                }
            }
            nowMs++;
        }
    }

    private void checkAllGone() {
        assertEquals(0, model.size());
        for (long slot = 0; slot < table.slots(); slot++) {
            assertEquals(0, table.value(slot), "a value or mark is left");
            assertEquals(0, table.key(slot), "a key is left");
        }
    }
}
