package io.ringmaster.connection;

import org.agrona.UnsafeApi;

/**
 * The table's memory as words: the only class that touches raw addresses. Shared by all threads; each method names the
 * memory order it gives.
 * <pre>
 *   line (64 bytes, one cache line):
 *  0        8        16       24       32       40       48       56       64
 *  +--------+--------+--------+--------+--------+--------+--------+--------+
 *  | key 0  |value 0 | key 1  |value 1 | key 2  |value 2 | key 3  |value 3 |   narrow
 *  +--------+--------+--------+--------+--------+--------+--------+--------+
 *  | key 0  |value 0 | client address 0| key 2  |value 2 | client address 2|   wide
 *  +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 * A wide entry takes the room of two slots and is known by the number of the first, which has its key word and value
 * word where those of a narrow entry are; so all that the life of a slot needs is the same in both forms.
 * <p>
 * Unchecked because it is the look-up's inner loop: a bounds-checked buffer took 1.6 times as long. An index is in
 * range by how it is made: a line is the high half of hash × lines, or the one after it modulo lines; under -ea every
 * access asserts it.
 */
final class TableWords {
    static final int LINE_BYTES = 64;
    static final int SLOTS_PER_LINE = 4;
    private static final int LINE_SHIFT = 6;
    private static final int SLOT_SHIFT = 4;
    private static final int VALUE_OFFSET = 8;
    private static final int ADDRESS_HIGH_OFFSET = 16;
    private static final int ADDRESS_LOW_OFFSET = 24;

    private final long[] blocks;
    private final long lines;
    private final int blockShift;
    private final long blockMask;

    /**
     * Words over blocks of zeroed memory.
     *
     * @param blocks     address of each block, aligned to 64 bytes.
     * @param blockShift each block but the last holds 2 to this power lines; 62 where there is one block only.
     * @param lines      in all blocks.
     */
    TableWords(final long[] blocks, final int blockShift, final long lines) {
        this.blocks = blocks.clone();
        this.blockShift = blockShift;
        this.blockMask = (1L << blockShift) - 1;
        this.lines = lines;
    }

    long lines() {
        return lines;
    }

    /** Address of a line, to be given to the other methods. */
    long at(final long line) {
        assert line >= 0 && line < lines : "line " + line + " of " + lines;
        return blocks[(int) (line >>> blockShift)] + ((line & blockMask) << LINE_SHIFT);
    }

    /**
     * Loads the first key of the line of each hash (its high half of hash × lines) and folds them. Plain loads in a
     * loop as small as can be: a processor looks some 500 instructions ahead, and only what it sees overlaps.
     */
    long touch(final long[] hashes, final int count) {
        long folded = 0;
        if (blocks.length == 1) {
            final long first = blocks[0];
            final long all = lines;
            for (int i = 0; i < count; i++) {
                folded ^= UnsafeApi.getLong(null, first + (Math.unsignedMultiplyHigh(hashes[i], all) << LINE_SHIFT));
            }
            return folded;
        }
        for (int i = 0; i < count; i++) {
            folded ^= UnsafeApi.getLong(null, at(Math.unsignedMultiplyHigh(hashes[i], lines)));
        }
        return folded;
    }

    /** A key, acquire: what was written before it, the value it belongs to, is seen by loads after this one. */
    long keyAcquire(final long at, final int slot) {
        return UnsafeApi.getLongAcquire(null, word(at, slot));
    }

    /**
     * The slots of a line that hold a key, one bit each, slot 0 lowest; each key is loaded acquire. Without a branch:
     * in which of four slots a key is cannot be predicted, and a wrong guess costs more than four comparisons.
     */
    int slotsOf(final long at, final long key) {
        return isZero(keyAcquire(at, 0) ^ key) | isZero(keyAcquire(at, 1) ^ key) << 1
            | isZero(keyAcquire(at, 2) ^ key) << 2 | isZero(keyAcquire(at, 3) ^ key) << 3;
    }

    private static int isZero(final long word) {
        return (int) (~(word | -word) >>> 63);
    }

    /** First half of a wide entry's client address; right if a key was loaded acquire before and is not 0. */
    long addressHigh(final long at, final int slot) {
        return UnsafeApi.getLongOpaque(null, word(at, slot) + ADDRESS_HIGH_OFFSET);
    }

    /** The other half. */
    long addressLow(final long at, final int slot) {
        return UnsafeApi.getLongOpaque(null, word(at, slot) + ADDRESS_LOW_OFFSET);
    }

    /** The client address of a wide entry, before its key is written. */
    void putAddress(final long at, final int slot, final long high, final long low) {
        UnsafeApi.putLongOpaque(null, word(at, slot) + ADDRESS_HIGH_OFFSET, high);
        UnsafeApi.putLongOpaque(null, word(at, slot) + ADDRESS_LOW_OFFSET, low);
    }

    /** Whether a wide entry, whose key was found to be the one sought, has this client address as well. */
    boolean hasAddress(final long at, final int slot, final long high, final long low) {
        return (addressHigh(at, slot) ^ high | addressLow(at, slot) ^ low) == 0;
    }

    /** As {@link #slotsOf}, of wide entries: bits 0 and 2. */
    int wideSlotsOf(final long at, final long key, final long high, final long low) {
        // Each key before the address that it tells to be complete.
        final long first = keyAcquire(at, 0) ^ key;
        final long second = keyAcquire(at, 2) ^ key;
        return isZero(first | addressHigh(at, 0) ^ high | addressLow(at, 0) ^ low)
            | isZero(second | addressHigh(at, 2) ^ high | addressLow(at, 2) ^ low) << 2;
    }

    /** A key, release: the value and the address written before are seen by whoever sees the key. */
    void keyRelease(final long at, final int slot, final long key) {
        UnsafeApi.putLongRelease(null, word(at, slot), key);
    }

    /** A key, volatile: in one order with the cycle numbers that are read after it. */
    void keyVolatile(final long at, final int slot, final long key) {
        UnsafeApi.putLongVolatile(null, word(at, slot), key);
    }

    /** A value, acquire. */
    long valueAcquire(final long at, final int slot) {
        return UnsafeApi.getLongAcquire(null, word(at, slot) + VALUE_OFFSET);
    }

    /** Compare-and-exchange of a value, volatile both ways; what was there. Values are written by this alone. */
    long exchangeValue(final long at, final int slot, final long expected, final long update) {
        return UnsafeApi.compareAndExchangeLong(null, word(at, slot) + VALUE_OFFSET, expected, update);
    }

    /** All loads and stores before it come before all after it. */
    static void fullFence() {
        UnsafeApi.fullFence();
    }

    private long word(final long at, final int slot) {
        assert holds(at) && slot >= 0 && slot < SLOTS_PER_LINE : Long.toHexString(at) + " slot " + slot;
        return at + ((long) slot << SLOT_SHIFT);
    }

    private boolean holds(final long at) {
        for (int i = 0; i < blocks.length; i++) {
            final long first = at - blocks[i];
            final long size = (Math.min(lines, i + 1L << blockShift) - ((long) i << blockShift)) << LINE_SHIFT;
            if (first >= 0 && first < size) {
                return first % LINE_BYTES == 0;
            }
        }
        return false;
    }
}
