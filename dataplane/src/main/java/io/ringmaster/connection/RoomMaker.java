package io.ringmaster.connection;

/**
 * Makes room where it is short: ends what is past its deadline, then the oldest half-open connections of the
 * neighbourhood, then templates of which no connection was ever established, or a flood of clients would fill the table
 * with them. Owned by one worker; part of its inserts.
 * <p>
 * A slot that was made free can be had a cycle or two later: within this cycle somebody may still hold it. So room is
 * made ahead.
 */
final class RoomMaker {
    /** Lines in which it looks for what may give way if a neighbourhood is full. */
    private static final int ROOM_LINES = 32;
    /** Slots that a full neighbourhood is to have free, for the next ones. */
    private static final int ROOM_AHEAD = 8;

    private final ConnectionTable table;
    private final TableWords words;
    private final int slotStep;
    private final Sweeper sweeper;
    private final long[] oldestAt = new long[ROOM_AHEAD];
    private final int[] oldestSlot = new int[ROOM_AHEAD];
    private final long[] oldest = new long[ROOM_AHEAD];
    private final long[] agesMs = new long[ROOM_AHEAD];
    private int candidates;
    private int free;
    private long evicted;

    RoomMaker(final ConnectionTable table, final Sweeper sweeper) {
        this.table = table;
        this.words = table.words();
        this.slotStep = table.form().slotStep();
        this.sweeper = sweeper;
    }

    long evicted() {
        return evicted;
    }

    /** In the neighbourhood of a hash, at least so many entries, and more if less than 8 slots are not in use. */
    void make(final long hash, final long nowMs, final int least) {
        final int ended = look(hash, nowMs);
        evict(Math.max(least, ROOM_AHEAD - free) - ended);
    }

    /** In the neighbourhood of a hash, so many that cannot be inserted. */
    void makeAhead(final long hash, final long nowMs) {
        make(hash, nowMs, ROOM_AHEAD);
    }

    /** Ends what is past its deadline and notes the oldest half-open ones, and how many slots are not in use. */
    private int look(final long hash, final long nowMs) {
        int ended = 0;
        free = 0;
        candidates = 0;
        long line = table.line(hash);
        for (int i = 0; i < ROOM_LINES; i++) {
            final long at = words.at(line);
            for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
                final long seen = words.valueAcquire(at, slot);
                if ((seen & ConnectionValue.PHASE_MASK) != ConnectionValue.LIVE) {
                    free++;
                } else if (ConnectionValue.isExpired(seen, nowMs)) {
                    ended += sweeper.endLive(at, slot, seen) ? 1 : 0;
                } else {
                    consider(at, slot, seen, HalfOpen.ageMs(seen, nowMs));
                }
            }
            line = table.lineAfter(line);
        }
        return ended;
    }

    private void evict(final int wanted) {
        int ended = 0;
        for (int i = 0; i < candidates && ended < wanted; i++) {
            ended += sweeper.endLive(oldestAt[i], oldestSlot[i], oldest[i]) ? 1 : 0;
        }
        evicted += ended;
    }

    /** Keeps an entry if it is one of the oldest yet; the oldest comes first. */
    private void consider(final long at, final int slot, final long seen, final long ageMs) {
        if (ageMs == HalfOpen.NEVER || candidates == ROOM_AHEAD && ageMs <= agesMs[ROOM_AHEAD - 1]) {
            return;
        }
        int place = candidates < ROOM_AHEAD ? candidates++ : ROOM_AHEAD - 1;
        for (; place > 0 && agesMs[place - 1] < ageMs; place--) {
            agesMs[place] = agesMs[place - 1];
            oldest[place] = oldest[place - 1];
            oldestAt[place] = oldestAt[place - 1];
            oldestSlot[place] = oldestSlot[place - 1];
        }
        agesMs[place] = ageMs;
        oldest[place] = seen;
        oldestAt[place] = at;
        oldestSlot[place] = slot;
    }
}
