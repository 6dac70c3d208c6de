package io.ringmaster.connection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a {@link TableChecker} found. Filled by the checker's thread and read by it. */
public final class TableReport {
    private static final int MOST_EXAMPLES = 5;

    private final long[] violations = new long[TableRule.values().length];
    private final List<List<String>> examples = new ArrayList<>();
    private final long slots;
    private long connections;
    private long templates;
    private long pending;
    private long dying;
    private long late;
    private long passedLines;
    private int looks = 1;
    private long movedServers;
    private long uncomparedServers;

    TableReport(final long slots) {
        this.slots = slots;
        for (int i = 0; i < violations.length; i++) {
            examples.add(new ArrayList<>());
        }
    }

    void violation(final TableRule rule, final String what) {
        violations[rule.ordinal()]++;
        if (examples.get(rule.ordinal()).size() < MOST_EXAMPLES) {
            examples.get(rule.ordinal()).add(what);
        }
    }

    void addConnection() {
        connections++;
    }

    void addTemplate() {
        templates++;
    }

    void addPending() {
        pending++;
    }

    void addDying() {
        dying++;
    }

    void addLate() {
        late++;
    }

    void addPassedLine() {
        passedLines++;
    }

    void lookAgain() {
        looks++;
    }

    void compared(final long moved, final long uncompared) {
        movedServers = moved;
        uncomparedServers = uncompared;
    }

    /** Whether nothing is wrong. */
    public boolean clean() {
        for (final long count : violations) {
            if (count != 0) {
                return false;
            }
        }
        return true;
    }

    /** How often a rule is broken. */
    public long violations(final TableRule rule) {
        return violations[rule.ordinal()];
    }

    /** The first few places where a rule is broken, a sentence each. */
    public List<String> examples(final TableRule rule) {
        return Collections.unmodifiableList(examples.get(rule.ordinal()));
    }

    /** Slots of the table, each looked at. */
    public long slots() {
        return slots;
    }

    /** Live connections found. */
    public long connections() {
        return connections;
    }

    /** Live templates found. */
    public long templates() {
        return templates;
    }

    /** Slots in which an entry was just being made. */
    public long pending() {
        return pending;
    }

    /** Slots of ended entries that wait until no thread can hold them. */
    public long dying() {
        return dying;
    }

    /** Entries past their deadline that the sweep has not come to; look-ups do not find them. */
    public long late() {
        return late;
    }

    /** Lines that look-ups go beyond. */
    public long passedLines() {
        return passedLines;
    }

    /** How often all entries were counted: more than once if counts differed at first. */
    public int looks() {
        return looks;
    }

    /** Real servers whose counts differed at one look and not at all: something moved meanwhile. */
    public long movedServers() {
        return movedServers;
    }

    /** Real servers that were never quiet, so that their counts could be compared only to within what moved. */
    public long uncomparedServers() {
        return uncomparedServers;
    }
}
