package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that send a SYN and no more, ever new ones, at a table in which others are established. */
final class FloodTest {
    private static final int CAPACITY = 20_000;
    private static final int BATCH = 64;

    private final Set<Integer> ended = new HashSet<>();
    private ConnectionTable table;
    private TestWorker worker;
    private long nowMs = 1_000_000;
    private int refused;

    @AfterEach
    void close() {
        table.close();
    }

    private void make(final TableForm form) {
        table = ConnectionTable.allocate(form, CAPACITY, 1, 1, 7);
        worker = new TestWorker(table, 0, (key, value) -> ended.add(ConnectionValue.realServer(value)));
        worker.share().beginCycle();
    }

    private TestWorker.Key key(final int client) {
        return TestWorker.Key.of(table.form(), client, 4_000, 1, false);
    }

    /** Connections of one state of clients in a row; a millisecond for each 64, as 64,000 a second. */
    private void insert(final int first, final int count, final TcpState state) {
        for (int client = first; client < first + count; client++) {
            refused += worker.insert(key(client), ConnectionValue.of(state.ordinal(), 1, 0, 0, 60, nowMs), nowMs) < 0
                ? 1 : 0;
            if (client % BATCH == 0) {
                worker.share().sweepDue(512, nowMs);
                nowMs++;
                worker.share().beginCycle();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverFillsTheTable(final TableForm form) {
        make(form);
        insert(1, CAPACITY / 2, TcpState.ESTABLISHED);
        final int syns = 6 * CAPACITY;
        for (int part = 0; part < 6; part++) {
            insert(1_000_000 + part * CAPACITY, syns / 6, TcpState.SYN_RECV);
            assertTrue(table.size() < table.slots() / form.slotStep() * 85 / 100, "size is " + table.size());
        }
        assertEquals(0, refused);
        assertEquals(CAPACITY / 2 + syns - table.size(), worker.share().evicted());
        for (int client = 1; client <= CAPACITY / 2; client++) {
            assertTrue(worker.find(key(client), nowMs) >= 0, "client " + client + " is gone");
        }
        TableChecks.assertClean(table, TestWorker.TCP, nowMs);
    }

    @ParameterizedTest
    @EnumSource
    void isNotWhatFewHalfOpenConnectionsAre(final TableForm form) {
        make(form);
        insert(1, CAPACITY / 2, TcpState.ESTABLISHED);
        // A twentieth of the table's entries.
        insert(1_000_000, CAPACITY / 14, TcpState.SYN_RECV);
        for (int ms = 0; ms < 3_000; ms++) {
            nowMs++;
            worker.share().beginCycle();
            worker.share().sweepDue(512, nowMs);
        }
        insert(2_000_000, 100, TcpState.SYN_RECV);
        worker.share().sweepDue(512, nowMs);
        assertEquals(0, worker.share().evicted());
        assertEquals(0, refused);
    }

    @ParameterizedTest
    @EnumSource
    void spareWhoIsEstablishedMeanwhile(final TableForm form) {
        make(form);
        insert(1, CAPACITY, TcpState.SYN_RECV);
        assertTrue(worker.share().evicted() > 0);
        // All that are still there answer in the cycle in which new ones make them victims.
        worker.share().sweepDue(512, nowMs);
        worker.share().beginCycle();
        ended.clear();
        for (int client = 1_000_000; client < 1_000_100; client++) {
            worker.insert(key(client), ConnectionValue.of(TcpState.SYN_RECV.ordinal(), 2, 0, 0, 60, nowMs), nowMs);
        }
        for (int client = 1; client <= CAPACITY; client++) {
            final long slot = worker.find(key(client), nowMs);
            if (slot >= 0) {
                final long value = worker.share().value();
                assertTrue(table.compareAndSetValue(slot, value, ConnectionValue.withState(value,
                    TcpState.ESTABLISHED.ordinal())));
            }
        }
        worker.share().sweepDue(512, nowMs);
        assertFalse(ended.contains(1), "one that had answered");
    }
}
