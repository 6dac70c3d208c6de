package io.ringmaster.connection;

/** Live entries that are to end together, with the value that each was seen with. Owned by one worker. */
final class Victims {
    private final long[] lines;
    private final int[] slots;
    private final long[] values;
    private final long[] keys;
    private int count;

    Victims(final int most) {
        lines = new long[most];
        slots = new int[most];
        values = new long[most];
        keys = new long[most];
    }

    void clear() {
        count = 0;
    }

    /** One more; in a line at this address. */
    void add(final long at, final int slot, final long value) {
        lines[count] = at;
        slots[count] = slot;
        values[count] = value;
        count++;
    }

    int count() {
        return count;
    }

    long at(final int index) {
        return lines[index];
    }

    int slot(final int index) {
        return slots[index];
    }

    long value(final int index) {
        return values[index];
    }

    /** The key that it had, once it has ended. */
    long key(final int index) {
        return keys[index];
    }

    /** One of them has ended, as the next after so many, and had this key. */
    void ended(final int index, final int after, final long key) {
        lines[after] = lines[index];
        slots[after] = slots[index];
        values[after] = values[index];
        keys[after] = key;
    }

    /** No others have ended, and they are victims no longer. */
    void cut(final int ended) {
        count = ended;
    }
}
