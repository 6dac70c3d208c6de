package io.ringmaster.connection;

/**
 * The steps of a slot's life, each one compare-and-set of its value word. Shared by all threads; stateless. The rules
 * are at the top of {@link ConnectionTable}.
 */
final class SlotLife {
    // A cycle that never passes: the key is not cleared yet.
    static final long DYING_UNSTAMPED = ConnectionValue.DYING | -1L << ConnectionValue.CYCLE_SHIFT;

    private final TableWords words;
    private final Epochs epochs;

    SlotLife(final TableWords words, final Epochs epochs) {
        this.words = words;
        this.epochs = epochs;
    }

    /**
     * Replaces a value if it still is as expected, whatever the mark in it became meanwhile: {@link OverflowMarks} are
     * kept as they are. A retry means that another thread changed the mark, so one of them gets on.
     */
    boolean replace(final long at, final int slot, final long expected, final long update) {
        long seen = expected;
        for (;;) {
            final long wanted = update & ~ConnectionValue.MARK_MASK | seen & ConnectionValue.MARK_MASK;
            final long witness = words.exchangeValue(at, slot, seen, wanted);
            if (witness == seen) {
                return true;
            }
            if (((witness ^ expected) & ~ConnectionValue.MARK_MASK) != 0) {
                return false;
            }
            seen = witness;
        }
    }

    /** Whether a slot with this value may be claimed: free, or cleared in a cycle that no reader is in any more. */
    static boolean isClaimable(final long value, final long oldestCycle) {
        final long phase = value & ConnectionValue.PHASE_MASK;
        return phase == ConnectionValue.FREE
            || phase == ConnectionValue.DYING && value >>> ConnectionValue.CYCLE_SHIFT < oldestCycle;
    }

    /**
     * The slots of a line of the narrow form that may be claimed, one bit each, slot 0 lowest. Without a branch: which
     * of them is the first cannot be predicted.
     */
    int claimableSlots(final long at, final long oldestCycle) {
        return claimableBit(words.valueAcquire(at, 0), oldestCycle)
            | claimableBit(words.valueAcquire(at, 1), oldestCycle) << 1
            | claimableBit(words.valueAcquire(at, 2), oldestCycle) << 2
            | claimableBit(words.valueAcquire(at, 3), oldestCycle) << 3;
    }

    /** {@link #isClaimable} as a bit: both bits of the phase are the same, and if they are set, the cycle is over. */
    private static int claimableBit(final long value, final long oldestCycle) {
        final long over = (value >>> ConnectionValue.CYCLE_SHIFT) - oldestCycle >>> Long.SIZE - 1;
        return (int) (~(value ^ value >>> 1) & (~value | over)) & 1;
    }

    /** FREE (or DYING and over) to PENDING, with the whole value; the winner writes the key. */
    boolean claim(final long at, final int slot, final long seen, final long pending) {
        return replace(at, slot, seen, pending);
    }

    /** PENDING to LIVE, by the slot's own inserter; false if a twin at a lower slot has ended it. */
    boolean publish(final long at, final int slot, final long pending) {
        return replace(at, slot, pending, pending & ~ConnectionValue.PHASE_MASK | ConnectionValue.LIVE);
    }

    /**
     * PENDING or LIVE to DYING; false if the value is no longer as expected. The winner clears the key and then, in the
     * same order that readers take their cycles by, notes the cycle from which on the slot waits.
     */
    boolean end(final long at, final int slot, final long expected) {
        if (!replace(at, slot, expected, DYING_UNSTAMPED)) {
            return false;
        }
        words.keyVolatile(at, slot, ConnectionKey.NONE);
        final long cycle = epochs.current();
        final boolean mine = replace(at, slot, DYING_UNSTAMPED,
            ConnectionValue.DYING | cycle << ConnectionValue.CYCLE_SHIFT);
        assert mine : "a dying slot was changed by another than its ender";
        return true;
    }

    /**
     * As {@link #end}, of several entries with one fence for all; those that have changed meanwhile stay, and are
     * victims no longer.
     */
    void endAll(final Victims victims) {
        int ended = 0;
        for (int i = 0; i < victims.count(); i++) {
            final long at = victims.at(i);
            final int slot = victims.slot(i);
            // Before the step, while the key is there.
            final long key = words.keyAcquire(at, slot);
            if (replace(at, slot, victims.value(i), DYING_UNSTAMPED)) {
                words.keyRelease(at, slot, ConnectionKey.NONE);
                victims.ended(i, ended, key);
                ended++;
            }
        }
        victims.cut(ended);
        // All keys are gone before the cycle is read from which on the slots wait.
        TableWords.fullFence();
        final long stamped = ConnectionValue.DYING | epochs.current() << ConnectionValue.CYCLE_SHIFT;
        for (int i = 0; i < ended; i++) {
            final boolean mine = replace(victims.at(i), victims.slot(i), DYING_UNSTAMPED, stamped);
            assert mine : "a dying slot was changed by another than its ender";
        }
    }

    /** DYING and over to FREE. */
    boolean free(final long at, final int slot, final long seen) {
        return replace(at, slot, seen, ConnectionValue.FREE);
    }
}
