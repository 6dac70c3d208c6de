package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sound table is clean; each rule is broken once, by hand, and found by its name alone. */
final class TableCheckerTest {
    private static final int TCP = 6;
    private static final int CLIENT = 0x0a090101;
    private static final int NETWORK = 0xffffff00;
    private static final long NOW_MS = 1_000_000;

    private ConnectionTable table;
    private TableWords words;
    private WorkerTable worker;
    private Counts counts;

    /** Two services, 1 and 2, with real servers 1, 2 and 3, 4; counts by hand. */
    private static final class Counts implements TableFacts {
        private final long[][] counted = new long[5][Count.values().length];
        private int mask = -1;
        private boolean kept = true;

        void add(final int server, final Count count, final int delta) {
            counted[server][count.ordinal()] += delta;
        }

        @Override
        public int protocol(final int endpoint) {
            return endpoint == 1 || endpoint == 2 ? TCP : UNKNOWN;
        }

        @Override
        public boolean knows(final int realServer) {
            return realServer >= 1 && realServer <= 4;
        }

        @Override
        public boolean belongs(final int realServer, final int endpoint) {
            return (realServer + 1) / 2 == endpoint;
        }

        @Override
        public int templateMask(final int endpoint) {
            return mask;
        }

        @Override
        public boolean keptTemplates(final int realServer) {
            return kept;
        }

        @Override
        public long counted(final int realServer, final Count count) {
            return knows(realServer) ? counted[realServer][count.ordinal()] : NOT_COUNTED;
        }

        @Override
        public String name(final int realServer) {
            return "rs" + realServer;
        }
    }

    /** At load 0.7, where some entries lie beyond their home line. */
    @BeforeEach
    void aTableInUse() {
        table = ConnectionTable.allocate(200, 1, 1, 7);
        words = table.words();
        counts = new Counts();
        worker = table.worker(0, (key, value) -> ended(value));
        worker.beginCycle();
        for (int i = 0; i < 200; i++) {
            open(CLIENT + i, 4000, i % 4 + 1, i % 3 == 0 ? TcpState.ESTABLISHED : TcpState.FIN_WAIT, 0);
        }
        for (int endpoint = 1; endpoint <= 2; endpoint++) {
            template(CLIENT, endpoint, endpoint * 2, 2);
            open(CLIENT, 5000, endpoint * 2, TcpState.ESTABLISHED, ConnectionValue.CHILD);
            open(CLIENT, 5001, endpoint * 2, TcpState.SYN_RECV, ConnectionValue.CHILD);
        }
        template(CLIENT + 300, 1, 2, 0);
    }

    @AfterEach
    void close() {
        table.close();
    }

    private void ended(final long value) {
        final boolean active = TcpState.isActive(ConnectionValue.state(value));
        counts.add(ConnectionValue.realServer(value), ConnectionValue.isTemplate(value) ? TableFacts.Count.PERSISTENT
            : active ? TableFacts.Count.ACTIVE : TableFacts.Count.INACTIVE, -1);
    }

    private long open(final int client, final int port, final int server, final TcpState state, final long flags) {
        final long slot = worker.insert(ConnectionKey.of(client, port, (server + 1) / 2), table.hash(TCP, client, port),
            ConnectionValue.of(state.ordinal(), server, 0, flags, 900, NOW_MS), NOW_MS);
        assertTrue(slot >= 0 && worker.inserted());
        counts.add(server, TcpState.isActive(state.ordinal()) ? TableFacts.Count.ACTIVE : TableFacts.Count.INACTIVE, 1);
        counts.add(server, TableFacts.Count.MADE, 1);
        return slot;
    }

    private long template(final int client, final int endpoint, final int server, final int children) {
        long value = TemplateValue.of(server, 300, NOW_MS);
        for (int i = 0; i < children; i++) {
            value = TemplateValue.withChild(value);
        }
        counts.add(server, TableFacts.Count.PERSISTENT, 1);
        return worker.insert(ConnectionKey.of(client, 0, endpoint), table.hash(TCP, client, 0), value, NOW_MS);
    }

    private long find(final int client, final int port, final int endpoint) {
        final long hash = table.hash(TCP, client, port);
        return port == 0 ? worker.findTemplate(ConnectionKey.of(client, 0, endpoint), hash, NOW_MS)
            : worker.find(ConnectionKey.of(client, port, endpoint), hash, NOW_MS);
    }

    private List<String> check() {
        return TableChecks.violations(TableChecks.check(table, counts, NOW_MS));
    }

    private void assertFound(final TableRule rule, final String... texts) {
        final TableReport report = TableChecks.check(table, counts, NOW_MS);
        assertFalse(report.clean());
        for (final TableRule other : TableRule.values()) {
            assertEquals(other == rule ? 1 : 0, report.violations(other), () -> other + " of " + check());
        }
        for (final String text : texts) {
            assertTrue(report.examples(rule).getFirst().contains(text), report.examples(rule)::toString);
        }
    }

    /** Writes a word of a slot whatever it was. */
    private void putValue(final long slot, final long value) {
        final long at = words.at(slot >>> 2);
        words.exchangeValue(at, (int) slot & 3, words.valueAcquire(at, (int) slot & 3), value);
    }

    private void putKey(final long slot, final long key) {
        words.keyRelease(words.at(slot >>> 2), (int) slot & 3, key);
    }

    private long slotOf(final long phase, final boolean first) {
        for (long slot = 0; slot < table.slots(); slot++) {
            if ((table.value(slot) & ConnectionValue.PHASE_MASK) == phase && (slot & 3) == 0 == first) {
                return slot;
            }
        }
        throw new AssertionError("no such slot");
    }

    /** A slot of a line that look-ups go beyond, or not; of a live entry in its home line. */
    private long liveSlot(final boolean passed) {
        for (long slot = 0; slot < table.slots(); slot++) {
            final long mark = table.value(slot & -4) & ConnectionValue.MARK_MASK;
            if (ConnectionValue.isLive(table.value(slot)) && !ConnectionValue.isTemplate(table.value(slot))
                && mark == ConnectionValue.MARK_CLEAR != passed && slot >>> 2 == home(table.key(slot))) {
                return slot;
            }
        }
        throw new AssertionError("no such entry");
    }

    private long home(final long key) {
        return table.line(table.hash(TCP, ConnectionKey.clientAddress(key), ConnectionKey.clientPort(key)));
    }

    @Test
    void aSoundTableIsClean() {
        final TableReport report = TableChecks.check(table, counts, NOW_MS);
        assertEquals(List.of(), TableChecks.violations(report));
        assertTrue(report.clean());
        assertEquals(204, report.connections());
        assertEquals(3, report.templates());
        assertEquals(0, report.pending() + report.dying() + report.late());
        assertEquals(table.slots(), report.slots());
        assertEquals(1, report.looks());
        assertTrue(report.passedLines() > 0, "the test has displaced entries");
    }

    @Test
    void entriesThatEndedOrAreLateAreNoFault() {
        final long slot = find(CLIENT + 1, 4000, 1);
        assertTrue(worker.remove(slot, table.value(slot)));
        ended(worker.value());
        final TableReport report = TableChecks.check(table, counts, NOW_MS + 901_000);
        assertEquals(List.of(), TableChecks.violations(report));
        assertEquals(1, report.dying());
        assertEquals(203 + 1, report.late(), "connections, and the template without a child");
    }

    @Test
    void aFreeSlotWithAValue() {
        putValue(slotOf(ConnectionValue.FREE, false), 1L << 26);
        assertFound(TableRule.PHASE, "is free and its value is 0x4000000");
    }

    @Test
    void anEndInACycleThatHasNotBegun() {
        putValue(slotOf(ConnectionValue.FREE, false), ConnectionValue.DYING | 99L << ConnectionValue.CYCLE_SHIFT);
        assertFound(TableRule.PHASE, "ended in cycle 99, which has not begun");
    }

    @Test
    void aMarkThatDoesNotExist() {
        final long slot = slotOf(ConnectionValue.LIVE, false);
        putValue(slot, table.value(slot) | ConnectionValue.MARK_MASK);
        assertFound(TableRule.MARK, "does not exist");
    }

    @Test
    void aFreeSlotWithAKey() {
        putKey(slotOf(ConnectionValue.FREE, false), ConnectionKey.of(CLIENT, 4000, 1));
        assertFound(TableRule.KEY, "is free and has the key of 10.9.1.1:4000 to endpoint 1");
    }

    @Test
    void anEndedSlotWithAKey() {
        final long slot = slotOf(ConnectionValue.FREE, false);
        putValue(slot, ConnectionValue.DYING | 1L << ConnectionValue.CYCLE_SHIFT);
        putKey(slot, ConnectionKey.of(CLIENT, 4000, 1));
        assertFound(TableRule.KEY, "has ended and keeps the key of 10.9.1.1:4000");
    }

    @Test
    void aLiveEntryWithoutAKey() {
        putKey(find(CLIENT + 5, 4000, 1), ConnectionKey.NONE);
        assertFound(TableRule.KEY, "is live and has no key");
    }

    @Test
    void impossibleFields() {
        final long slot = find(CLIENT + 5, 4000, 1);
        final long sound = table.value(slot);
        putValue(slot, sound | 3L << ConnectionValue.SCALE_SHIFT);
        assertFound(TableRule.FIELDS, "10.9.1.6:4000", "scale");
    }

    @Test
    void statesThatTheProtocolDoesNotHave() {
        final long slot = find(CLIENT + 5, 4000, 1);
        final long sound = table.value(slot);
        for (final int state : new int[] {TcpState.UDP.ordinal(), 13, 14, 15}) {
            putValue(slot, ConnectionValue.withState(sound, state));
            assertFound(TableRule.FIELDS, "10.9.1.6:4000", "there is no state " + state + " of IP protocol 6");
        }
    }

    @Test
    void aTemplateWithAClientPort() {
        final long slot = find(CLIENT + 300, 0, 1);
        final long value = table.value(slot);
        assertTrue(worker.remove(slot, value));
        worker.insert(ConnectionKey.of(CLIENT + 300, 1, 1), table.hash(TCP, CLIENT + 300, 1), value, NOW_MS);
        assertFound(TableRule.FIELDS, "has no client port");
    }

    @Test
    void twoEntriesOfOneKey() {
        // A second entry of the key, in a slot of the home line or after it that is free: as if an insert had not seen
        // its twin.
        final long slot = find(CLIENT + 5, 4000, 1);
        final long twin = worker.insert(ConnectionKey.of(CLIENT + 5, 4000, 2), table.hash(TCP, CLIENT + 5, 4000),
            table.value(slot), NOW_MS);
        assertTrue(twin >= 0 && worker.inserted());
        putKey(twin, ConnectionKey.of(CLIENT + 5, 4000, 1));
        counts.add(2, TableFacts.Count.INACTIVE, 1);
        assertFound(TableRule.DUPLICATE, "10.9.1.6:4000 to endpoint 1", "has the same one");
    }

    @Test
    void aConnectionAndATemplateOfOneKeyAreTwoThings() {
        assertTrue(open(CLIENT, 0, 2, TcpState.ESTABLISHED, 0) >= 0);
        assertEquals(List.of(), check());
    }

    @Test
    void anEntryBehindAClearMark() {
        for (long slot = 0; slot < table.slots(); slot++) {
            if (ConnectionValue.isLive(table.value(slot)) && (slot >>> 2) == table.lineAfter(home(table.key(slot)))) {
                final long first = home(table.key(slot)) << 2;
                putValue(first, table.value(first) & ~ConnectionValue.MARK_MASK);
                final TableReport report = TableChecks.check(table, counts, NOW_MS);
                assertTrue(report.violations(TableRule.REACHABLE) >= 1);
                assertTrue(report.examples(TableRule.REACHABLE).getFirst().contains("a look-up stops at line "
                    + (first >>> 2)), report.examples(TableRule.REACHABLE)::toString);
                assertEquals(1, TableChecks.violations(report).size());
                return;
            }
        }
        throw new AssertionError("the test has no displaced entry");
    }

    @Test
    void anEntryOutOfReachOfItsHome() {
        // The key of another client, whose home is elsewhere: far enough away for one seed at least.
        final long slot = liveSlot(false);
        final long server = ConnectionValue.realServer(table.value(slot));
        int client = 1;
        while (Math.floorMod((slot >>> 2) - home(ConnectionKey.of(client, 4000, (int) (server + 1) / 2)),
            words.lines()) < ConnectionTable.PROBES) {
            client++;
        }
        putKey(slot, ConnectionKey.of(client, 4000, (int) (server + 1) / 2));
        assertFound(TableRule.REACHABLE, "out of reach");
    }

    @Test
    void anEndpointThatNobodyKnows() {
        final long slot = find(CLIENT + 5, 4000, 1);
        putKey(slot, ConnectionKey.of(CLIENT + 5, 4000, 9));
        final TableReport report = TableChecks.check(table, counts, NOW_MS);
        assertEquals(2, report.violations(TableRule.ORPHAN), "the endpoint, and the real server of another");
        assertTrue(report.examples(TableRule.ORPHAN).getFirst().contains("no service has this endpoint"));
        assertEquals(1, TableChecks.violations(report).size());
    }

    @Test
    void aRealServerThatNobodyKnows() {
        final long slot = find(CLIENT + 5, 4000, 1);
        putValue(slot, ConnectionValue.withRealServer(table.value(slot), 77));
        counts.add(2, TableFacts.Count.INACTIVE, -1);
        assertFound(TableRule.ORPHAN, "nobody knows real server 77");
    }

    @Test
    void aRealServerOfAnotherService() {
        final long slot = find(CLIENT + 5, 4000, 1);
        putValue(slot, ConnectionValue.withRealServer(table.value(slot), 3));
        counts.add(2, TableFacts.Count.INACTIVE, -1);
        counts.add(3, TableFacts.Count.INACTIVE, 1);
        assertFound(TableRule.ORPHAN, "real server 3 is one of another service");
    }

    @Test
    void slotsThatStayOnTheirWay() {
        putValue(slotOf(ConnectionValue.FREE, false), ConnectionValue.PENDING | 5L << 26);
        assertFound(TableRule.STUCK, "stays pending");
        putValue(slotOf(ConnectionValue.PENDING, false), SlotLife.DYING_UNSTAMPED & ~ConnectionValue.MARK_MASK);
        assertFound(TableRule.STUCK, "stays dying without a cycle");
    }

    @Test
    void countsThatDiffer() {
        for (final Map.Entry<TableFacts.Count, Integer> leak : Map.of(TableFacts.Count.ACTIVE, 1,
            TableFacts.Count.INACTIVE, -1).entrySet()) {
            counts.add(3, leak.getKey(), leak.getValue());
            assertFound(TableRule.COUNTS, "rs3", "counted");
            counts.add(3, leak.getKey(), -leak.getValue());
        }
        counts.add(3, TableFacts.Count.ACTIVE, 1);
        counts.add(3, TableFacts.Count.INACTIVE, -1);
        assertFound(TableRule.COUNTS, "rs3");
    }

    @Test
    void aTemplateThatIsNotCounted() {
        counts.add(2, TableFacts.Count.PERSISTENT, -1);
        assertFound(TableRule.PERSISTENT, "rs2: 2 templates, counted 1");
    }

    @Test
    void aTemplateThatCountsAConnectionTooMany() {
        final long slot = find(CLIENT, 0, 1);
        putValue(slot, TemplateValue.withChild(table.value(slot)));
        assertFound(TableRule.CHILDREN, "rs2: its templates have 3 connections, and 2 were found");
    }

    @Test
    void aConnectionThatItsTemplateDoesNotCount() {
        open(CLIENT, 5002, 2, TcpState.ESTABLISHED, ConnectionValue.CHILD);
        assertFound(TableRule.CHILDREN, "rs2: its templates have 2 connections, and 3 were found");
        counts.kept = false;
        assertEquals(List.of(), check(), "its template may have gone with its real server");
    }

    @Test
    void aConnectionCountedByAnotherTemplate() {
        final long own = find(CLIENT, 0, 1);
        final long other = find(CLIENT + 300, 0, 1);
        putValue(own, TemplateValue.withoutChild(table.value(own)));
        putValue(other, TemplateValue.withChild(table.value(other)));
        final TableReport report = TableChecks.check(table, counts, NOW_MS);
        assertEquals(2, report.violations(TableRule.CHILDREN), "one says too few, one too many");
        assertTrue(report.examples(TableRule.CHILDREN).stream().anyMatch(text -> text.contains("10.9.1.1:0")
            && text.contains("1 connections fewer")), report.examples(TableRule.CHILDREN)::toString);
        assertEquals(1, TableChecks.violations(report).size());
        counts.mask = NETWORK & 0xffff0000;
        assertEquals(List.of(), check(), "under one template");
    }

    @Test
    void aTemplateWhoseCountStandsStillIsNotCompared() {
        final long slot = find(CLIENT, 0, 1);
        long value = table.value(slot);
        while (TemplateValue.children(value) < TemplateValue.MAX_CHILDREN) {
            value = TemplateValue.withChild(value);
        }
        putValue(slot, value);
        assertEquals(List.of(), check());
    }

    @Test
    void theTablesOwnCount() {
        table.epochs().count(0, 1);
        assertFound(TableRule.SIZE, "207 live entries, and the table counts 208");
    }

    @Test
    void whatMovesMeanwhileIsLookedAtAgain() {
        final TableChecker checker = table.checker(0, counts, () -> NOW_MS, 0);
        // Counted before it is there, as by a worker that was stopped between the two.
        counts.add(1, TableFacts.Count.INACTIVE, 1);
        while (checker.look() == 1) {
            checker.step(1);
        }
        counts.add(1, TableFacts.Count.INACTIVE, -1);
        while (!checker.done()) {
            checker.step(1);
        }
        assertEquals(List.of(), TableChecks.violations(checker.report()));
        assertEquals(2, checker.report().looks());
        assertEquals(1, checker.report().movedServers());
        assertEquals(0, checker.report().uncomparedServers());
    }

    @Test
    void connectionsThatComeAndGoBetweenStepsAreNoFault() {
        final TableChecker checker = table.checker(0, counts, () -> NOW_MS, 0);
        for (int i = 0; !checker.done(); i++) {
            final long slot = open(CLIENT + 1000 + i, 4000, 3, TcpState.ESTABLISHED, 0);
            if (i % 16 > 0) {
                assertTrue(worker.remove(slot, table.value(slot)));
                counts.add(3, TableFacts.Count.ACTIVE, -1);
            }
            worker.beginCycle();
            worker.sweep(64, NOW_MS + i);
            checker.step(i < 64 ? 1 : 40);
        }
        assertEquals(List.of(), TableChecks.violations(checker.report()));
        assertTrue(checker.report().uncomparedServers() == 1, "rs3");
    }

    @Test
    void itWaitsBetweenLooksAndHoldsUpNobody() {
        final long[] nowMs = {NOW_MS};
        final TableChecker checker = table.checker(0, counts, () -> nowMs[0], 100);
        counts.add(1, TableFacts.Count.ACTIVE, 1);
        while (checker.look() == 1) {
            assertEquals(1, checker.step(8));
            assertFalse(table.epochs().present(1), "absent between steps");
        }
        assertEquals(0, checker.step(8));
        nowMs[0] += 100;
        assertEquals(1, checker.step(8));
        assertTrue(Arrays.stream(TableRule.values()).allMatch(rule -> checker.report().violations(rule) == 0));
    }
}
