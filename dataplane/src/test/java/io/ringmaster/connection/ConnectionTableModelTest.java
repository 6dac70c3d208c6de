package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TestWorker.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten million random operations by two workers in one thread, with a clock that leaps, against a map; narrow and wide
 * keys by halves. The seed is in the message of a failure, with the property that runs it again.
 */
final class ConnectionTableModelTest {
    private static final long SEED = Long.getLong("ringmaster.seed", System.nanoTime());
    private static final long OPERATIONS = Long.getLong("ringmaster.operations", 10_000_000);
    // 5 cases, 2 forms.
    private static final int RUNS = 10;
    private static final int ROUND_OPERATIONS = 8_000;
    private static final int[] TIMEOUTS_SEC = {0, 3, 10, 60, 900, 4_000};

    private final Map<Key, Long> model = new HashMap<>();
    private final TestWorker[] workers = new TestWorker[2];
    private Random random;
    private ConnectionTable table;
    private int clients;
    private long nowMs;
    private long evicted;

    @ParameterizedTest
    @CsvSource({"NARROW, 1, 2, 70", "NARROW, 1, 90, 90", "NARROW, 1, 1, 255", "NARROW, 500, 300, 400",
        "NARROW, 5000, 3000, 2000", "WIDE, 1, 2, 40", "WIDE, 1, 60, 50", "WIDE, 1, 1, 127", "WIDE, 500, 300, 400",
        "WIDE, 5000, 3000, 2000"})
    void behavesAsAMap(final TableForm form, final long capacity, final int clientCount, final int most) {
        for (long round = 0; round * RUNS * ROUND_OPERATIONS < OPERATIONS; round++) {
            final long seed = SEED + round;
            try {
                run(form, seed, capacity, clientCount, most);
            } catch (final AssertionError e) {
                throw new AssertionError("seed " + seed + " (-Dringmaster.seed=" + seed + "): " + e.getMessage(),
                    e);
            }
        }
    }

    private void run(final TableForm form, final long seed, final long capacity, final int clientCount,
                     final int most) {
        random = new Random(seed);
        clients = clientCount;
        model.clear();
        evicted = 0;
        nowMs = random.nextLong(1L << 40);
        table = ConnectionTable.allocate(form, capacity, 2, 1, random.nextLong());
        for (int w = 0; w < 2; w++) {
            workers[w] = new TestWorker(table, w, this::onEnd);
            workers[w].share().beginCycle();
        }
        for (int i = 0; i < ROUND_OPERATIONS; i++) {
            step(most);
        }
        checkListing();
        TableChecks.assertClean(table, TestWorker.TCP, nowMs);
        endChildren();
        // In two leaps: what is past its deadline for more than 68 minutes is no longer known as such.
        nowMs += 2_100_000;
        sweepAll();
        nowMs += 2_100_000;
        sweepAll();
        checkAllGone();
        assertEquals(evicted, workers[0].share().evicted() + workers[1].share().evicted());
        table.close();
    }

    private void step(final int most) {
        final TestWorker worker = workers[random.nextInt(2)];
        final boolean template = random.nextInt(8) == 0;
        final int client = 1 + random.nextInt(clients);
        final int port = template || random.nextInt(16) == 0 ? 0 : 4_000;
        // One client: all entries in one chain. Many: spread.
        final Key key = Key.of(table.form(), client, port, 1 + random.nextInt(clients == 1 ? 300 : 3), template);
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> {
                if (model.size() < most) {
                    insert(worker, key);
                }
            }
            case 5, 6, 7 -> find(worker, key);
            case 8, 9, 10 -> refresh(worker, key);
            case 11 -> remove(worker, key);
            case 12 -> nowMs += random.nextInt(3_000);
            case 13 -> worker.share().sweep(random.nextInt(20), nowMs);
            case 14 -> worker.share().beginCycle();
            default -> leap();
        }
    }

    private void leap() {
        if (random.nextInt(40) == 0) {
            nowMs += random.nextInt(30 * 60_000);
            for (final TestWorker worker : workers) {
                worker.share().beginCycle();
                final long sweeps = worker.share().sweeps();
                while (worker.share().sweeps() < sweeps + 2) {
                    worker.share().sweep(8, nowMs);
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
        return ConnectionValue.of(random.nextInt(TcpState.UDP.ordinal()), server, random.nextInt(1_024), 0,
            timeoutSec, nowMs);
    }

    private Long present(final Key key) {
        final Long value = model.get(key);
        return value == null || ConnectionValue.isExpired(value, nowMs) ? null : value;
    }

    /** What a model can know: a template's deadline moves on by itself as long as it has children. */
    private static long bare(final long value) {
        final long bare = value & ~(ConnectionValue.PHASE_MASK | ConnectionValue.MARK_MASK);
        return ConnectionValue.isTemplate(value) && TemplateValue.children(value) > 0
            ? ConnectionValue.withDeadline(bare, 0, 0) : bare;
    }

    private void insert(final TestWorker worker, final Key key) {
        final long value = newValue(key.template());
        final long slot = worker.insert(key, value, nowMs);
        // Looked at afterwards, since the insert may have evicted just this one.
        final Long before = present(key);
        if (slot == ConnectionTable.FULL) {
            assertEquals(null, before);
            assertTrue(used() >= ConnectionTable.PROBES * table.form().entriesPerLine(),
                "refused with " + used() + " slots used");
        } else if (worker.share().inserted()) {
            assertEquals(null, before);
            model.put(key, bare(value));
        } else {
            assertEquals(before, bare(worker.share().value()));
        }
    }

    private int used() {
        int used = 0;
        for (long slot = 0; slot < table.slots(); slot += table.form().slotStep()) {
            used += (table.value(slot) & ConnectionValue.PHASE_MASK) == ConnectionValue.FREE ? 0 : 1;
        }
        return used;
    }

    private void find(final TestWorker worker, final Key key) {
        final long slot = worker.find(key, nowMs);
        final Long expected = present(key);
        assertEquals(expected != null, slot >= 0);
        if (slot >= 0) {
            assertEquals(expected, bare(worker.share().value()));
            assertEquals(expected, bare(table.value(slot)));
            assertEquals(key.word(), table.key(slot));
            assertEquals(TestWorker.hash(table, key), table.hashOfClass(0, at(slot), (int) slot & 3, key.word()));
        }
    }

    private void refresh(final TestWorker worker, final Key key) {
        final long slot = worker.find(key, nowMs);
        if (slot >= 0) {
            final long update = key.template() ? refreshedTemplate(worker.share().value())
                : ConnectionValue.withPacketCounted(ConnectionValue.withDeadline(
                    ConnectionValue.withState(worker.share().value(), random.nextInt(TcpState.UDP.ordinal())), 60,
                    nowMs));
            assertTrue(table.compareAndSetValue(slot, worker.share().value(), update));
            model.put(key, bare(update));
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
        workers[0].share().beginCycle();
        for (long slot = 0; slot < table.slots(); slot += table.form().slotStep()) {
            final long value = table.value(slot);
            if (ConnectionValue.isLive(value) && ConnectionValue.isTemplate(value)) {
                long alone = value;
                while (TemplateValue.children(alone) > 0) {
                    alone = TemplateValue.withoutChild(alone);
                }
                assertTrue(table.compareAndSetValue(slot, value, alone));
                model.put(keyOfTemplate(slot), bare(alone));
            }
        }
    }

    private Key keyOfTemplate(final long slot) {
        final long word = table.key(slot);
        return table.form() == TableForm.NARROW ? new Key(0, ConnectionKey.clientAddress(word), word, true)
            : new Key(table.addressHigh(slot), table.addressLow(slot), word, true);
    }

    private long at(final long slot) {
        return table.words().at(slot >>> ConnectionTable.SLOT_SHIFT);
    }

    private void remove(final TestWorker worker, final Key key) {
        final long slot = worker.find(key, nowMs);
        if (slot >= 0) {
            assertTrue(worker.share().remove(slot, worker.share().value()));
            model.remove(key);
        }
    }

    private void onEnd(final Key key, final long value) {
        assertEquals(model.remove(key), bare(value));
        if (!ConnectionValue.isExpired(value, nowMs)) {
            assertTrue(ConnectionValue.isTemplate(value) ? TemplateValue.isDispensable(value)
                : TcpState.halfOpenTimeoutMs(ConnectionValue.state(value)) > 0);
            evicted++;
        }
    }

    private void checkListing() {
        final Map<Key, Long> listed = new HashMap<>();
        TestWorker.list(table, 5, nowMs, (key, value) -> assertEquals(null, listed.put(key, bare(value))));
        final Map<Key, Long> expected = new HashMap<>(model);
        expected.values().removeIf(value -> ConnectionValue.isExpired(value, nowMs));
        assertEquals(expected, listed);
        assertEquals(model.size(), table.size());
        TableChecks.assertEntriesClean(table, TestWorker.TCP, nowMs);
    }

    private void sweepAll() {
        for (int pass = 0; pass < 6; pass++) {
            for (final TestWorker worker : workers) {
                worker.share().beginCycle();
                final long sweeps = worker.share().sweeps();
                while (worker.share().sweeps() == sweeps) {
                    worker.share().sweep(1, nowMs);
                }
            }
            nowMs++;
        }
    }

    private void checkAllGone() {
        assertEquals(0, model.size());
        for (long slot = 0; slot < table.slots(); slot += table.form().slotStep()) {
            assertEquals(0, table.value(slot), "a value or mark is left");
            assertEquals(0, table.key(slot), "a key is left");
        }
    }
}
