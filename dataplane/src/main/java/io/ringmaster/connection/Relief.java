package io.ringmaster.connection;

/**
 * Takes half-open connections away in a flood, so that it never fills the table and the ways of all look-ups stay
 * short, however long it lasts. Owned by one worker; part of its inserts.
 * <p>
 * In each line that an insert looks at, the two oldest half-open entries give way. So those that go are about as many
 * as those that come, and lie in lines that are in the cache anyway. They end together at the end of the cycle.
 */
final class Relief {
    private static final int MOST = 512;
    // No live entry has this value.
    private static final long NONE = 0;

    private final TableWords words;
    private final Sweeper sweeper;
    private final int slotStep;
    private final Victims victims = new Victims(MOST);
    private long evicted;

    Relief(final ConnectionTable table, final Sweeper sweeper) {
        this.words = table.words();
        this.sweeper = sweeper;
        this.slotStep = table.form().slotStep();
    }

    long evicted() {
        return evicted;
    }

    /** An insert looks at a line. The same entry may be found again in this cycle: then it ends once. */
    void visit(final long at, final long nowMs) {
        int oldest = 0;
        int second = 0;
        long oldestValue = NONE;
        long secondValue = NONE;
        long oldestAgeMs = HalfOpen.NEVER;
        long secondAgeMs = HalfOpen.NEVER;
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long seen = words.valueAcquire(at, slot);
            final long ageMs = ConnectionValue.isLive(seen) ? HalfOpen.ageMs(seen, nowMs) : HalfOpen.NEVER;
            if (ageMs > oldestAgeMs) {
                second = oldest;
                secondValue = oldestValue;
                secondAgeMs = oldestAgeMs;
                oldest = slot;
                oldestValue = seen;
                oldestAgeMs = ageMs;
            } else if (ageMs > secondAgeMs) {
                second = slot;
                secondValue = seen;
                secondAgeMs = ageMs;
            }
        }
        add(at, oldest, oldestValue);
        add(at, second, secondValue);
    }

    private void add(final long at, final int slot, final long value) {
        if (value != NONE && victims.count() < MOST) {
            victims.add(at, slot, value);
        }
    }

    /** Ends what is to give way, at the end of a cycle. */
    void relieve(final long nowMs) {
        if (victims.count() > 0) {
            sweeper.endLive(victims);
            for (int i = 0; i < victims.count(); i++) {
                evicted += ConnectionValue.isExpired(victims.value(i), nowMs) ? 0 : 1;
            }
            victims.clear();
        }
    }
}
