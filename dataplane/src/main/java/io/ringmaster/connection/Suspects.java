package io.ringmaster.connection;

/**
 * Slots that were seen on their way between two phases, where a slot is for less than a microsecond unless its thread
 * was stopped just there. Owned by the checker's thread.
 */
final class Suspects {
    private static final int MOST = 4096;

    private final ConnectionTable table;
    private final long[] slots = new long[MOST];
    private final long[] values = new long[MOST];
    private final long[] keys = new long[MOST];
    private int count;

    Suspects(final ConnectionTable table) {
        this.table = table;
    }

    /** Remembers a slot; beyond the first thousands none, since those say enough. */
    void add(final long slot, final long value) {
        if (count < MOST) {
            slots[count] = slot;
            values[count] = value & ~ConnectionValue.MARK_MASK;
            keys[count++] = table.key(slot);
        }
    }

    /** Looks again: only what has not changed remains. How many do. */
    int lookAgain() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if ((table.value(slots[i]) & ~ConnectionValue.MARK_MASK) == values[i] && table.key(slots[i]) == keys[i]) {
                slots[kept] = slots[i];
                values[kept] = values[i];
                keys[kept++] = keys[i];
            }
        }
        count = kept;
        return kept;
    }

    /** Tells of those that remain. */
    void tell(final TableReport report) {
        for (int i = 0; i < count; i++) {
            report.violation(TableRule.STUCK, "line " + (slots[i] >>> ConnectionTable.SLOT_SHIFT) + " slot "
                + (slots[i] & TableWords.SLOTS_PER_LINE - 1) + " stays "
                + ((values[i] & ConnectionValue.PHASE_MASK) == ConnectionValue.PENDING ? "pending"
                : "dying without a cycle"));
        }
    }
}
