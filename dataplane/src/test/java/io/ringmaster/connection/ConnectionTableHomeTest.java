package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Look-ups and inserts of a batch, which know where the home line is; all keys here have one home line. */
final class ConnectionTableHomeTest {
    private static final int CLIENT = 0x0a010203;
    private static final int PORT = 40_000;

    private final ConnectionTable table = ConnectionTable.allocate(1_000, 1, 0, 42);
    private final WorkerTable worker = table.worker(0, (key, value) -> { });
    private final long hash = table.hash(6, CLIENT, PORT);
    private final long[] homes = new long[1];
    private long nowMs = 1_000_000;

    @BeforeEach
    void begin() {
        table.touch(new long[] {hash}, 1, homes);
        worker.beginCycle();
    }

    @AfterEach
    void close() {
        table.close();
    }

    private static long key(final int endpoint) {
        return ConnectionKey.of(CLIENT, PORT, endpoint);
    }

    private boolean insert(final int endpoint, final int server) {
        final long fresh = ConnectionValue.of(TcpState.SYN_RECV.ordinal(), server, 5, 0, 60, nowMs);
        return worker.insertAt(homes[0], key(endpoint), hash, fresh, nowMs);
    }

    private boolean find(final int endpoint) {
        final int[] slots = new int[1];
        table.locate(homes, new long[] {key(endpoint)}, 1, slots);
        return worker.findAt(homes[0], slots[0], key(endpoint), hash, nowMs);
    }

    private int slot(final int endpoint) {
        return (int) worker.find(key(endpoint), hash, nowMs) % TableWords.SLOTS_PER_LINE;
    }

    @Test
    void insertedIntoTheHomeLineItIsFoundAndCanBeChanged() {
        assertFalse(find(1));
        assertTrue(insert(1, 9) && worker.inserted());
        assertEquals(9, ConnectionValue.realServer(worker.value()));
        assertEquals(key(1), worker.foundKey());
        final long value = worker.value();
        assertEquals(value, worker.reloaded());
        assertTrue(worker.replaceFound(value, ConnectionValue.withPacketCounted(value)));
        assertTrue(find(1));
        assertEquals(ConnectionValue.withPacketCounted(value), worker.value());
        assertEquals(1, table.size());
        assertFalse(find(2));
    }

    @Test
    void madeSinceTheBatchWasLookedAtItIsFoundAllTheSame() {
        insert(1, 9);
        assertTrue(worker.findAt(homes[0], 0, key(1), hash, nowMs));
        assertEquals(9, ConnectionValue.realServer(worker.value()));
    }

    @Test
    void anInsertOfAKeyThatIsThereAnswersThatOne() {
        insert(1, 9);
        assertTrue(insert(1, 10));
        assertFalse(worker.inserted());
        assertEquals(9, ConnectionValue.realServer(worker.value()));
        assertEquals(key(1), worker.foundKey());
        assertEquals(1, table.size());
    }

    @Test
    void whatFindsTheHomeLineFullLiesBehindItAndIsFound() {
        for (int endpoint = 1; endpoint <= 10; endpoint++) {
            assertFalse(find(endpoint));
            assertTrue(insert(endpoint, endpoint) && worker.inserted());
            assertEquals(key(endpoint), worker.foundKey());
        }
        for (int endpoint = 1; endpoint <= 10; endpoint++) {
            assertTrue(find(endpoint));
            assertEquals(endpoint, ConnectionValue.realServer(worker.value()));
        }
        assertEquals(10, table.size());
        assertFalse(find(11));
    }

    @Test
    void behindAPassedHomeLineAKeyIsNotInsertedTwice() {
        for (int endpoint = 1; endpoint <= 5; endpoint++) {
            insert(endpoint, endpoint);
        }
        worker.find(key(2), hash, nowMs);
        assertTrue(worker.removeFound(worker.value()));
        newCycles();
        // The home line has room again, and the fifth lies behind it.
        assertTrue(insert(5, 7));
        assertFalse(worker.inserted());
        assertEquals(5, ConnectionValue.realServer(worker.value()));
        assertEquals(4, table.size());
    }

    @Test
    void aSlotIsTakenAgainOnlyInALaterCycle() {
        insert(1, 1);
        assertTrue(worker.removeFound(worker.value()));
        insert(2, 2);
        assertEquals(1, slot(2));
        newCycles();
        insert(3, 3);
        assertEquals(0, slot(3));
    }

    private void newCycles() {
        for (int i = 0; i < 4; i++) {
            nowMs++;
            worker.beginCycle();
            worker.sweep(0, nowMs);
        }
    }

    @Test
    void bitsOfSlotsThatCanBeHadSayWhatEachSlotSays() {
        final long oldestCycle = 1_000;
        final long[] cycles = {0, 1, oldestCycle - 1, oldestCycle, oldestCycle + 1, (1L << 60) - 1};
        final TableWords words = table.words();
        for (int phase = 0; phase < 4; phase++) {
            for (int i = 0; i < cycles.length * 4; i++) {
                final int slot = i % 4;
                final long value = phase | cycles[i / 4] << ConnectionValue.CYCLE_SHIFT;
                final long seen = words.valueAcquire(homes[0], slot);
                assertEquals(seen, words.exchangeValue(homes[0], slot, seen, value));
                final int bits = table.life().claimableSlots(homes[0], oldestCycle);
                assertEquals(SlotLife.isClaimable(value, oldestCycle), (bits >> slot & 1) != 0,
                    () -> Long.toHexString(value) + " in slot " + slot);
                assertEquals(0, bits >> 4);
            }
        }
    }
}
