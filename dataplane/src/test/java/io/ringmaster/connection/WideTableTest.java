package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the wide form has of its own: keys of three words, replies to services of all ports, its size. */
final class WideTableTest {
    private static final int TCP = 6;
    private static final long HIGH = 0x2001_0db8_0000_0001L;
    private static final long LOW = 0x8000_0000_0000_0002L;
    private static final int PORT = 40_000;

    private final List<long[]> ended = new ArrayList<>();
    private final ConnectionTable table = ConnectionTable.allocate(TableForm.WIDE, 1_000, 1, 1, 42);
    private final WideWorkerTable worker = table.wideWorker(0, (high, low, key, value) ->
        ended.add(new long[] {high, low, key, ConnectionValue.realServer(value)}));
    private long nowMs = 1_000_000;

    WideTableTest() {
        worker.beginCycle();
    }

    @AfterEach
    void close() {
        table.close();
    }

    private long insert(final long key, final long high, final long low, final TcpState state, final int server) {
        return worker.insert(key, high, low, hash(high, low), ConnectionValue.of(state.ordinal(), server, 5, 0, 60,
            nowMs), nowMs);
    }

    private long hash(final long high, final long low) {
        return table.wideHash(TCP, high, low, PORT);
    }

    @Test
    void keyIsWhatItWasMadeOf() {
        final long key = WideKey.of(65_535, 65_534, 65_533, 65_532);
        assertEquals(65_535, WideKey.clientPort(key));
        assertEquals(65_534, WideKey.endpoint(key));
        assertEquals(65_533, WideKey.variant(key));
        assertEquals(65_532, WideKey.destinationPort(key));
        assertEquals(WideKey.of(1, 2, 0, 0), WideKey.of(1, 2));
        assertEquals(WideKey.ofReply(1, 3, 4), WideKey.ofReply(WideKey.of(1, 2, 3, 4)));
        assertTrue(WideKey.isMapped(0, WideKey.mapped(0xffff_ffff)) && WideKey.isMapped(0, WideKey.mapped(1)));
        assertFalse(WideKey.isMapped(1, WideKey.mapped(1)) || WideKey.isMapped(0, 1));
        assertEquals(0x0000_ffff_c0a8_0001L, WideKey.mapped(0xc0a8_0001));
    }

    @Test
    void eachWordOfAKeyCounts() {
        final long key = WideKey.of(PORT, 7, 1, 2);
        final long slot = insert(key, HIGH, LOW, TcpState.NEW, 9);
        assertTrue(slot >= 0 && worker.inserted());
        assertEquals(slot, worker.find(key, HIGH, LOW, hash(HIGH, LOW), nowMs));
        assertEquals(9, ConnectionValue.realServer(worker.value()));
        assertEquals(HIGH, table.addressHigh(slot));
        assertEquals(LOW, table.addressLow(slot));
        for (int bit = 0; bit < Long.SIZE; bit++) {
            final long flip = 1L << bit;
            // With the same hash, as keys have that meet in a line.
            assertEquals(ConnectionTable.NOT_FOUND, worker.find(key ^ flip, HIGH, LOW, hash(HIGH, LOW), nowMs));
            assertEquals(ConnectionTable.NOT_FOUND, worker.find(key, HIGH ^ flip, LOW, hash(HIGH, LOW), nowMs));
            assertEquals(ConnectionTable.NOT_FOUND, worker.find(key, HIGH, LOW ^ flip, hash(HIGH, LOW), nowMs));
        }
        assertEquals(slot, insert(key, HIGH, LOW, TcpState.NEW, 10));
        assertFalse(worker.inserted());
    }

    @Test
    void addressOfAnEndedConnectionMeansNothing() {
        final long key = WideKey.of(PORT, 7);
        assertTrue(worker.remove(insert(key, HIGH, LOW, TcpState.NEW, 9), worker.value()));
        assertEquals(ConnectionTable.NOT_FOUND, worker.find(key, HIGH, LOW, hash(HIGH, LOW), nowMs));
        // No endpoint is 0, but a key of zeros would fit a cleared slot with this address.
        assertEquals(ConnectionTable.NOT_FOUND, worker.find(0, HIGH, LOW, hash(HIGH, LOW), nowMs));
        assertEquals(ConnectionTable.NOT_FOUND,
            worker.findReply(0, HIGH, LOW, hash(HIGH, LOW), 111, new long[10], 16, nowMs));
    }

    @Test
    void endTellsTheWholeKey() {
        final long key = WideKey.of(PORT, 7, 0, 443);
        insert(key, HIGH, LOW, TcpState.NEW, 9);
        nowMs += 61_000;
        assertEquals(1, worker.sweep((int) table.slots() / 4, nowMs));
        assertEquals(1, ended.size());
        assertArrayEquals(new long[] {HIGH, LOW, key, 9}, ended.get(0));
    }

    @Test
    void replyFindsAServiceOfAllPortsByItsPort() {
        final long[] replyKeys = {0, 111, 222};
        insert(WideKey.of(PORT, 7, 0, 80), HIGH, LOW, TcpState.ESTABLISHED, 1);
        final long other = insert(WideKey.of(PORT, 7, 0, 81), HIGH, LOW, TcpState.ESTABLISHED, 1);
        final long single = insert(WideKey.of(PORT, 8), HIGH, LOW, TcpState.ESTABLISHED, 2);
        final long hash = hash(HIGH, LOW);
        assertEquals(other, worker.findReply(WideKey.ofReply(PORT, 0, 81), HIGH, LOW, hash, 111, replyKeys, 16, nowMs));
        assertEquals(single, worker.findReply(WideKey.ofReply(PORT, 0, 0), HIGH, LOW, hash, 222, replyKeys, 16, nowMs));
        assertEquals(ConnectionTable.NOT_FOUND,
            worker.findReply(WideKey.ofReply(PORT, 0, 0), HIGH, LOW, hash, 111, replyKeys, 16, nowMs));
        assertEquals(ConnectionTable.NOT_FOUND,
            worker.findReply(WideKey.ofReply(PORT, 0, 81), HIGH, LOW + 1, hash, 111, replyKeys, 16, nowMs));
        assertEquals(0, worker.ambiguous());
        final long half = insert(WideKey.of(PORT, 9), HIGH, LOW, TcpState.SYN_RECV, 2);
        assertEquals(half, worker.findReply(WideKey.ofReply(PORT, 0, 0), HIGH, LOW, hash, 222, replyKeys, 18, nowMs));
        assertEquals(1, worker.ambiguous());
    }

    /** They lie where their client alone puts them, whatever it asked for: what they passed stays marked. */
    @Test
    void connectionsOfAMarkAreFoundBehindALineWithRoom() {
        final long key = WideKey.of(PORT, 7, TCP, 80);
        final long low = WideKey.mapped(0x0a09_0101);
        final long hash = hash(0, low);
        final int displaced = 6;
        long first = 0;
        for (int i = 0; i < displaced; i++) {
            final long slot = worker.insert(key, WideKey.wanted(i + 1), low, hash,
                ConnectionValue.of(TcpState.ESTABLISHED.ordinal(), 9, 5, 0, 60, nowMs), nowMs);
            first = i == 0 ? slot : first;
        }
        worker.find(key, WideKey.wanted(1), low, hash, nowMs);
        assertTrue(worker.remove(first, worker.value()));
        for (int pass = 0; pass < 8; pass++) {
            nowMs++;
            worker.beginCycle();
            worker.sweep((int) table.slots() / 4, nowMs);
        }
        for (int i = 1; i < displaced; i++) {
            assertTrue(worker.find(key, WideKey.wanted(i + 1), low, hash, nowMs) >= 0, "connection " + i);
        }
    }

    @Test
    void templatesAndConnectionsOfPortZeroAreTwo() {
        final long key = WideKey.of(0, 7);
        final long hash = table.wideHash(TCP, HIGH, LOW, 0);
        final long template = worker.insert(key, HIGH, LOW, hash, TemplateValue.of(3, 300, nowMs), nowMs);
        assertEquals(ConnectionTable.NOT_FOUND, worker.find(key, HIGH, LOW, hash, nowMs));
        assertEquals(template, worker.findTemplate(key, HIGH, LOW, hash, nowMs));
    }

    @Test
    void formsAreNotMixedUp() {
        assertEquals(TableForm.WIDE, table.form());
        assertThrows(IllegalArgumentException.class, () -> table.worker(0, (key, value) -> { }));
        assertThrows(IllegalArgumentException.class, () -> table.lister(0).list(0, 1, 0, (key, value, sec) -> { }));
        assertThrows(IllegalArgumentException.class, () -> table.wideWorker(1, (high, low, key, value) -> { }));
        try (ConnectionTable narrow = ConnectionTable.allocate(1, 1, 1)) {
            assertEquals(TableForm.NARROW, narrow.form());
            assertThrows(IllegalArgumentException.class, () -> narrow.wideWorker(0, (high, low, key, value) -> { }));
            assertThrows(IllegalArgumentException.class,
                () -> narrow.lister(0).listWide(0, 1, 0, (high, low, key, value, sec) -> { }));
        }
    }

    @Test
    void aConnectionCostsAtMost56Bytes() {
        for (long capacity = 10_000; capacity <= 200_000_000; capacity *= 10) {
            assertTrue(TableForm.WIDE.memoryBytes(capacity) <= 56 * capacity);
        }
        try (Arena arena = Arena.ofShared()) {
            final long bytes = TableForm.WIDE.memoryBytes(1_000);
            assertThrows(IllegalArgumentException.class,
                () -> ConnectionTable.over(TableForm.WIDE, List.of(arena.allocate(bytes - 64, 64)), 1_000, 1, 0));
            ConnectionTable.over(TableForm.WIDE, List.of(arena.allocate(bytes, 64)), 1_000, 1, 0).close();
        }
    }
}
