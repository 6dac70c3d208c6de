package io.ringmaster.connection;

/**
 * Takes entries of either form: what stands between {@link Sweeper} or {@link ConnectionLister} and the listener of the
 * form. Called within the cycle in which the key was seen, so that the words of a wide entry's address are still there,
 * even if the entry has ended.
 */
@FunctionalInterface
interface SlotListener {
    void onSlot(long at, int slot, long key, long value);
}
