package io.ringmaster.connection;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Cycle numbers by which a slot's reuse waits until no reader can still hold it (quiescent states, as in RCU). Shared;
 * each reader's line is written by that reader alone.
 * <pre>
 *   | 128 unused | table's cycle | 120 unused | reader 0: cycle, balance | 112 unused | reader 1 ...   (bytes)
 * </pre>
 * A reader takes the table's cycle as its own whenever it holds nothing of the table, and is ABSENT when it may block.
 * The table's cycle goes up by one when all present readers have taken it. What was unlinked in cycle c is held by
 * nobody once every present reader's cycle is above c.
 * <p>
 * Why the order holds: unlinking is a volatile store, then a volatile load of the table's cycle; a reader that takes a
 * later cycle loads that number first, volatile, stores its own and passes a full fence before it reads the table. So
 * it either took a cycle that its unlinker can see, or sees that the key is gone.
 */
final class Epochs {
    static final long ABSENT = Long.MAX_VALUE;
    // Two cache lines apart, since CPUs fetch pairs; the first two are left out because of the array's own header.
    private static final int LINE_WORDS = 16;
    private static final int TABLE_WORD = LINE_WORDS;
    private static final int BALANCE_OFFSET = 1;
    // One word counts both: entries, which may be negative, in the low 40 bits, and changes of it in the upper 24.
    private static final int CHANGES_SHIFT = 40;
    private static final long ONE_CHANGE = 1L << CHANGES_SHIFT;
    private static final long CHANGES_MASK = (1L << Long.SIZE - CHANGES_SHIFT) - 1;

    private final int readers;
    private final AtomicLongArray words;

    Epochs(final int readers) {
        this.readers = readers;
        words = new AtomicLongArray((readers + 3) * LINE_WORDS);
        words.set(TABLE_WORD, 1);
        for (int r = 0; r < readers; r++) {
            words.set(line(r), ABSENT);
        }
    }

    int readers() {
        return readers;
    }

    long bytes() {
        return (long) words.length() * Long.BYTES;
    }

    /** The table's cycle. */
    long current() {
        return words.get(TABLE_WORD);
    }

    /** A reader holds nothing of the table and begins anew. */
    void begin(final int reader) {
        final long cycle = current();
        // The word is written only when it changes, so that others' scans of it stay in their caches.
        if (words.getPlain(line(reader)) != cycle) {
            words.set(line(reader), cycle);
            TableWords.fullFence();
        }
    }

    /** Whether a reader is in a cycle; only then may it look into the table. */
    boolean present(final int reader) {
        return words.getPlain(line(reader)) != ABSENT;
    }

    /** A reader holds nothing of the table, and will not until it begins again. */
    void leave(final int reader) {
        words.set(line(reader), ABSENT);
    }

    /** The oldest cycle a reader is in; goes on to a new cycle if all are in the newest. Only for present readers. */
    long oldest() {
        final long cycle = current();
        long oldest = ABSENT;
        for (int r = 0; r < readers; r++) {
            oldest = Math.min(oldest, words.get(line(r)));
        }
        if (oldest >= cycle) {
            words.compareAndSet(TABLE_WORD, cycle, cycle + 1);
        }
        return Math.min(oldest, cycle);
    }

    /** Adds to the reader's share of the number of entries; by that reader alone. */
    void count(final int reader, final int delta) {
        final int index = line(reader) + BALANCE_OFFSET;
        words.setOpaque(index, words.getPlain(index) + delta + Math.abs(delta) * ONE_CHANGE);
    }

    /** Entries in the table: the sum of all shares, of which each may be negative. */
    long balance() {
        long sum = 0;
        for (int r = 0; r < readers; r++) {
            sum += balance(words.getOpaque(line(r) + BALANCE_OFFSET));
        }
        return sum;
    }

    private static long balance(final long word) {
        return word << Long.SIZE - CHANGES_SHIFT >> Long.SIZE - CHANGES_SHIFT;
    }

    /** How often anybody has counted since {@link #changes} gave an answer, if that was less than 2^24 times. */
    long changesSince(final long earlier) {
        return changes() - earlier & CHANGES_MASK;
    }

    /** How often anybody has counted, modulo 2^24. */
    long changes() {
        long sum = 0;
        for (int r = 0; r < readers; r++) {
            final long word = words.getOpaque(line(r) + BALANCE_OFFSET);
            sum += word - balance(word) >>> CHANGES_SHIFT;
        }
        return sum & CHANGES_MASK;
    }

    private static int line(final int reader) {
        return TABLE_WORD + (reader + 1) * LINE_WORDS;
    }
}
