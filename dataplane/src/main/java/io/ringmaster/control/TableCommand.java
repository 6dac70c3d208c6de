package io.ringmaster.control;

import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableForm;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code ringmaster table check}: proves the rules of the connection table while the director goes on. One at a time,
 * since each takes some megabytes. Owned by the control thread.
 */
public final class TableCommand {
    private static final int WRONG = 2;
    private static final int BROKEN = 1;
    // A line took 0.2 to 0.6 us, so that is a fraction of a millisecond.
    private static final int LINES_PER_STEP = 512;
    private static final String USAGE = "ringmaster table takes: check, or check --json.";

    private final Function<TableForm, TableChecker> source;
    private Check running;

    /**
     * The command.
     *
     * @param source begins a check of the table of a form.
     */
    public TableCommand(final Function<TableForm, TableChecker> source) {
        this.source = source;
    }

    /** Begins the command with the words behind its name; what refuses it is a command that is over at once. */
    public LongCommand begin(final List<String> words) {
        final boolean json = words.equals(List.of("check", "--json"));
        if (!json && !words.equals(List.of("check"))) {
            return new Refused(USAGE);
        }
        if (running != null) {
            return new Refused("Another check of the table is running; try again when it is done.");
        }
        running = new Check(json);
        return running;
    }

    /** A check under way: of the IPv4 connections, then of the others. */
    private final class Check implements LongCommand {
        private final boolean json;
        private final TableChecker narrow = source.apply(TableForm.NARROW);
        private TableChecker checker = narrow;

        Check(final boolean json) {
            this.json = json;
        }

        @Override
        public int step() {
            if (checker.done() && checker == narrow) {
                checker = source.apply(TableForm.WIDE);
            }
            return checker.step(LINES_PER_STEP);
        }

        @Override
        public Optional<Reply> reply() {
            if (checker == narrow || !checker.done()) {
                return Optional.empty();
            }
            final TableReportText text = new TableReportText(narrow.report(), checker.report());
            return Optional.of(new Reply(text.clean() ? 0 : BROKEN, json ? text.json() : text.text(), ""));
        }

        @Override
        public String progress() {
            return "table check: " + checker.percent() + " % of " + checker.report().slots() + " slots"
                + (checker == narrow ? "" : " of IPv6")
                + (checker.look() > 1 ? ", look " + checker.look() + " since counts differed" : "");
        }

        @Override
        public void end() {
            running = null;
        }
    }

    /** Over before it began. */
    private record Refused(String sentence) implements LongCommand {
        @Override
        public int step() {
            return 1;
        }

        @Override
        public Optional<Reply> reply() {
            return Optional.of(Reply.failure(WRONG, sentence));
        }

        @Override
        public String progress() {
            return "";
        }

        @Override
        public void end() {
            // Nothing has begun.
        }
    }
}
