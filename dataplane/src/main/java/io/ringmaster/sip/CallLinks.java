package io.ringmaster.sip;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Which call a connection was made by: an entry of the connection table has no room for it. Lock-free and shared by all
 * workers; fixed in size.
 * <p>
 * A link is written before its connection is in the table and taken out by whoever ended that. It lies in one of the
 * {@link #PROBES} slots from the one that its hash names, each four words:
 * <pre>
 *    63 62 61       52 51           24 23         0
 *   +-----+-----------+---------------+------------+     phase  0 free, 1 claimed, 3 live
 *   |phase|           |     call      | generation |     then the connection's key and the two words of its address
 *   +-----+-----------+---------------+------------+
 * </pre>
 * Every change of a first word is a compare-and-set, but for that to live, which is the claimer's. A claim counts the
 * generation on, so what was read of a link was that link's if the word is the same afterwards.
 */
final class CallLinks {
    static final long NONE = -1;
    static final int PROBES = CallTable.PROBES;
    static final long SLOT_BYTES = 32;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int PHASE_SHIFT = 62;
    private static final long CLAIMED = 1;
    private static final long LIVE = 3;
    private static final int CALL_SHIFT = 24;
    private static final int CALL_MASK = (1 << 28) - 1;
    private static final long GENERATION_MASK = (1L << CALL_SHIFT) - 1;
    private static final long KEY = 8;
    private static final long HIGH = 16;
    private static final long LOW = 24;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final int slots;
    private final long seed;
    private final MemorySegment memory;

    CallLinks(final int slots, final long seed) {
        this.slots = slots;
        this.seed = seed;
        this.memory = Arena.ofAuto().allocate(slots * SLOT_BYTES, Long.BYTES);
    }

    /** Links a connection to a call; negative if there is no room. */
    int put(final long key, final long high, final long low, final int call) {
        final int home = home(key, high, low);
        for (int i = 0; i < Math.min(PROBES, slots); i++) {
            final int slot = place(home, i);
            final long at = slot * SLOT_BYTES;
            final long word = (long) LONG.getAcquire(memory, at);
            final long generation = word + 1 & GENERATION_MASK;
            if (word >>> PHASE_SHIFT == 0
                && LONG.compareAndSet(memory, at, word, CLAIMED << PHASE_SHIFT | generation)) {
                // The claim before the rest: who reads half of it finds the word changed.
                VarHandle.fullFence();
                LONG.setOpaque(memory, at + KEY, key);
                LONG.setOpaque(memory, at + HIGH, high);
                LONG.setOpaque(memory, at + LOW, low);
                LONG.setRelease(memory, at, LIVE << PHASE_SHIFT | (long) call << CALL_SHIFT | generation);
                return slot;
            }
        }
        return (int) NONE;
    }

    /** The call of a connection; negative if it has none. */
    int find(final long key, final long high, final long low) {
        final int slot = slot(key, high, low);
        final long word = slot < 0 ? 0 : (long) LONG.getAcquire(memory, slot * SLOT_BYTES);
        final boolean same = word >>> PHASE_SHIFT == LIVE && holds(slot, key, high, low);
        VarHandle.loadLoadFence();
        return same && (long) LONG.getAcquire(memory, slot * SLOT_BYTES) == word ? call(word) : (int) NONE;
    }

    /** The call of a connection that has ended, which has no link any more; negative if it had none. */
    int take(final long key, final long high, final long low) {
        for (;;) {
            final int slot = slot(key, high, low);
            if (slot < 0) {
                return slot;
            }
            final long word = (long) LONG.getAcquire(memory, slot * SLOT_BYTES);
            // Looked at once more under this very word: the slot may have become another connection's.
            if (word >>> PHASE_SHIFT == LIVE && holds(slot, key, high, low)
                && LONG.compareAndSet(memory, slot * SLOT_BYTES, word, word & GENERATION_MASK)) {
                return call(word);
            }
        }
    }

    private int slot(final long key, final long high, final long low) {
        final int home = home(key, high, low);
        for (int i = 0; i < Math.min(PROBES, slots); i++) {
            final int slot = place(home, i);
            if ((long) LONG.getAcquire(memory, slot * SLOT_BYTES) >>> PHASE_SHIFT == LIVE
                && holds(slot, key, high, low)) {
                return slot;
            }
        }
        return (int) NONE;
    }

    private boolean holds(final int slot, final long key, final long high, final long low) {
        final long at = slot * SLOT_BYTES;
        return (long) LONG.getOpaque(memory, at + KEY) == key && (long) LONG.getOpaque(memory, at + HIGH) == high
            && (long) LONG.getOpaque(memory, at + LOW) == low;
    }

    /** Links, a little old. */
    int live() {
        int live = 0;
        for (int slot = 0; slot < slots; slot++) {
            live += (long) LONG.getAcquire(memory, slot * SLOT_BYTES) >>> PHASE_SHIFT == LIVE ? 1 : 0;
        }
        return live;
    }

    private static int call(final long word) {
        return (int) (word >>> CALL_SHIFT) & CALL_MASK;
    }

    private int home(final long key, final long high, final long low) {
        long hash = (key ^ seed) * SPREAD;
        hash = (hash ^ hash >>> Integer.SIZE ^ high) * SPREAD;
        hash = (hash ^ hash >>> Integer.SIZE ^ low) * SPREAD;
        return (int) Math.unsignedMultiplyHigh(hash ^ hash >>> Integer.SIZE, slots);
    }

    private int place(final int home, final int step) {
        return home + step < slots ? home + step : home + step - slots;
    }
}
