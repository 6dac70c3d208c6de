package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table as one worker sees it: tables of cases with a clock that is set by hand. */
final class ConnectionTableTest {
    private static final int TCP = 6;
    private static final int CLIENT = 0x0a010203;
    private static final int PORT = 40_000;

    private final List<long[]> ended = new ArrayList<>();
    private ConnectionTable table = ConnectionTable.allocate(1_000, 2, 1, 42);
    private WorkerTable worker = worker(table, 0);
    private long nowMs = 1_000_000;

    @AfterEach
    void close() {
        table.close();
    }

    private WorkerTable worker(final ConnectionTable of, final int number) {
        final WorkerTable made = of.worker(number, (key, value) -> ended.add(new long[] {key, value}));
        made.beginCycle();
        return made;
    }

    private long value(final TcpState state, final int server, final int timeoutSec) {
        return ConnectionValue.of(state.ordinal(), server, 5, 0, timeoutSec, nowMs);
    }

    private long hash(final int client, final int port) {
        return table.hash(TCP, client, port);
    }

    private void newCycles(final WorkerTable... workers) {
        for (int i = 0; i < 4; i++) {
            nowMs++;
            for (final WorkerTable each : workers) {
                each.beginCycle();
                each.sweep(0, nowMs);
            }
        }
    }

    @Test
    void whatWasInsertedIsFoundWithItsValue() {
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        final long fresh = value(TcpState.NEW, 9, 3);
        final long slot = worker.insert(key, hash(CLIENT, PORT), fresh, nowMs);
        assertTrue(slot >= 0 && worker.inserted());
        assertEquals(slot, worker.find(key, hash(CLIENT, PORT), nowMs));
        assertEquals(9, ConnectionValue.realServer(worker.value()));
        assertEquals(5, ConnectionValue.nextHop(table.value(slot)));
        assertEquals(key, table.key(slot));
        assertEquals(1, table.size());
        assertEquals(ConnectionTable.NOT_FOUND,
            worker.find(ConnectionKey.of(CLIENT, PORT, 8), hash(CLIENT, PORT), nowMs));
    }

    @Test
    void secondInsertOfAKeyAnswersTheFirst() {
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        final long slot = worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs);
        assertEquals(slot, worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 10, 3), nowMs));
        assertFalse(worker.inserted());
        assertEquals(9, ConnectionValue.realServer(worker.value()));
        assertEquals(1, table.size());
    }

    @Test
    void deadlineEndsItForLookUpsAtOnceAndForTheTableAtTheSweep() {
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs);
        nowMs += 3_000;
        assertTrue(worker.find(key, hash(CLIENT, PORT), nowMs) >= 0);
        nowMs += 250;
        assertEquals(ConnectionTable.NOT_FOUND, worker.find(key, hash(CLIENT, PORT), nowMs));
        assertEquals(1, table.size());
        final WorkerTable other = worker(table, 1);
        final int lines = (int) table.slots() / 4;
        assertEquals(1, worker.sweep(lines, nowMs) + other.sweep(lines, nowMs));
        assertEquals(1, ended.size());
        assertEquals(key, ended.get(0)[0]);
        assertEquals(9, ConnectionValue.realServer(ended.get(0)[1]));
        assertEquals(0, table.size());
    }

    @Test
    void refreshKeepsItAndAnOldValueIsRefused() {
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        final long slot = worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs);
        final long first = worker.value();
        final long second = ConnectionValue.withDeadline(ConnectionValue.withState(first, 1), 900, nowMs);
        assertTrue(table.compareAndSetValue(slot, first, second));
        assertFalse(table.compareAndSetValue(slot, first, second));
        nowMs += 899_000;
        assertEquals(slot, worker.find(key, hash(CLIENT, PORT), nowMs));
        assertEquals(TcpState.ESTABLISHED.ordinal(), ConnectionValue.state(worker.value()));
    }

    @Test
    void removedSlotIsNotUsedAgainWhileAnotherWorkerMayHoldIt() {
        final WorkerTable other = worker(table, 1);
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        final long slot = worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs);
        assertEquals(slot, other.find(key, hash(CLIENT, PORT), nowMs));
        assertTrue(worker.remove(slot, worker.value()));
        assertFalse(other.remove(slot, other.value()));
        assertFalse(ConnectionValue.isLive(table.value(slot)));
        newCycles(worker);
        assertFalse(slot == worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs));
        assertTrue(worker.remove(worker.find(key, hash(CLIENT, PORT), nowMs), worker.value()));
        newCycles(worker, other);
        assertEquals(slot, worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs));
        assertEquals(0, ended.size());
    }

    @Test
    void workerThatWentAbsentHoldsUpNobody() {
        final WorkerTable other = worker(table, 1);
        other.goAbsent();
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        final long slot = worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs);
        assertTrue(worker.remove(slot, worker.value()));
        newCycles(worker);
        assertEquals(slot, worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs));
    }

    @Test
    void insertOverAnExpiredTwinEndsIt() {
        final long key = ConnectionKey.of(CLIENT, PORT, 7);
        worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 9, 3), nowMs);
        nowMs += 4_000;
        worker.insert(key, hash(CLIENT, PORT), value(TcpState.NEW, 10, 3), nowMs);
        assertTrue(worker.inserted());
        assertEquals(1, ended.size());
        assertEquals(9, ConnectionValue.realServer(ended.get(0)[1]));
        assertEquals(10, ConnectionValue.realServer(worker.value()));
    }

    @Test
    void templateAndConnectionOfPortZeroAreTwo() {
        final long key = ConnectionKey.of(CLIENT, 0, 7);
        final long template = ConnectionValue.of(0, 3, 0, ConnectionValue.TEMPLATE, 300, nowMs);
        final long first = worker.insert(key, hash(CLIENT, 0), template, nowMs);
        assertEquals(ConnectionTable.NOT_FOUND, worker.find(key, hash(CLIENT, 0), nowMs));
        final long second = worker.insert(key, hash(CLIENT, 0), value(TcpState.NEW, 4, 3), nowMs);
        assertTrue(worker.inserted());
        assertEquals(first, worker.findTemplate(key, hash(CLIENT, 0), nowMs));
        assertEquals(second, worker.find(key, hash(CLIENT, 0), nowMs));
        assertEquals(first, worker.insert(key, hash(CLIENT, 0), template, nowMs));
    }

    @Test
    void replyIsKnownByItsRealServerAndAmbiguityIsCounted() {
        final long[] replyKeys = {0, 0, 111, 222, 222};
        final long hash = hash(CLIENT, PORT);
        worker.insert(ConnectionKey.of(CLIENT, PORT, 7), hash, value(TcpState.ESTABLISHED, 2, 900), nowMs);
        final long old = worker.insert(ConnectionKey.of(CLIENT, PORT, 8), hash, value(TcpState.ESTABLISHED, 3, 900),
            nowMs);
        assertEquals(old, worker.findReply(CLIENT, PORT, hash, 222, replyKeys, 16, nowMs));
        assertEquals(0, worker.ambiguous());
        final long half = worker.insert(ConnectionKey.of(CLIENT, PORT, 9), hash, value(TcpState.SYN_RECV, 4, 60),
            nowMs);
        assertEquals(half, worker.findReply(CLIENT, PORT, hash, 222, replyKeys, 18, nowMs));
        assertEquals(4, ConnectionValue.realServer(worker.value()));
        assertEquals(old, worker.findReply(CLIENT, PORT, hash, 222, replyKeys, 16, nowMs));
        assertEquals(3, ConnectionValue.realServer(worker.value()));
        assertEquals(2, worker.ambiguous());
        assertEquals(ConnectionTable.NOT_FOUND, worker.findReply(CLIENT, PORT, hash, 333, replyKeys, 16, nowMs));
        assertEquals(ConnectionTable.NOT_FOUND, worker.findReply(CLIENT, PORT + 1, hash(CLIENT, PORT + 1), 222,
            replyKeys, 16, nowMs));
    }

    @Test
    void oneClientPortReaches256ServicesAndTheRestIsRefused() {
        final long hash = hash(CLIENT, PORT);
        for (int endpoint = 1; endpoint <= 256; endpoint++) {
            assertTrue(worker.insert(ConnectionKey.of(CLIENT, PORT, endpoint), hash,
                value(TcpState.ESTABLISHED, endpoint, 900), nowMs) >= 0);
        }
        assertEquals(ConnectionTable.FULL, worker.insert(ConnectionKey.of(CLIENT, PORT, 257), hash,
            value(TcpState.ESTABLISHED, 1, 900), nowMs));
        for (int endpoint = 1; endpoint <= 256; endpoint++) {
            assertTrue(worker.find(ConnectionKey.of(CLIENT, PORT, endpoint), hash, nowMs) >= 0);
        }
        assertEquals(ConnectionTable.NOT_FOUND, worker.find(ConnectionKey.of(CLIENT, PORT, 257), hash, nowMs));
        assertEquals(0, worker.evicted());
        // A twin is answered even where there is no room.
        assertTrue(worker.insert(ConnectionKey.of(CLIENT, PORT, 77), hash, value(TcpState.NEW, 1, 3), nowMs) >= 0);
        assertEquals(77, ConnectionValue.realServer(worker.value()));
    }

    @Test
    void oldestHalfOpenGivesWayInAFullNeighbourhood() {
        final long hash = hash(CLIENT, PORT);
        final int crowded = Inserter.CROWDED_LINES * 4;
        for (int endpoint = 1; endpoint <= crowded; endpoint++) {
            nowMs += endpoint == 50 ? -10_000 : endpoint == 51 ? 10_000 : 0;
            worker.insert(ConnectionKey.of(CLIENT, PORT, endpoint), hash,
                value(endpoint % 2 == 0 ? TcpState.SYN_RECV : TcpState.ESTABLISHED, endpoint, 60), nowMs);
        }
        assertEquals(0, ended.size());
        worker.insert(ConnectionKey.of(CLIENT, PORT, crowded + 1), hash, value(TcpState.SYN_RECV, 1, 60), nowMs);
        assertTrue(worker.inserted());
        assertEquals(1, ended.size());
        assertEquals(50, ConnectionKey.endpoint(ended.get(0)[0]));
        assertEquals(1, worker.evicted());
        // A flood: each new one finds room that an earlier one made.
        for (int endpoint = crowded + 2; endpoint < 5_000; endpoint++) {
            final long slot = worker.insert(ConnectionKey.of(CLIENT, PORT, endpoint), hash,
                value(TcpState.SYN_RECV, 1, 60), nowMs);
            assertTrue(worker.inserted(), () -> "slot " + slot + " after " + ended.size() + " ended");
            newCycles(worker);
        }
        for (int endpoint = 1; endpoint <= crowded; endpoint += 2) {
            assertTrue(worker.find(ConnectionKey.of(CLIENT, PORT, endpoint), hash, nowMs) >= 0);
        }
    }

    @Test
    void overflowMarksGoAwayWithTheEntriesThatPassed() {
        final WorkerTable other = worker(table, 1);
        final long hash = hash(CLIENT, PORT);
        for (int endpoint = 1; endpoint <= 100; endpoint++) {
            worker.insert(ConnectionKey.of(CLIENT, PORT, endpoint), hash,
                value(TcpState.NEW, 1, endpoint == 100 ? 60 : 3), nowMs);
        }
        nowMs += 4_000;
        for (int pass = 0; pass < 4; pass++) {
            newCycles(worker, other);
            sweepAll(worker);
            sweepAll(other);
        }
        assertTrue(worker.find(ConnectionKey.of(CLIENT, PORT, 100), hash, nowMs) >= 0);
        assertEquals(24, marks());
        nowMs += 60_000;
        for (int pass = 0; pass < 4; pass++) {
            newCycles(worker, other);
            sweepAll(worker);
            sweepAll(other);
        }
        assertEquals(0, marks());
        for (int slot = 0; slot < table.slots(); slot++) {
            assertEquals(0, table.value(slot));
        }
    }

    @Test
    void markStaysWhileAnInserterMayRelyOnIt() {
        final WorkerTable other = worker(table, 1);
        int port = 1;
        while (table.line(hash(CLIENT, port)) > table.slots() / 16) {
            port++;
        }
        final long hash = hash(CLIENT, port);
        for (int endpoint = 1; endpoint <= 5; endpoint++) {
            worker.insert(ConnectionKey.of(CLIENT, port, endpoint), hash, value(TcpState.ESTABLISHED, 1, 900), nowMs);
        }
        newCycles(worker, other);
        for (int endpoint = 4; endpoint <= 5; endpoint++) {
            final long slot = worker.find(ConnectionKey.of(CLIENT, port, endpoint), hash, nowMs);
            assertTrue(worker.remove(slot, worker.value()));
        }
        newCycles(worker, other);
        // From here on the other worker is within a cycle: it may have seen the mark SET and be about to pass the line.
        for (int pass = 0; pass < 6; pass++) {
            newCycles(worker);
            sweepAll(worker);
            assertEquals(1, marks());
        }
        for (int pass = 0; pass < 3; pass++) {
            newCycles(worker, other);
            sweepAll(worker);
        }
        assertEquals(0, marks());
        for (int endpoint = 1; endpoint <= 3; endpoint++) {
            assertTrue(worker.find(ConnectionKey.of(CLIENT, port, endpoint), hash, nowMs) >= 0);
        }
    }

    private void sweepAll(final WorkerTable swept) {
        final long sweeps = swept.sweeps();
        while (swept.sweeps() == sweeps) {
            swept.sweep(1, nowMs);
        }
    }

    private int marks() {
        int marks = 0;
        for (long slot = 0; slot < table.slots(); slot++) {
            marks += (table.value(slot) & ConnectionValue.MARK_MASK) == 0 ? 0 : 1;
        }
        return marks;
    }

    @Test
    void listerSeesEachConnectionOnce() {
        for (int port = 1; port <= 500; port++) {
            worker.insert(ConnectionKey.of(CLIENT, port, 7), hash(CLIENT, port), value(TcpState.NEW, port, 3), nowMs);
        }
        final ConnectionLister lister = table.lister(0);
        final boolean[] seen = new boolean[501];
        long cursor = 0;
        while (cursor >= 0) {
            cursor = lister.list(cursor, 7, nowMs + 1_000, (key, value, remainingSec) -> {
                final int port = ConnectionKey.clientPort(key);
                assertFalse(seen[port]);
                assertEquals(port, ConnectionValue.realServer(value));
                assertEquals(2, remainingSec);
                seen[port] = true;
            });
        }
        for (int port = 1; port <= 500; port++) {
            assertTrue(seen[port]);
        }
        assertThrows(IllegalArgumentException.class, () -> lister.list(-1, 7, nowMs, (key, value, remaining) -> { }));
    }

    @Test
    void dueSweepTakesOneSecondForAPass() {
        final WorkerTable only = ConnectionTable.allocate(100_000, 1, 0, 1).worker(0, (key, value) -> { });
        only.beginCycle();
        for (int ms = 0; ms <= 5_000; ms += 10) {
            only.sweepDue(1_000, nowMs + ms);
        }
        assertEquals(5, only.sweeps(), 1);
    }

    @Test
    void blocksOfGivenMemory() {
        try (Arena arena = Arena.ofShared()) {
            final List<MemorySegment> blocks = new ArrayList<>();
            for (long bytes = ConnectionTable.memoryBytes(1_000); bytes > 0; bytes -= 4_096) {
                blocks.add(arena.allocate(4_096, 64));
            }
            table.close();
            table = ConnectionTable.over(blocks, 1_000, 1, 0);
            worker = worker(table, 0);
            for (int port = 1; port <= 1_000; port++) {
                worker.insert(ConnectionKey.of(CLIENT, port, 7), hash(CLIENT, port), value(TcpState.NEW, port, 3),
                    nowMs);
                assertTrue(worker.inserted());
            }
            for (int port = 1; port <= 1_000; port++) {
                assertTrue(worker.find(ConnectionKey.of(CLIENT, port, 7), hash(CLIENT, port), nowMs) >= 0);
            }
            assertThrows(IllegalArgumentException.class, () -> ConnectionTable.over(blocks, 10_000, 1, 0));
            blocks.set(0, blocks.get(0).asSlice(8));
            assertThrows(IllegalArgumentException.class, () -> ConnectionTable.over(blocks, 900, 1, 0));
        }
    }

    @Test
    void outOfRangeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ConnectionTable.allocate(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> ConnectionTable.allocate(1L << 40, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> ConnectionTable.allocate(1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> table.worker(2, null));
        assertThrows(IllegalArgumentException.class, () -> table.lister(1));
    }

    @Test
    void aConnectionCostsAtMost28Bytes() {
        for (long capacity = 10_000; capacity <= 200_000_000; capacity *= 10) {
            assertTrue(ConnectionTable.memoryBytes(capacity) <= 28 * capacity);
        }
    }
}
