package io.ringmaster.connection;

/**
 * One worker's share of expiry: a run of lines that it goes over again and again in slices. Owned by that worker.
 * Overflow marks of a line are cleared by the owner of the line alone, so each is CLEARING once at a time.
 */
final class Sweeper {
    // A pass takes a second up to 16 M slots, and as many times longer as the table is larger, 13 minutes for the
    // largest: far below the 68 minutes for which an entry past its deadline is known as such.
    private static final long PASS_MS = 1_000;
    private static final long SLOTS_PER_PASS = 16_000_000;
    private static final long DUE_LIMIT_MS = 1_000;

    private final ConnectionTable table;
    private final TableWords words;
    private final SlotLife life;
    private final MarkTender tender;
    private final Epochs epochs;
    private final int worker;
    private final SlotListener listener;
    private final int slotStep;
    private final long firstLine;
    private final long lineLimit;
    private final long passMs;
    private long line;
    private boolean tendsMarks;
    private long passes;
    // The cycle at the end of the last visit of each half of the share: what is CLEARING there was so by then. Halves,
    // because the first lines of a pass follow too soon on the last ones.
    private final long[] clearingCycles = {0, 0};
    private final long middleLine;
    private long oldestCycle;
    private long epochMs = Long.MIN_VALUE;
    private long dueMs = Long.MIN_VALUE;
    // Lines × milliseconds, so that nothing is lost to rounding.
    private long due;

    Sweeper(final ConnectionTable table, final int worker, final int workers, final SlotListener listener) {
        this.table = table;
        this.words = table.words();
        this.life = table.life();
        this.tender = new MarkTender(table);
        this.epochs = table.epochs();
        this.worker = worker;
        this.listener = listener;
        this.slotStep = table.form().slotStep();
        this.firstLine = words.lines() * worker / workers;
        this.lineLimit = words.lines() * (worker + 1) / workers;
        this.middleLine = firstLine + (lineLimit - firstLine + 1) / 2;
        this.passMs = passMs(table.slots());
        this.line = firstLine;
    }

    /** Milliseconds in which a table of so many slots is to be gone over once. */
    static long passMs(final long slots) {
        return Math.max(PASS_MS, slots * PASS_MS / SLOTS_PER_PASS);
    }

    /** No reader is in an older cycle than this; as of the last sweep, so it may be a little too low. */
    long oldestCycle() {
        return oldestCycle;
    }

    /** Looks at all readers' cycles now, for an inserter that finds its neighbourhood full; whether that helped. */
    boolean renewOldestCycle() {
        final long before = oldestCycle;
        oldestCycle = epochs.oldest();
        return oldestCycle > before;
    }

    /** Of the share. */
    long firstLine() {
        return firstLine;
    }

    /** The line behind the share. */
    long lineLimit() {
        return lineLimit;
    }

    long passes() {
        return passes;
    }

    int sweepDue(final int maxLines, final long nowMs) {
        if (dueMs != Long.MIN_VALUE) {
            due += Math.min(nowMs - dueMs, DUE_LIMIT_MS) * (lineLimit - firstLine);
        }
        dueMs = nowMs;
        final int lines = (int) Math.min(maxLines, due / passMs);
        due = Math.min(due - lines * passMs, DUE_LIMIT_MS * (lineLimit - firstLine));
        return sweep(lines, nowMs);
    }

    int sweep(final int maxLines, final long nowMs) {
        // All readers' cycles are looked at once a millisecond: it costs a cache miss for each reader.
        if (nowMs != epochMs) {
            epochMs = nowMs;
            oldestCycle = epochs.oldest();
        }
        int ended = 0;
        if (firstLine == lineLimit) {
            return 0;
        }
        for (int left = maxLines; left > 0; left--) {
            if (line == firstLine || line == middleLine) {
                // If a reader has been in its cycle for so long, the half's marks wait for the next pass.
                tendsMarks = oldestCycle > clearingCycles[half()];
            }
            ended += sweepLine(nowMs);
            left -= tendsMarks ? tender.tend(line) : 0;
            advance();
        }
        return ended;
    }

    private int half() {
        return line < middleLine ? 0 : 1;
    }

    private void advance() {
        final int half = half();
        line++;
        if (tendsMarks && (line == middleLine || line == lineLimit)) {
            clearingCycles[half] = epochs.current();
        }
        if (line == lineLimit) {
            line = firstLine;
            passes++;
        }
    }

    /** LIVE to DYING, counted and told; false if the entry has changed. */
    boolean endLive(final long at, final int slot, final long seen) {
        // Before the step, while the key is there: only the winner of the step clears it, and nobody writes another.
        final long key = words.keyAcquire(at, slot);
        if (!life.end(at, slot, seen)) {
            return false;
        }
        epochs.count(worker, -1);
        listener.onSlot(at, slot, key, seen);
        return true;
    }

    /** As the other one, of several entries together; those that have changed are victims no longer. */
    void endLive(final Victims victims) {
        life.endAll(victims);
        epochs.count(worker, -victims.count());
        for (int i = 0; i < victims.count(); i++) {
            listener.onSlot(victims.at(i), victims.slot(i), victims.key(i), victims.value(i));
        }
    }

    /** Ends a connection that the side table knows, unless data connections keep it: 60 s more, as a template's. */
    private int judge(final long at, final int slot, final long seen, final long nowMs) {
        final long key = words.keyAcquire(at, slot);
        if (table.side().keeps(key, words.addressHigh(at, slot), words.addressLow(at, slot))) {
            life.replace(at, slot, seen, TemplateValue.rearmed(seen, nowMs));
            return 0;
        }
        return endLive(at, slot, seen) ? 1 : 0;
    }

    private int sweepLine(final long nowMs) {
        final long at = words.at(line);
        int ended = 0;
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long seen = words.valueAcquire(at, slot);
            final long phase = seen & ConnectionValue.PHASE_MASK;
            if (phase == ConnectionValue.LIVE) {
                if (ConnectionValue.isExpired(seen, nowMs)) {
                    ended += endLive(at, slot, seen) ? 1 : 0;
                } else if (TemplateValue.toBeRearmed(seen, nowMs)) {
                    // If this fails somebody else has just changed it; the next pass looks again.
                    life.replace(at, slot, seen, TemplateValue.rearmed(seen, nowMs));
                } else if (ConnectionValue.isInQuestion(seen, nowMs)) {
                    ended += judge(at, slot, seen, nowMs);
                }
            } else if (phase == ConnectionValue.DYING && SlotLife.isClaimable(seen, oldestCycle)) {
                life.free(at, slot, seen);
            }
        }
        return ended;
    }
}
