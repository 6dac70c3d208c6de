package io.ringmaster.connection;

import java.util.function.LongSupplier;

/**
 * Walks the table and checks the rules at the top of {@link ConnectionTable} and that counts agree ({@link TableRule}),
 * in bounded steps, while workers go on. Owned by one thread, which is a reader of the table within a step and absent
 * between steps, so that it holds up nobody.
 * <p>
 * What one entry breaks is a fault at once: within a step a second look tells it from a change. A slot on its way
 * between two phases is a fault if it stays so for a second. Counts move while all entries are looked at; what differs
 * by more than moved is looked at again, three times in all, and is a fault only if it differs each time.
 */
public final class TableChecker {
    /** Between two looks at what may have been moving, on a living table: longer than a thread is held up mostly. */
    public static final long PAUSE_MS = 100;
    private static final int LOOKS = 3;
    private static final int SUSPECT_LOOKS = 10;
    private static final int NUMBERS_PER_STEP = 1024;

    private enum Stage { COUNTS_BEFORE, ENTRIES, COUNTS_AFTER, SUSPECTS, DONE }

    private final ConnectionTable table;
    private final TableWords words;
    private final Epochs epochs;
    private final int reader;
    private final LongSupplier nowMs;
    private final long pauseMs;
    private final TableReport report;
    private final Suspects suspects;
    private final LineCheck lines;
    private final EntryTally tally;
    private Stage stage = Stage.COUNTS_BEFORE;
    private int number;
    private long line;
    private int look = 1;
    private int suspectLook;
    private long notBeforeMs = Long.MIN_VALUE;
    private long lastChanges;
    private long changes;
    private long live;
    private boolean sizeSeemsWrong = true;

    TableChecker(final ConnectionTable table, final int reader, final TableFacts facts, final LongSupplier nowMs,
                 final long pauseMs) {
        this.table = table;
        this.words = table.words();
        this.epochs = table.epochs();
        this.reader = reader;
        this.nowMs = nowMs;
        this.pauseMs = pauseMs;
        this.report = new TableReport(words.lines() * table.form().entriesPerLine());
        this.suspects = new Suspects(table);
        this.lines = new LineCheck(table, facts, report, suspects);
        this.tally = new EntryTally(table.form(), facts);
        this.lastChanges = epochs.changes();
    }

    /**
     * One step.
     *
     * @param maxLines lines of four slots to look at.
     * @return how much was done: 0 while it waits for the next look, or when it is done.
     */
    public int step(final int maxLines) {
        final long now = nowMs.getAsLong();
        if (stage == Stage.DONE || now < notBeforeMs) {
            return 0;
        }
        // At every step, because the count of changes wraps.
        final long since = epochs.changesSince(lastChanges);
        lastChanges = lastChanges + since;
        changes += since;
        switch (stage) {
            case COUNTS_BEFORE -> before();
            case ENTRIES -> entries(maxLines, now);
            case COUNTS_AFTER -> after(now);
            default -> suspects(now);
        }
        return 1;
    }

    /** Whether all is looked at. */
    public boolean done() {
        return stage == Stage.DONE;
    }

    /** Share of the present look at all entries that is done, 0 to 100. */
    public int percent() {
        return done() ? 100 : (int) (line * 100 / words.lines());
    }

    /** How often all entries are looked at, the present time included. */
    public int look() {
        return look;
    }

    /** What was found so far; complete when {@link #done()}. */
    public TableReport report() {
        return report;
    }

    private void before() {
        if (number == 0) {
            changes = 0;
            live = 0;
            line = 0;
        }
        tally.begin(number, number + NUMBERS_PER_STEP);
        number += NUMBERS_PER_STEP;
        if (number == EntryTally.NUMBERS) {
            number = 0;
            stage = Stage.ENTRIES;
        }
    }

    private void entries(final int maxLines, final long now) {
        final long limit = Math.min(words.lines(), line + maxLines);
        epochs.begin(reader);
        try {
            for (; line < limit; line++) {
                if (look == 1) {
                    lines.check(line, now);
                }
                tally(line);
            }
        } finally {
            epochs.leave(reader);
        }
        stage = line == words.lines() ? Stage.COUNTS_AFTER : stage;
    }

    private void tally(final long of) {
        final long at = words.at(of);
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += table.form().slotStep()) {
            final long key = words.keyAcquire(at, slot);
            final long value = words.valueAcquire(at, slot);
            if (ConnectionValue.isLive(value)) {
                live++;
                tally.add(key, value);
            }
        }
    }

    private void after(final long now) {
        tally.compare(number, number + NUMBERS_PER_STEP, changes, look == 1);
        number += NUMBERS_PER_STEP;
        if (number < EntryTally.NUMBERS) {
            return;
        }
        number = 0;
        tally.compareFamilies(look == 1);
        sizeSeemsWrong &= Math.abs(live - epochs.balance()) > changes;
        if ((tally.seemsWrong() || sizeSeemsWrong) && look < LOOKS) {
            look++;
            report.lookAgain();
            stage = Stage.COUNTS_BEFORE;
            notBeforeMs = now + pauseMs;
            return;
        }
        tally.tell(report);
        if (sizeSeemsWrong) {
            report.violation(TableRule.SIZE, live + " live entries, and the table counts " + epochs.balance());
        }
        stage = Stage.SUSPECTS;
    }

    private void suspects(final long now) {
        final int left = suspects.lookAgain();
        if (left > 0 && ++suspectLook < SUSPECT_LOOKS) {
            notBeforeMs = now + pauseMs;
            return;
        }
        suspects.tell(report);
        stage = Stage.DONE;
    }
}
