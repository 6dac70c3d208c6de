package io.ringmaster.scheduler;

import java.util.Arrays;

/**
 * The addresses that clients asked for and when each was last asked for, with the limits and times of the kernel
 * (ip_vs_lblc.c, ip_vs_lblcr.c). Owned by one worker's scheduler, which keeps what it remembers of an address under
 * the number of its entry. All memory is taken at the start.
 * <pre>
 *   slots:    |  -  | 3 |  -  | 0 | 1 | ...     open addressing, linear probing, at most half full; entry + 1
 *   entries:  | high, low, last use |           a number stays the same until its entry is forgotten
 * </pre>
 * The kernel looks at its table once a minute: every half hour it forgets what was not asked for during a day, and as
 * long as there are more than 16,384 addresses it forgets some that were not asked for during six minutes. It can grow
 * beyond that in the meantime; this table ends at half as much again, and addresses beyond are not remembered. The work
 * of a look is spread over the following choices, a few entries each, so that no packet waits for it.
 */
final class DestinationTable {
    /** For a service known by an address: it has only that one. */
    static final int ONE = 1;
    /** For a service that can be reached by many addresses: the kernel's limit and room for a minute's new ones. */
    static final int MANY = 24_576;
    /** No such entry. */
    static final int NOT_FOUND = -1;
    /** Addresses from which on the kernel tries to forget some: 1,024 buckets of 16. */
    static final int CROWDED = 16_384;
    static final long SIX_MINUTES_MS = 360_000;
    static final long MINUTE_MS = 60_000;
    private static final int LOOKS_PER_FULL_LOOK = 30;
    private static final int ENTRIES_PER_CHOICE = 32;
    private static final long NEVER = Long.MIN_VALUE;

    /** Told of an entry that is forgotten. */
    interface Listener {
        void onForgotten(int entry);
    }

    private long seed = System.nanoTime();
    private final long[] high;
    private final long[] low;
    private final long[] lastUseMs;
    private final boolean[] used;
    private final int[] free;
    private final int[] slots;
    private final Listener listener;
    private int freeCount;
    private long nextLookMs = NEVER;
    private int looks = 1;
    private long expirationMs;
    /** What was used last at this moment or before is as good as forgotten: a full look passed over it. */
    private long forgottenMs = NEVER;
    private int rover;
    private int entriesToSee;
    private int entriesToForget;
    private long unusedSinceMs;

    DestinationTable(final int capacity, final Listener listener) {
        this.listener = listener;
        high = new long[capacity];
        low = new long[capacity];
        lastUseMs = new long[capacity];
        used = new boolean[capacity];
        free = new int[capacity];
        slots = new int[Integer.highestOneBit(capacity) << 2];
        Arrays.setAll(free, i -> capacity - 1 - i);
        freeCount = capacity;
    }

    /** Addresses there is room for. */
    int capacity() {
        return high.length;
    }

    /**
     * Takes over all that another of the same capacity remembers, entry by entry: up to a megabyte, some hundred
     * microseconds, of a service of many addresses.
     */
    void become(final DestinationTable other) {
        System.arraycopy(other.high, 0, high, 0, high.length);
        System.arraycopy(other.low, 0, low, 0, low.length);
        System.arraycopy(other.lastUseMs, 0, lastUseMs, 0, lastUseMs.length);
        System.arraycopy(other.used, 0, used, 0, used.length);
        System.arraycopy(other.free, 0, free, 0, free.length);
        System.arraycopy(other.slots, 0, slots, 0, slots.length);
        seed = other.seed;
        freeCount = other.freeCount;
        nextLookMs = other.nextLookMs;
        looks = other.looks;
        expirationMs = other.expirationMs;
        forgottenMs = other.forgottenMs;
        rover = other.rover;
        entriesToSee = other.entriesToSee;
        entriesToForget = other.entriesToForget;
        unusedSinceMs = other.unusedSinceMs;
    }

    int size() {
        return high.length - freeCount;
    }

    /**
     * Forgets what the kernel would have forgotten by now; to be called before anything else of a choice.
     *
     * @param unusedMs after which an address is forgotten: lblc_expiration, lblcr_expiration.
     */
    void expire(final long nowMs, final long unusedMs) {
        expirationMs = unusedMs;
        if (nextLookMs == NEVER) {
            nextLookMs = nowMs + MINUTE_MS;
        }
        if (nowMs >= nextLookMs) {
            lookUntil(nowMs);
        }
        for (int i = 0; i < ENTRIES_PER_CHOICE && entriesToSee > 0 && entriesToForget > 0; i++) {
            see(rover);
            rover = rover + 1 < high.length ? rover + 1 : 0;
            entriesToSee--;
        }
    }

    private void lookUntil(final long nowMs) {
        final long due = (nowMs - nextLookMs) / MINUTE_MS;
        if (due > 2 * LOOKS_PER_FULL_LOOK) {
            // A long time without a choice: half hours in which nothing changed are left out, the last one is not.
            nextLookMs += (due / LOOKS_PER_FULL_LOOK - 1) * LOOKS_PER_FULL_LOOK * MINUTE_MS;
            if (size() > CROWDED) {
                // Looks at a crowded table do not count towards a full one, but it would not be crowded any more.
                forgottenMs = nextLookMs - expirationMs;
            }
        }
        while (nowMs >= nextLookMs) {
            look(nextLookMs);
            nextLookMs += MINUTE_MS;
        }
    }

    private void look(final long atMs) {
        if (looks % LOOKS_PER_FULL_LOOK == 0) {
            looks = 1;
            forgottenMs = atMs - expirationMs;
            start(forgottenMs, size());
        } else if (size() <= CROWDED) {
            looks++;
        } else {
            start(atMs - SIX_MINUTES_MS, Math.min((size() - CROWDED) * 4 / 3, CROWDED / 2));
        }
    }

    private void start(final long sinceMs, final int most) {
        unusedSinceMs = sinceMs;
        entriesToForget = most;
        entriesToSee = high.length;
    }

    private void see(final int entry) {
        if (used[entry] && lastUseMs[entry] <= Math.max(unusedSinceMs, forgottenMs)) {
            forget(entry);
            entriesToForget--;
        }
    }

    /** The entry of an address, which counts as a use of it, or {@link #NOT_FOUND}. */
    int find(final long addressHigh, final long addressLow, final long nowMs) {
        int slot = home(addressHigh, addressLow);
        while (slots[slot] != 0) {
            final int entry = slots[slot] - 1;
            if (low[entry] == addressLow && high[entry] == addressHigh) {
                if (lastUseMs[entry] <= forgottenMs) {
                    forget(entry);
                    return NOT_FOUND;
                }
                lastUseMs[entry] = nowMs;
                return entry;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return NOT_FOUND;
    }

    /** A new entry for an address that was not found, or {@link #NOT_FOUND} if there is no room. */
    int add(final long addressHigh, final long addressLow, final long nowMs) {
        if (freeCount == 0) {
            return NOT_FOUND;
        }
        freeCount--;
        final int entry = free[freeCount];
        high[entry] = addressHigh;
        low[entry] = addressLow;
        lastUseMs[entry] = nowMs;
        used[entry] = true;
        int slot = home(addressHigh, addressLow);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = entry + 1;
        return entry;
    }

    private void forget(final int entry) {
        int slot = home(high[entry], low[entry]);
        while (slots[slot] != entry + 1) {
            slot = slot + 1 & slots.length - 1;
        }
        closeGap(slot);
        used[entry] = false;
        free[freeCount] = entry;
        freeCount++;
        listener.onForgotten(entry);
    }

    /** Empties a slot and moves up what was pushed behind it by a collision, so that no search ends too early. */
    private void closeGap(final int emptied) {
        final int mask = slots.length - 1;
        int gap = emptied;
        int slot = emptied + 1 & mask;
        while (slots[slot] != 0) {
            final int entry = slots[slot] - 1;
            final int distance = slot - home(high[entry], low[entry]) & mask;
            if (distance >= (slot - gap & mask)) {
                slots[gap] = slots[slot];
                gap = slot;
            }
            slot = slot + 1 & mask;
        }
        slots[gap] = 0;
    }

    private int home(final long addressHigh, final long addressLow) {
        // The mixing steps of SplitMix64 (Steele, Lea, Flood, 2014); seeded, since clients pick the addresses.
        long mixed = addressHigh * 0x9E3779B97F4A7C15L + addressLow ^ seed;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (int) (mixed >>> 33) & slots.length - 1;
    }
}
