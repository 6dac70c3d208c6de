package io.ringmaster.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.table.TableSide.Kind;
import io.ringmaster.bench.table.TableSide.Round;
import io.ringmaster.connection.TableForm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableSidesTest {
    private static final int CONNECTIONS = 70_000;

    @ParameterizedTest
    @EnumSource
    void bothSidesDoTheSame(final TableForm form) {
        final boolean compiler = Files.isExecutable(Path.of("/usr/bin/cc"));
        assertTrue(compiler || System.getenv("CI") == null, "no /usr/bin/cc, which the C peer needs");
        Assumptions.assumeTrue(compiler, "no /usr/bin/cc, which the C peer needs");
        final TablePlan plan = new TablePlan(CONNECTIONS, form, 3, -1);
        try (JavaSide own = new JavaSide(plan); PeerSide peer = PeerSide.start(plan)) {
            for (final TableSide side : new TableSide[] {own, peer}) {
                // Before anything is in, nothing is found.
                assertEquals(0, side.round(Kind.HIT, 1).done());
                final long placed = side.round(Kind.INSERT, 0).done() + side.round(Kind.INSERT, TablePlan.ROUND).done();
                // A few in a hundred thousand may find no place.
                assertTrue(placed > CONNECTIONS - 40, placed + " found a place");
                check(side.round(Kind.MISS, 1), 0);
                check(side.round(Kind.HIT, 1), CONNECTIONS - placed);
                check(side.round(Kind.REFRESH, 1), CONNECTIONS - placed);
                check(side.round(Kind.REFRESH, 2), CONNECTIONS - placed);
            }
        }
    }

    private static void check(final Round round, final long refused) {
        assertEquals(TablePlan.ROUND, round.operations());
        assertTrue(round.done() <= TablePlan.ROUND && round.done() >= TablePlan.ROUND - 10 * refused,
            round.done() + " of " + TablePlan.ROUND + ", " + refused + " refused");
    }

    @ParameterizedTest
    @EnumSource
    void aRunEndsWithAnEmptyTable(final TableForm form) {
        final TablePlan plan = new TablePlan(CONNECTIONS, form, 3, -1);
        try (JavaSide own = new JavaSide(plan)) {
            final var figures = new TableRun(plan, own, null,
                new Progress(new PrintStream(new ByteArrayOutputStream()), false)).measure();
            assertEquals(EnumSet.allOf(Kind.class), figures.keySet());
            assertEquals(0, own.table().size());
        }
    }

    @Test
    void impossiblePlansAreRefused() {
        assertThrows(BenchException.class, () -> new TablePlan(999, TableForm.NARROW, 3, -1));
        assertThrows(BenchException.class, () -> new TablePlan(1L << 29, TableForm.NARROW, 3, -1));
        assertThrows(BenchException.class, () -> new TablePlan(1_000, TableForm.NARROW, 2, -1));
        assertThrows(BenchException.class, () -> new TablePlan(1_000, TableForm.NARROW, 3, 4_096));
    }
}
