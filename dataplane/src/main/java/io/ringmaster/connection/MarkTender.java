package io.ringmaster.connection;

/**
 * Takes overflow marks of a line back when nothing that passed it is left: SET to CLEARING, and in a later cycle of all
 * readers CLEARING to CLEAR. Owned by one worker, and used for lines of its share alone: so each mark is CLEARING once
 * at a time. The rule is at the top of {@link ConnectionTable}.
 */
final class MarkTender {
    private final ConnectionTable table;
    private final TableWords words;
    private final OverflowMarks marks;
    private final int slotStep;
    // Of the line that is tended: its marks that may go, and those of which a passer was found, a bit for each slot.
    private int wanted;
    private int found;

    MarkTender(final ConnectionTable table) {
        this.table = table;
        this.words = table.words();
        this.marks = table.marks();
        this.slotStep = table.form().slotStep();
    }

    /** One step for each mark of a line that may go; lines read for it. */
    int tend(final long line) {
        final long at = words.at(line);
        wanted = wanted(at);
        if (wanted == 0) {
            return 0;
        }
        found = 0;
        int distance = 1;
        long other = line;
        for (; distance < ConnectionTable.PROBES && found != wanted; distance++) {
            other = table.lineAfter(other);
            lookForPassers(line, other, distance);
            if (nothingFurther(words.at(other), distance)) {
                break;
            }
        }
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            if ((wanted >>> slot & 1) != 0) {
                step(at, slot, (found >>> slot & 1) != 0);
            }
        }
        return distance;
    }

    /** The marks that are CLEARING, or SET and the line has room, so that they may soon go. */
    private int wanted(final long at) {
        int set = 0;
        int clearing = 0;
        boolean full = true;
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long seen = words.valueAcquire(at, slot);
            final long mark = seen & ConnectionValue.MARK_MASK;
            set |= (mark == ConnectionValue.MARK_SET ? 1 : 0) << slot;
            clearing |= (mark == ConnectionValue.MARK_CLEARING ? 1 : 0) << slot;
            full &= (seen & ConnectionValue.PHASE_MASK) != ConnectionValue.FREE;
        }
        return full ? clearing : clearing | set;
    }

    /** Notes the marks of the tended line that entries in another line have set, so many lines after it. */
    private void lookForPassers(final long line, final long other, final int distance) {
        final long at = words.at(other);
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long phase = words.valueAcquire(at, slot) & ConnectionValue.PHASE_MASK;
            if (phase == ConnectionValue.LIVE || phase == ConnectionValue.PENDING) {
                final long key = words.keyAcquire(at, slot);
                // A pending entry whose key is not there yet may have set any.
                found |= key == ConnectionKey.NONE ? wanted : marksSet(line, at, slot, key, distance);
            }
        }
    }

    private int marksSet(final long line, final long at, final int slot, final long key, final int distance) {
        int set = 0;
        // An entry does not tell its protocol, so each possible home counts. At worst a mark stays longer than needed.
        for (int i = 0; i < ConnectionTable.PROTOCOL_CLASSES; i++) {
            final long home = table.line(table.hashOfClass(i, at, slot, key));
            final long before = line - home;
            final long step = before < 0 ? before + words.lines() : before;
            if (step + distance < ConnectionTable.PROBES) {
                set |= wanted & 1 << marks.ofStep((int) step);
            }
        }
        return set;
    }

    /** Whether no entry that set one of the marks in question went beyond another line, so many lines on. */
    private boolean nothingFurther(final long at, final int distance) {
        final int open = wanted & ~found;
        for (int step = 0; open != 0 && step + distance < ConnectionTable.PROBES - 1; step++) {
            if ((open >>> marks.ofStep(step) & 1) != 0 && !marks.endsLookUp(at, step + distance)) {
                return false;
            }
        }
        return true;
    }

    private void step(final long at, final int slot, final boolean stays) {
        final long mark = marks.mark(at, slot);
        if (stays) {
            if (mark == ConnectionValue.MARK_CLEARING) {
                marks.change(at, slot, mark, ConnectionValue.MARK_SET);
            }
        } else {
            marks.change(at, slot, mark, mark == ConnectionValue.MARK_SET ? ConnectionValue.MARK_CLEARING
                : ConnectionValue.MARK_CLEAR);
        }
    }
}
