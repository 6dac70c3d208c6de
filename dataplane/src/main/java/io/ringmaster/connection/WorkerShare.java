package io.ringmaster.connection;

import java.util.function.IntPredicate;

/**
 * One worker's part in a table of either form: all but the key's own look-ups and inserts. Owned by that worker's
 * thread.
 */
public abstract sealed class WorkerShare permits WorkerTable, WideWorkerTable {
    final ConnectionTable table;
    final TableWords words;
    final SlotLife life;
    final OverflowMarks marks;
    final Epochs epochs;
    final int worker;
    final Inserter inserter;
    long value;
    long ambiguous;
    long foundAt;
    int foundSlot;
    private final Sweeper sweeper;
    private final Relief relief;

    WorkerShare(final ConnectionTable table, final int worker, final int workers, final SlotListener listener) {
        this.table = table;
        this.words = table.words();
        this.life = table.life();
        this.marks = table.marks();
        this.epochs = table.epochs();
        this.worker = worker;
        this.sweeper = new Sweeper(table, worker, workers, listener);
        this.relief = new Relief(table, sweeper);
        this.inserter = new Inserter(table, worker, sweeper, relief);
    }

    /** Begins a cycle: the worker holds no slot any more. To be called at the top of each duty cycle. */
    public void beginCycle() {
        epochs.begin(worker);
    }

    /** The worker is about to block or end: slots need not wait for it until it begins a cycle again. */
    public void goAbsent() {
        epochs.leave(worker);
    }

    /** The value of the last look-up's connection, as it was then; after an insert, that of the slot it answered. */
    public long value() {
        return value;
    }

    /** Whether the slot that the last insert answered holds the value that was given. */
    public boolean inserted() {
        return inserter.won();
    }

    /**
     * Ends a connection now. The listener is not called: the caller, if the answer is true, takes it out of its counts.
     *
     * @param slot     as found in this cycle.
     * @param expected as it was when looked at; if it is not live or has changed, the answer is false.
     */
    public boolean remove(final long slot, final long expected) {
        final boolean ended = ConnectionValue.isLive(expected)
            && life.end(words.at(slot >>> ConnectionTable.SLOT_SHIFT), (int) slot & TableWords.SLOTS_PER_LINE - 1,
                expected);
        if (ended) {
            epochs.count(worker, -1);
        }
        return ended;
    }

    /**
     * Replaces the value of the connection that was found or inserted last, in this cycle. When this fails, another
     * worker was faster: look at {@link #reloaded} and try again.
     *
     * @param expected as it was when looked at; if it is not live, this fails.
     * @param update   made of expected by the functions of {@link ConnectionValue}.
     */
    public boolean replaceFound(final long expected, final long update) {
        assert ((expected ^ update) & ConnectionValue.PHASE_MASK) == 0 : "a value's phase belongs to the table";
        return ConnectionValue.isLive(expected) && life.replace(foundAt, foundSlot, expected, update);
    }

    /** The value of the connection that was found or inserted last, as it is now. */
    public long reloaded() {
        return words.valueAcquire(foundAt, foundSlot);
    }

    /** The key of the connection that was found or inserted last, as it is now. */
    public long foundKey() {
        return words.keyAcquire(foundAt, foundSlot);
    }

    /** Ends the connection that was found last; see {@link #remove}. */
    public boolean removeFound(final long expected) {
        return remove((words.lineOf(foundAt) << ConnectionTable.SLOT_SHIFT) + foundSlot, expected);
    }

    /** Takes what an insert answered for what {@link #replaceFound} and the like are about. */
    final void found(final long slot) {
        foundAt = slot < 0 ? 0 : words.at(slot >>> ConnectionTable.SLOT_SHIFT);
        foundSlot = (int) slot & TableWords.SLOTS_PER_LINE - 1;
    }

    /**
     * Looks at the next lines of this worker's share of the table, ends what is past its deadline and makes free what
     * nobody holds any more.
     *
     * @param maxLines bound of the work; reading further lines for an overflow mark counts, too.
     * @param nowMs    the director's monotonic clock.
     * @return connections ended.
     */
    public int sweep(final int maxLines, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before a sweep";
        relief.relieve(nowMs);
        return sweeper.sweep(maxLines, nowMs);
    }

    /**
     * As {@link #sweep}, but only as many lines as are due for a pass over the share in a second (up to 16 million
     * slots in the table; in proportion longer above). To be called once a cycle. A worker that waits for packets must
     * come back at least every few seconds, or connections end late.
     */
    public int sweepDue(final int maxLines, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before a sweep";
        relief.relieve(nowMs);
        return sweeper.sweepDue(maxLines, nowMs);
    }

    /**
     * What ends connections before their time, made once.
     *
     * @param removed whether the real server of a number was removed.
     */
    public Culler culler(final IntPredicate removed) {
        return new Culler(table, sweeper, removed);
    }

    /** How often this worker has been through its share; a number given back before a pass began is in no entry. */
    public long sweeps() {
        return sweeper.passes();
    }

    /** Replies that fitted more than one connection. */
    public long ambiguous() {
        return ambiguous;
    }

    /** Half-open connections that gave way. */
    public long evicted() {
        return inserter.evicted();
    }

    /** Inserts that another worker won and had not published when this one had to go on. */
    public long unsettled() {
        return inserter.unsettled();
    }

    /** Whether the entry of this value is a connection whose real server sends such a reply. */
    static boolean repliesWith(final long seen, final long replyKey, final long[] replyKeys,
                                       final long nowMs) {
        if ((seen & (ConnectionValue.PHASE_MASK | ConnectionValue.TEMPLATE)) != ConnectionValue.LIVE) {
            return false;
        }
        final int server = ConnectionValue.realServer(seen);
        return server < replyKeys.length && replyKeys[server] == replyKey && !ConnectionValue.isExpired(seen, nowMs);
    }
}
