package io.ringmaster.sip;

import io.ringmaster.packet.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Calls: a client and the Call-ID that it sent, under a number that stands for both while somebody refers to it.
 * Lock-free and shared by all workers; fixed in size.
 * <p>
 * A call lies in one of the {@link #PROBES} slots from the one that its hash names. Each slot has a word that says all
 * that may change, and a body that is written once in its life:
 * <pre>
 *    63 62 61        40 39      24 23         0
 *   +-----+------------+----------+------------+     phase  0 free, 1 claimed, 2 pending, 3 live
 *   |phase| references |   tag    | generation |     tag    16 bits of the hash
 *   +-----+------------+----------+------------+
 * </pre>
 * Rules, as in the connection table:
 * <ul>
 * <li>Every change of a word is a compare-and-set, but for the step from claimed to pending, since a claimed slot is
 *     its claimer's alone. A claim counts the generation on, so a step that was meant for an earlier call fails.</li>
 * <li>The body is written between the claim and the step to pending (release). Who sees pending or live (acquire) and
 *     then reads the body has read that call's, if the word has the same generation afterwards; who refers to the call
 *     anew finds that out by the compare-and-set that does so.</li>
 * <li>Insert is insert-or-get: after the step to pending an inserter passes a full fence and looks at all slots of its
 *     path. It yields to a live twin and to a pending one at a lower place, and ends a pending one at a higher place;
 *     so of two inserters of one call at least one sees the other, and one number remains.</li>
 * <li>With the last reference the slot is free at once. Nobody reads a body without a reference, but for the look-ups
 *     above and a lister, which tell by the generation.</li>
 * </ul>
 */
final class CallTable {
    /** Answer of {@link #refer}: no room. */
    static final int FULL = -1;
    /** Slots in which a call may lie: with half of all in use, about one of a hundred million finds them all taken. */
    static final int PROBES = 96;
    private static final int ATTEMPTS = 8;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int PHASE_SHIFT = 62;
    private static final long FREE = 0;
    private static final long CLAIMED = 1;
    private static final long PENDING = 2;
    private static final long LIVE = 3;
    private static final long REFERENCE = 1L << 40;
    private static final long REFERENCES_MASK = (1L << 22) - 1 << 40;
    private static final int TAG_SHIFT = 24;
    private static final long TAG_MASK = 0xffffL << TAG_SHIFT;
    private static final long GENERATION_MASK = (1L << TAG_SHIFT) - 1;

    // The body: the client's address, the way to it, the length of the Call-ID and its bytes.
    private static final long HIGH = 0;
    private static final long LOW = 8;
    private static final long HOP = 16;
    private static final long LENGTH = 24;
    private static final long BYTES = 32;
    private static final long BODY_BYTES = 288;

    private final int slots;
    private final CallHash hashes = CallHash.secret();
    private final MemorySegment words;
    private final MemorySegment bodies;

    /** A table of so many slots, at least one. */
    CallTable(final int slots) {
        this.slots = slots;
        this.words = Arena.ofAuto().allocate((long) slots * Long.BYTES, Long.BYTES);
        this.bodies = Arena.ofAuto().allocate(slots * BODY_BYTES, Long.BYTES);
    }

    static long bytesOfSlot() {
        return Long.BYTES + BODY_BYTES;
    }

    /**
     * The number of a call, which has one reference more from now on.
     *
     * @param high   client's masked address, high long.
     * @param low    low long.
     * @param memory where the Call-ID is.
     * @param length of it, 1 to {@link CallId#LONGEST_BYTES}.
     * @return 0 to slots − 1, or {@link #FULL}.
     */
    int refer(final long high, final long low, final MemorySegment memory, final long offset, final int length) {
        final long hash = hashes.of(high, low, memory, offset, length);
        final int home = (int) Math.unsignedMultiplyHigh(hash, slots);
        final long tag = (hash & 0xffff) << TAG_SHIFT;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final int known = known(home, tag, high, low, memory, offset, length);
            if (known >= 0) {
                return known;
            }
            final int slot = claim(home, tag);
            if (slot < 0) {
                return FULL;
            }
            final long pending = write(slot, high, low, memory, offset, length);
            if (yields(home, slot, tag, high, low, memory, offset, length)) {
                cas(slot, pending, free(pending));
            } else if (cas(slot, pending, pending & ~(3L << PHASE_SHIFT) | LIVE << PHASE_SHIFT | REFERENCE)) {
                return slot;
            }
            // Another worker has it, or had it a moment ago.
        }
        return FULL;
    }

    /** The live call, with one reference more; negative if there is none. */
    private int known(final int home, final long tag, final long high, final long low, final MemorySegment memory,
                      final long offset, final int length) {
        for (int i = 0; i < Math.min(PROBES, slots); i++) {
            final int slot = place(home, i);
            for (long word = word(slot); isOf(word, LIVE, tag)
                && isBody(slot, high, low, memory, offset, length); word = word(slot)) {
                if ((word & REFERENCES_MASK) == REFERENCES_MASK) {
                    return FULL;
                }
                if (cas(slot, word, word + REFERENCE)) {
                    return slot;
                }
            }
        }
        return FULL;
    }

    private int claim(final int home, final long tag) {
        for (int i = 0; i < Math.min(PROBES, slots); i++) {
            final int slot = place(home, i);
            final long word = word(slot);
            if (word >>> PHASE_SHIFT == FREE
                && cas(slot, word, CLAIMED << PHASE_SHIFT | tag | word + 1 & GENERATION_MASK)) {
                return slot;
            }
        }
        return FULL;
    }

    /** Writes the body of a claimed slot, which is pending then; its word. */
    private long write(final int slot, final long high, final long low, final MemorySegment memory, final long offset,
                       final int length) {
        // The claim before the body: who reads half of it finds the word changed.
        VarHandle.fullFence();
        final long body = slot * BODY_BYTES;
        LONG.setOpaque(bodies, body + HIGH, high);
        LONG.setOpaque(bodies, body + LOW, low);
        LONG.setOpaque(bodies, body + HOP, 0L);
        LONG.setOpaque(bodies, body + LENGTH, (long) length);
        MemorySegment.copy(memory, offset, bodies, body + BYTES, length);
        final long pending = word(slot) & ~(3L << PHASE_SHIFT) | PENDING << PHASE_SHIFT;
        LONG.setRelease(words, (long) slot * Long.BYTES, pending);
        // Pending before the look at the others: of two inserters at least one sees the other.
        VarHandle.fullFence();
        return pending;
    }

    /** Whether a twin goes before the one in this slot; ends pending twins at higher places. */
    private boolean yields(final int home, final int own, final long tag, final long high, final long low,
                           final MemorySegment memory, final long offset, final int length) {
        boolean higher = false;
        for (int i = 0; i < Math.min(PROBES, slots); i++) {
            final int slot = place(home, i);
            if (slot == own) {
                higher = true;
                continue;
            }
            for (long word = word(slot); word >>> PHASE_SHIFT >= PENDING && (word & TAG_MASK) == tag
                && isBody(slot, high, low, memory, offset, length); word = word(slot)) {
                VarHandle.loadLoadFence();
                if (word(slot) != word) {
                    // The body may have been another call's.
                    continue;
                }
                if (word >>> PHASE_SHIFT == LIVE || !higher) {
                    return true;
                }
                if (cas(slot, word, free(word))) {
                    break;
                }
            }
        }
        return false;
    }

    /** Refers once more to a call that the caller has a reference to; false if there are too many. */
    boolean retain(final int number) {
        for (;;) {
            final long word = word(number);
            assert word >>> PHASE_SHIFT == LIVE : "a call without reference";
            if ((word & REFERENCES_MASK) == REFERENCES_MASK) {
                return false;
            }
            if (cas(number, word, word + REFERENCE)) {
                return true;
            }
        }
    }

    /** Gives a reference back. */
    void release(final int number) {
        for (;;) {
            final long word = word(number);
            assert word >>> PHASE_SHIFT == LIVE && (word & REFERENCES_MASK) != 0 : "a call without reference";
            final boolean last = (word & REFERENCES_MASK) == REFERENCE;
            if (cas(number, word, last ? free(word) : word - REFERENCE)) {
                return;
            }
        }
    }

    /** What a lister knows a call by, for {@link #isStill}; negative if there is none of this number. */
    long seen(final int number) {
        final long word = number < slots ? word(number) : FREE;
        return word >>> PHASE_SHIFT == LIVE ? word & (TAG_MASK | GENERATION_MASK) : -1;
    }

    /** Whether all that was read of a call since {@link #seen} was that call's. */
    boolean isStill(final int number, final long seen) {
        VarHandle.loadLoadFence();
        return seen(number) == seen;
    }

    long high(final int number) {
        return (long) LONG.getOpaque(bodies, number * BODY_BYTES + HIGH);
    }

    long low(final int number) {
        return (long) LONG.getOpaque(bodies, number * BODY_BYTES + LOW);
    }

    /** Number of the hop towards the client, 0 for none. */
    int hop(final int number) {
        return (int) (long) LONG.getOpaque(bodies, number * BODY_BYTES + HOP);
    }

    /** Remembers the hop towards the client. */
    void setHop(final int number, final int hop) {
        LONG.setOpaque(bodies, number * BODY_BYTES + HOP, (long) hop);
    }

    /** The bytes of a Call-ID. */
    byte[] bytes(final int number) {
        final long body = number * BODY_BYTES;
        final int length = (int) (long) LONG.getOpaque(bodies, body + LENGTH);
        return bodies.asSlice(body + BYTES, Math.clamp(length, 0, CallId.LONGEST_BYTES))
            .toArray(ValueLayout.JAVA_BYTE);
    }

    /** Calls that somebody refers to, a little old. */
    int live() {
        int live = 0;
        for (int slot = 0; slot < slots; slot++) {
            live += word(slot) >>> PHASE_SHIFT == LIVE ? 1 : 0;
        }
        return live;
    }

    private boolean isBody(final int slot, final long high, final long low, final MemorySegment memory,
                           final long offset, final int length) {
        final long body = slot * BODY_BYTES;
        if (high(slot) != high || low(slot) != low || (long) LONG.getOpaque(bodies, body + LENGTH) != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (BigEndian.u8(bodies, body + BYTES + i) != BigEndian.u8(memory, offset + i)) {
                return false;
            }
        }
        return true;
    }

    private int place(final int home, final int step) {
        return home + step < slots ? home + step : home + step - slots;
    }

    private static boolean isOf(final long word, final long phase, final long tag) {
        return word >>> PHASE_SHIFT == phase && (word & TAG_MASK) == tag;
    }

    private static long free(final long word) {
        return word & GENERATION_MASK;
    }

    private long word(final int slot) {
        return (long) LONG.getAcquire(words, (long) slot * Long.BYTES);
    }

    private boolean cas(final int slot, final long expected, final long update) {
        return LONG.compareAndSet(words, (long) slot * Long.BYTES, expected, update);
    }
}
