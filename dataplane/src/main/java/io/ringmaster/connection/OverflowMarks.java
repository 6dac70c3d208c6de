package io.ringmaster.connection;

/**
 * The marks of a line by which look-ups know when to stop: whether an entry passed the line, was put behind it though
 * its home line is this one or one before. Shared by all threads; stateless; each step is a compare-and-set of the
 * value word that has the mark in it.
 * <p>
 * Each value word of a line has a mark, for entries that pass the line at other steps of their ways: slot 0 for those
 * at step 0, whose home line it is, slot 1 for steps 1 and 2, slot 2 for steps 3 to 6, slot 3 for all beyond; in the
 * wide form slot 0 for steps up to 2 and slot 2 for all beyond. A look-up asks at each step for the mark that an entry
 * on the same way would have set. With one mark for all, a flood that filled every line for a moment made look-ups of
 * unknown clients go to the end of their reach: all lines had been passed by somebody.
 */
final class OverflowMarks {
    private static final int LAST = TableWords.SLOTS_PER_LINE - 1;

    private final TableWords words;
    // The numbers of slots that are an entry's have these bits.
    private final int slotMask;

    OverflowMarks(final TableWords words, final int slotStep) {
        this.words = words;
        this.slotMask = -slotStep;
    }

    /** The slot whose value word has the mark of a step; step 0 is at the home line. */
    int ofStep(final int step) {
        return Math.min(LAST, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(step + 1)) & slotMask;
    }

    /** Whether nothing passed a line at this step of its way, so that a look-up which came so far ends here. */
    boolean endsLookUp(final long at, final int step) {
        return mark(at, ofStep(step)) == ConnectionValue.MARK_CLEAR;
    }

    /** The mark in a slot of a line. */
    long mark(final long at, final int slot) {
        return words.valueAcquire(at, slot) & ConnectionValue.MARK_MASK;
    }

    /** Sets a line's mark, before an inserter passes the line at this step of its way. */
    void setPassed(final long at, final int step) {
        final int slot = ofStep(step);
        long seen = words.valueAcquire(at, slot);
        while ((seen & ConnectionValue.MARK_MASK) != ConnectionValue.MARK_SET) {
            final long marked = seen & ~ConnectionValue.MARK_MASK | ConnectionValue.MARK_SET;
            final long witness = words.exchangeValue(at, slot, seen, marked);
            seen = witness == seen ? marked : witness;
        }
    }

    /** Takes the mark in a slot of a line from one to another; false if an inserter has set it meanwhile. */
    boolean change(final long at, final int slot, final long from, final long to) {
        long seen = words.valueAcquire(at, slot);
        while ((seen & ConnectionValue.MARK_MASK) == from) {
            final long witness = words.exchangeValue(at, slot, seen, seen & ~ConnectionValue.MARK_MASK | to);
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }
}
