package io.ringmaster.control;

import java.util.BitSet;

/** Numbers from 1 to 65,535, the lowest free one first, so that arrays by number stay short. */
final class Numbers {
    private static final int HIGHEST = 65_535;

    private final BitSet used = new BitSet();

    Numbers() {
        used.set(0);
    }

    /** Whether {@link #take} has one to give. */
    boolean left() {
        return used.nextClearBit(1) <= HIGHEST;
    }

    /** The lowest free number. */
    int take() {
        final int number = used.nextClearBit(1);
        if (number > HIGHEST) {
            throw new IllegalStateException("all " + HIGHEST + " numbers are taken; left() tells");
        }
        used.set(number);
        return number;
    }

    /** Gives a number back. */
    void free(final int number) {
        used.clear(number);
    }
}
