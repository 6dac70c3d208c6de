package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** Runs a {@link TableChecker} over a table that no other thread uses now. */
public final class TableChecks {
    private static final int LINES_PER_STEP = 64;

    private TableChecks() {
    }

    /** All broken rules with their examples; empty for a clean table. */
    public static List<String> violations(final TableReport report) {
        final List<String> found = new ArrayList<>();
        for (final TableRule rule : TableRule.values()) {
            if (report.violations(rule) > 0) {
                found.add(rule.word() + " " + report.violations(rule) + " " + report.examples(rule));
            }
        }
        return found;
    }

    /** The report on a table at rest. */
    public static TableReport check(final ConnectionTable table, final TableFacts facts, final long nowMs) {
        final TableChecker checker = table.checker(0, facts, () -> nowMs, 0);
        while (!checker.done()) {
            assertEquals(1, checker.step(LINES_PER_STEP));
        }
        return checker.report();
    }

    /** Asserts that a table at rest, used without a director, keeps all rules that the table alone must keep. */
    public static void assertClean(final ConnectionTable table, final int protocol, final long nowMs) {
        final List<String> found = violations(check(table, new NoServices(protocol), nowMs));
        found.removeIf(text -> text.startsWith(TableRule.CHILDREN.word()));
        assertEquals(List.of(), found);
    }

    /**
     * As {@link #assertClean}, but without the sums of real servers, which nobody counts there: for tests that look at
     * small tables often, since those go over all 65,536 numbers however few entries there are.
     */
    static void assertEntriesClean(final ConnectionTable table, final int protocol, final long nowMs) {
        final TableReport report = new TableReport(table.slots());
        final Suspects suspects = new Suspects(table);
        final LineCheck lines = new LineCheck(table, new NoServices(protocol), report, suspects);
        for (long line = 0; line < table.words().lines(); line++) {
            lines.check(line, nowMs);
        }
        // No other thread is there that would take them further.
        suspects.tell(report);
        assertEquals(List.of(), violations(report));
    }

    /** Knows every number, and of no counts: for tables without a director. */
    public record NoServices(int protocol) implements TableFacts {
        @Override
        public int protocol(final int endpoint) {
            return protocol;
        }

        @Override
        public boolean knows(final int realServer) {
            return true;
        }

        @Override
        public boolean belongs(final int realServer, final int endpoint) {
            return true;
        }

        @Override
        public int templateMask(final int endpoint) {
            return -1;
        }

        @Override
        public boolean keptTemplates(final int realServer) {
            return false;
        }

        @Override
        public long counted(final int realServer, final Count count) {
            return NOT_COUNTED;
        }

        @Override
        public String name(final int realServer) {
            return "real server " + realServer;
        }
    }
}
