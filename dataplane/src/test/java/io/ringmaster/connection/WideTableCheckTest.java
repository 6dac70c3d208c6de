package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker on a table of the wide form: what differs there is how a key is read. */
final class WideTableCheckTest {
    private static final int TCP = 6;
    private static final long NETWORK = 0x20010db8_00000000L;
    private static final TableFacts FACTS = new TableChecks.NoServices(TCP);

    private final ConnectionTable table = ConnectionTable.allocate(TableForm.WIDE, 200, 1, 1, 5);
    private final TableWords words = table.words();
    private final WideWorkerTable worker = table.wideWorker(0, (high, low, key, value) -> { });

    @BeforeEach
    void aTableInUse() {
        worker.beginCycle();
        for (int client = 1; client <= 200; client++) {
            assertTrue(insert(client, 1 + client % 3) >= 0);
        }
    }

    @AfterEach
    void close() {
        table.close();
    }

    private long insert(final long client, final int endpoint) {
        return worker.insert(WideKey.of(4000, endpoint), NETWORK, client, table.wideHash(TCP, NETWORK, client, 4000),
            ConnectionValue.of(TcpState.ESTABLISHED.ordinal(), 1, 0, 0, 900, 0), 0);
    }

    private List<String> check() {
        return TableChecks.violations(TableChecks.check(table, FACTS, 0));
    }

    @Test
    void aSoundTableIsClean() {
        final TableReport report = TableChecks.check(table, FACTS, 0);
        assertEquals(List.of(), TableChecks.violations(report));
        assertEquals(200, report.connections());
        assertEquals(table.slots() / 2, report.slots(), "entries that fit");
        assertTrue(report.passedLines() > 0, "some lie beyond their home line");
    }

    /** The address is half of the key: one word of it alone makes another connection. */
    @Test
    void twoEntriesOfOneKey() {
        assertTrue(insert(7, 9) >= 0, "the same client at another endpoint");
        assertEquals(List.of(), check());
        final long first = worker.find(WideKey.of(4000, 9), NETWORK, 7, table.wideHash(TCP, NETWORK, 7, 4000), 0);
        words.keyRelease(words.at(first >>> 2), (int) first & 3, WideKey.of(4000, 2));
        final List<String> found = check();
        assertEquals(1, found.size());
        assertTrue(found.getFirst().startsWith("no-duplicates 1 ") && found.getFirst()
            .contains("[2001:db8:0:0:0:0:0:7]:4000 to endpoint 2"), found::toString);
    }

    @Test
    void anEntryOutOfReachAndOneWithoutKey() {
        final long slot = worker.find(WideKey.of(4000, 2), NETWORK, 7, table.wideHash(TCP, NETWORK, 7, 4000), 0);
        final long at = words.at(slot >>> 2);
        long client = 1_000;
        while (Math.floorMod((slot >>> 2) - table.line(table.wideHash(TCP, NETWORK, client, 4000)), words.lines())
            < ConnectionTable.PROBES) {
            client++;
        }
        words.putAddress(at, (int) slot & 3, NETWORK, client);
        final List<String> far = check();
        assertTrue(far.size() == 1 && far.getFirst().startsWith("reachable 1 "), far::toString);
        words.keyRelease(at, (int) slot & 3, ConnectionKey.NONE);
        final List<String> without = check();
        assertTrue(without.size() == 1 && without.getFirst().startsWith("keys 1 "), without::toString);
    }
}
