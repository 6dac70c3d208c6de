package io.ringmaster.connection;

/**
 * Takes half-open connections away in a flood, so that it never fills the table and the ways of all look-ups stay
 * short, however long it lasts. Owned by one worker; part of its inserts.
 * <p>
 * It is a flood when more than an eighth of the table is half-open connections (connecting takes clients a fraction of
 * a second), and does harm when less than half of the table is free. Home lines of inserts are a fair sample of it,
 * since the hash is secret. Then in each line that an insert looks at the two oldest half-open entries give way. So
 * those that go are about as many as those that come, and lie in lines that are in the cache anyway. They end together
 * at the end of the cycle.
 */
final class Relief {
    private static final int MOST_VICTIMS = 512;
    private static final int FLOOD_SHARE = 8;
    private static final int TAKEN_SHARE = 2;
    /** Every so manieth insert's home line is looked at. */
    private static final int SAMPLE_EVERY = 4;
    private static final int LEAST_SAMPLES = 16;
    private static final int MOST_SAMPLES = 256;
    /** Of a small table less, so that no flood fills it before it is known as one. */
    private static final int LINES_PER_SAMPLE = 16;
    // No live entry has this value.
    private static final long NONE = 0;

    private final TableWords words;
    private final Sweeper sweeper;
    private final int slotStep;
    private final int samples;
    private final Victims victims = new Victims(MOST_VICTIMS);
    private int inserts;
    private int sampled;
    private int live;
    private int halfOpen;
    private boolean flooded;
    private long evicted;

    Relief(final ConnectionTable table, final Sweeper sweeper) {
        this.words = table.words();
        this.sweeper = sweeper;
        this.slotStep = table.form().slotStep();
        this.samples = Math.clamp(words.lines() / LINES_PER_SAMPLE, LEAST_SAMPLES, MOST_SAMPLES);
    }

    long evicted() {
        return evicted;
    }

    /** Whether lines that an insert looks at are to be visited. */
    boolean flooded() {
        return flooded;
    }

    /** An insert begins, in this home line. */
    void insert(final long home) {
        inserts++;
        if (inserts % SAMPLE_EVERY == 0) {
            sample(home);
        }
    }

    private void sample(final long at) {
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long seen = words.valueAcquire(at, slot);
            if (ConnectionValue.isLive(seen)) {
                live++;
                halfOpen += HalfOpen.is(seen) ? 1 : 0;
            }
        }
        sampled++;
        if (sampled == samples) {
            final int slots = samples * TableWords.SLOTS_PER_LINE / slotStep;
            flooded = halfOpen * FLOOD_SHARE > slots && live * TAKEN_SHARE > slots;
            sampled = 0;
            live = 0;
            halfOpen = 0;
        }
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
        if (value != NONE && victims.count() < MOST_VICTIMS) {
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
            // So that the slots can be had soon.
            sweeper.renewOldestCycle();
        }
    }
}
