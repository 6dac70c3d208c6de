package io.ringmaster.control;

import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableForm;
import java.util.function.Function;

/**
 * A check of the whole connection table while the director goes on: of the IPv4 connections, then of the others. Owned
 * by the control thread; it takes some megabytes.
 */
public final class TableChecks {
    // A line took 0.2 to 0.6 us, so that is a fraction of a millisecond.
    private static final int LINES_PER_STEP = 512;

    private final Function<TableForm, TableChecker> source;
    private final TableChecker narrow;
    private TableChecker checker;

    /**
     * Begins one.
     *
     * @param source begins a check of the table of a form.
     */
    public TableChecks(final Function<TableForm, TableChecker> source) {
        this.source = source;
        this.narrow = source.apply(TableForm.NARROW);
        this.checker = narrow;
    }

    /**
     * One step, below a millisecond.
     *
     * @return how much was done: 0 while it waits for the next look, or when it is done.
     */
    public int step() {
        if (checker.done() && checker == narrow) {
            checker = source.apply(TableForm.WIDE);
        }
        return checker.step(LINES_PER_STEP);
    }

    /** Whether all was looked at. */
    public boolean done() {
        return checker != narrow && checker.done();
    }

    /** What was found, once it is {@link #done}. */
    public TableReportText report() {
        return new TableReportText(narrow.report(), checker.report());
    }

    /** How far it is, for a person who waits. */
    public String progress() {
        return "table check: " + checker.percent() + " % of " + checker.report().slots() + " slots"
            + (checker == narrow ? "" : " of IPv6")
            + (checker.look() > 1 ? ", look " + checker.look() + " since counts differed" : "");
    }
}
