package io.ringmaster.connection;

/**
 * One worker's inserts. Owned by that worker; the rules it follows are at the top of {@link ConnectionTable}.
 */
final class Inserter {
    /** An inserter that has to go further makes room for the next ones; at load 0.7, 28 in a million go beyond 24. */
    static final int CROWDED_LINES = 28;
    // A twin is pending for some tens of nanoseconds, unless its thread was stopped just then: not worth waiting for.
    private static final int SPINS = 64;
    private static final int ATTEMPTS = 4;
    private static final long NONE = -1;
    private static final long KIND = ConnectionValue.TEMPLATE;

    private final ConnectionTable table;
    private final TableWords words;
    private final SlotLife life;
    private final OverflowMarks marks;
    private final Epochs epochs;
    private final int worker;
    private final int slotStep;
    private final Sweeper sweeper;
    private final RoomMaker room;
    private final Relief relief;
    // Of the key that is inserted, in a table of the wide form.
    private long addressHigh;
    private long addressLow;
    private boolean won;
    private boolean crowded;
    private long claimedLine;
    private long value;
    private long unsettled;

    Inserter(final ConnectionTable table, final int worker, final Sweeper sweeper, final Relief relief) {
        this.table = table;
        this.words = table.words();
        this.life = table.life();
        this.marks = table.marks();
        this.epochs = table.epochs();
        this.worker = worker;
        this.slotStep = table.form().slotStep();
        this.sweeper = sweeper;
        this.relief = relief;
        this.room = new RoomMaker(table, sweeper);
    }

    boolean won() {
        return won;
    }

    long value() {
        return value;
    }

    long evicted() {
        return room.evicted() + relief.evicted();
    }

    long unsettled() {
        return unsettled;
    }

    /**
     * The common case of {@link #insert} in a table of the narrow form, short enough to become part of its caller: the
     * home line has a slot to be had, nothing passed it, and no twin is there.
     *
     * @param home where the home line of the key's hash is.
     * @return the slot in this line that holds the connection, or -1 if this is another case: nothing is done then, or
     *         it was given up.
     */
    int insertAtHome(final long home, final long key, final long fresh, final long nowMs) {
        assert key != ConnectionKey.NONE;
        relief.insert(home);
        final long oldest = sweeper.oldestCycle();
        final int claimable = life.claimableSlots(home, oldest);
        if (claimable == 0 || !marks.endsLookUp(home, 0)) {
            return (int) NONE;
        }
        if (relief.flooded()) {
            relief.visit(home, nowMs);
        }
        final int slot = Integer.numberOfTrailingZeros(claimable);
        final long seen = words.valueAcquire(home, slot);
        final long pending = pending(fresh);
        if (!SlotLife.isClaimable(seen, oldest) || !life.claim(home, slot, seen, pending)) {
            return (int) NONE;
        }
        words.keyRelease(home, slot, key);
        // Key before scan, as in settle. With the mark clear after the keys were looked at, the path is this line.
        TableWords.fullFence();
        if (words.slotsOf(home, key) == 1 << slot && marks.endsLookUp(home, 0)) {
            if (life.publish(home, slot, pending)) {
                epochs.count(worker, 1);
                won = true;
                value = published(pending);
                return slot;
            }
        } else {
            // There is a twin, or may be one: it is met by an insert that begins anew.
            life.end(home, slot, pending);
        }
        return (int) NONE;
    }

    private static long pending(final long fresh) {
        return fresh & ~(ConnectionValue.PHASE_MASK | ConnectionValue.MARK_MASK) | ConnectionValue.PENDING;
    }

    private static long published(final long pending) {
        return pending & ~ConnectionValue.PHASE_MASK | ConnectionValue.LIVE;
    }

    /** As the other one, in a table of the wide form. */
    long insert(final long key, final long high, final long low, final long hash, final long fresh, final long nowMs) {
        addressHigh = high;
        addressLow = low;
        relief.insert(words.at(table.line(hash)));
        return insert(key, hash, fresh, nowMs);
    }

    long insert(final long key, final long hash, final long fresh, final long nowMs) {
        assert key != ConnectionKey.NONE;
        final long pending = pending(fresh);
        won = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final int place = claim(hash, pending, nowMs);
            if (place < 0) {
                room.makeAhead(hash, nowMs);
                final long twin = twin(key, hash, pending & KIND, nowMs);
                return twin == NONE ? ConnectionTable.FULL : twin;
            }
            if (crowded) {
                room.make(hash, nowMs, 1);
            }
            final long slot = settle(key, hash, pending, place, nowMs);
            if (slot != NONE) {
                return slot;
            }
        }
        return ConnectionTable.FULL;
    }

    private boolean holds(final long at, final int slot, final long key) {
        return words.keyAcquire(at, slot) == key
            && (slotStep == 1 || words.hasAddress(at, slot, addressHigh, addressLow));
    }

    /** Claims the first slot of the path that can be had; its place in the path (line × 4 + slot), or NONE. */
    private int claim(final long hash, final long pending, final long nowMs) {
        final long oldest = sweeper.oldestCycle();
        final boolean flooded = relief.flooded();
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            if (flooded) {
                relief.visit(at, nowMs);
            }
            for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
                final long seen = words.valueAcquire(at, slot);
                if (SlotLife.isClaimable(seen, oldest) && life.claim(at, slot, seen, pending)) {
                    crowded = i >= CROWDED_LINES;
                    claimedLine = line;
                    return i * TableWords.SLOTS_PER_LINE + slot;
                }
            }
            if (i == CROWDED_LINES && sweeper.renewOldestCycle()) {
                // What gave way since the last sweep can be had by now, nearer than what lies ahead. Again at most as
                // often as cycles begin, and this worker begins none meanwhile.
                return claim(hash, pending, nowMs);
            }
            // Before it passes: whoever finds nothing here must know that it may lie further on.
            if (i < ConnectionTable.PROBES - 1) {
                marks.setPassed(at, i);
            }
            line = table.lineAfter(line);
        }
        return (int) NONE;
    }

    /** Writes the key of the claimed slot and finds out who of its twins wins; NONE if it must be tried again. */
    private long settle(final long key, final long hash, final long pending, final int place, final long nowMs) {
        final long line = claimedLine;
        final long at = words.at(line);
        final int slot = place % TableWords.SLOTS_PER_LINE;
        if (slotStep > 1) {
            words.putAddress(at, slot, addressHigh, addressLow);
        }
        // The last of the words, and never 0: whoever sees it sees all, and nobody looks at the address before.
        words.keyRelease(at, slot, key);
        // Key before scan: of two inserters of one key, at least one sees the other's.
        TableWords.fullFence();
        if (yields(key, hash, pending & KIND, place, nowMs)) {
            life.end(at, slot, pending);
        } else if (life.publish(at, slot, pending)) {
            epochs.count(worker, 1);
            won = true;
            value = published(pending);
            return (line << ConnectionTable.SLOT_SHIFT) + slot;
        }
        return winner(key, hash, pending & KIND, nowMs);
    }

    /** Whether a twin goes before the one at this place; ends pending twins at higher places. */
    private boolean yields(final long key, final long hash, final long kind, final int place, final long nowMs) {
        final int lastLine = place / TableWords.SLOTS_PER_LINE;
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
                final int other = i * TableWords.SLOTS_PER_LINE + slot;
                if (other != place && holds(at, slot, key)
                    && !giveWay(at, slot, kind, other > place, nowMs)) {
                    return true;
                }
            }
            if (i >= lastLine && marks.endsLookUp(at, i)) {
                return false;
            }
            line = table.lineAfter(line);
        }
        return false;
    }

    /** Whether the entry in a slot of the same key is gone, of another kind, or was made to give way here. */
    private boolean giveWay(final long at, final int slot, final long kind, final boolean higher, final long nowMs) {
        for (;;) {
            final long seen = words.valueAcquire(at, slot);
            final long phase = seen & ConnectionValue.PHASE_MASK;
            if (phase == ConnectionValue.DYING || phase == ConnectionValue.FREE || (seen & KIND) != kind) {
                return true;
            }
            if (phase == ConnectionValue.LIVE) {
                if (!ConnectionValue.isExpired(seen, nowMs)) {
                    return false;
                }
                if (sweeper.endLive(at, slot, seen)) {
                    return true;
                }
            } else if (!higher) {
                return false;
            } else if (life.end(at, slot, seen)) {
                return true;
            }
            // It changed between look and step: PENDING became LIVE, or LIVE was refreshed or ended. Look again.
        }
    }

    /** The LIVE twin; after some tries a PENDING one; NONE if there is neither. */
    private long winner(final long key, final long hash, final long kind, final long nowMs) {
        long slot = NONE;
        for (int i = 0; i < SPINS; i++) {
            slot = twin(key, hash, kind, nowMs);
            if (slot == NONE || ConnectionValue.isLive(value)) {
                return slot;
            }
            Thread.onSpinWait();
        }
        unsettled++;
        return slot;
    }

    /** A LIVE entry of this key that is not past its deadline, else a PENDING one, else NONE; sets the value. */
    private long twin(final long key, final long hash, final long kind, final long nowMs) {
        long pending = NONE;
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
                if (holds(at, slot, key)) {
                    final long seen = words.valueAcquire(at, slot);
                    final long phase = seen & (ConnectionValue.PHASE_MASK | KIND);
                    if (phase == (ConnectionValue.LIVE | kind) && !ConnectionValue.isExpired(seen, nowMs)) {
                        value = seen;
                        return (line << ConnectionTable.SLOT_SHIFT) + slot;
                    } else if (phase == (ConnectionValue.PENDING | kind) && pending == NONE) {
                        value = seen;
                        pending = (line << ConnectionTable.SLOT_SHIFT) + slot;
                    }
                }
            }
            if (marks.endsLookUp(at, i)) {
                return pending;
            }
            line = table.lineAfter(line);
        }
        return pending;
    }
}
