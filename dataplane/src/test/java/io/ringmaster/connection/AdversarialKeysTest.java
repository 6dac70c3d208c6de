package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TestWorker.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keys that somebody chose to hurt: they fill the 32 lines within reach of their home line at most, the rest is refused
 * and counted by the caller, and other connections do not notice.
 */
final class AdversarialKeysTest {
    private static final int CAPACITY = 2_000;
    private static final int BYSTANDERS = 800;
    private static final int FIRST_BYSTANDER = 1_000_000;
    private static final int TIMEOUT_SEC = 900;

    private final List<Key> ended = new ArrayList<>();
    private ConnectionTable table;
    private TestWorker worker;
    private long nowMs = 1_000_000;

    private void open(final TableForm form) {
        table = ConnectionTable.allocate(form, CAPACITY, 1, 1, 11);
        worker = new TestWorker(table, 0, (key, value) -> ended.add(key));
        worker.share().beginCycle();
        for (int i = 0; i < BYSTANDERS; i++) {
            assertTrue(insert(bystander(form, i), TcpState.ESTABLISHED) >= 0);
        }
    }

    private static Key bystander(final TableForm form, final int number) {
        return Key.of(form, FIRST_BYSTANDER + number, 80, 1, false);
    }

    private long insert(final Key key, final TcpState state) {
        return worker.insert(key, ConnectionValue.of(state.ordinal(), 1, 0, 0, TIMEOUT_SEC, nowMs), nowMs);
    }

    /** All that was there is still there, and there is room for others. */
    private void checkUnharmed(final List<Key> inserted) {
        for (int i = 0; i < BYSTANDERS; i++) {
            assertTrue(worker.find(bystander(table.form(), i), nowMs) >= 0);
        }
        for (final Key key : inserted) {
            assertTrue(worker.find(key, nowMs) >= 0);
        }
        int refused = 0;
        for (int i = BYSTANDERS; i < 2 * BYSTANDERS; i++) {
            refused += insert(bystander(table.form(), i), TcpState.ESTABLISHED) < 0 ? 1 : 0;
        }
        // Those of the same 32 of 715 (1,429) lines, at most.
        assertTrue(refused < BYSTANDERS / 8, refused + " others were refused");
        table.close();
    }

    private int reach() {
        return ConnectionTable.PROBES * table.form().entriesPerLine();
    }

    /** What of these was taken; each attempt either goes in or is refused, and is not half there. */
    private List<Key> insertAll(final List<Key> keys, final TcpState state) {
        final List<Key> inserted = new ArrayList<>();
        for (final Key key : keys) {
            final long slot = insert(key, state);
            if (slot >= 0) {
                inserted.add(key);
            } else {
                assertEquals(ConnectionTable.FULL, slot);
            }
        }
        return inserted;
    }

    @ParameterizedTest
    @EnumSource
    void clientsThatAllMeetInOneLine(final TableForm form) {
        open(form);
        final long line = table.words().lines() / 2;
        final List<Key> keys = new ArrayList<>();
        for (int client = 1; keys.size() < 300; client++) {
            final Key key = Key.of(form, client, 80, 1, false);
            if (table.line(TestWorker.hash(table, key)) == line) {
                keys.add(key);
            }
        }
        final List<Key> inserted = insertAll(keys, TcpState.ESTABLISHED);
        assertTrue(inserted.size() <= reach() && inserted.size() >= reach() / 2, inserted.size() + " were taken");
        for (final Key key : keys) {
            assertEquals(inserted.contains(key), worker.find(key, nowMs) >= 0);
        }
        assertEquals(List.of(), ended);
        checkUnharmed(inserted);
    }

    @ParameterizedTest
    @EnumSource
    void oneClientPortToAThousandServices(final TableForm form) {
        open(form);
        final List<Key> keys = new ArrayList<>();
        for (int service = 1; service <= 1_000; service++) {
            keys.add(form == TableForm.NARROW ? new Key(0, 1, ConnectionKey.of(1, 4_000, service), false)
                : new Key(1L << 61, 1, WideKey.of(4_000, service), false));
        }
        final List<Key> inserted = insertAll(keys, TcpState.ESTABLISHED);
        assertTrue(inserted.size() <= reach() && inserted.size() >= reach() / 2, inserted.size() + " were taken");
        assertEquals(keys.subList(0, inserted.size()), inserted);
        assertEquals(List.of(), ended);
        checkUnharmed(inserted);
    }

    /** From one port of the client: one neighbourhood. From as many: spread. One endpoint number in either case. */
    @ParameterizedTest
    @EnumSource
    void scanOfAllPortsOfAServiceOfAllPorts(final Scan scan) {
        open(TableForm.WIDE);
        final List<Key> established = new ArrayList<>();
        for (int port = 1; port <= 20; port++) {
            established.add(scan.key(port));
        }
        assertEquals(established, insertAll(established, TcpState.ESTABLISHED));
        int refused = 0;
        for (int port = 21; port <= 65_535; port++) {
            if (port % 64 == 0) {
                nowMs++;
                worker.share().beginCycle();
                worker.share().sweepDue(64, nowMs);
            }
            final Key key = scan.key(port);
            refused += insert(key, TcpState.SYN_RECV) < 0 ? 1 : 0;
            assertEquals(1, WideKey.endpoint(key.word()));
        }
        assertTrue(table.size() <= (scan == Scan.FROM_ONE_PORT ? BYSTANDERS + reach() : 2 * table.capacity()));
        assertEquals(65_515, refused + ended.size() + table.size() - BYSTANDERS - established.size());
        assertEquals(ended.size(), worker.share().evicted());
        for (int i = 0; i < BYSTANDERS; i++) {
            assertFalse(ended.contains(bystander(TableForm.WIDE, i)));
        }
        nowMs += TIMEOUT_SEC * 500;
        if (scan == Scan.FROM_ONE_PORT) {
            checkUnharmed(established);
        }
    }

    /** Where a scan comes from. */
    enum Scan {
        FROM_ONE_PORT, FROM_ALL_PORTS;

        Key key(final int destinationPort) {
            return new Key(0, WideKey.mapped(7), WideKey.of(this == FROM_ONE_PORT ? 4_000 : destinationPort, 1, 0,
                destinationPort), false);
        }
    }
}
