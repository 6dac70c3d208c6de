package io.ringmaster.connection;

/**
 * Lists connections for a thread that is no worker (the control thread), in bounded steps. Owned by that thread. It is
 * a reader of the table like a worker: within a step no slot that it looks at is used again; between steps it is absent
 * and holds up nobody.
 */
public final class ConnectionLister {
    private static final int MS_PER_SEC = 1_000;

    private final ConnectionTable table;
    private final TableWords words;
    private final Epochs epochs;
    private final int reader;

    ConnectionLister(final ConnectionTable table, final int reader) {
        this.table = table;
        this.words = table.words();
        this.epochs = table.epochs();
        this.reader = reader;
    }

    /**
     * One step of a listing. Connections that are there from the first step to the last are listed once each; those
     * that come or go meanwhile may be.
     *
     * @param cursor   0 to begin, then what the last step answered.
     * @param maxLines lines to look at, of four entries each, or of two in the wide form.
     * @param nowMs    the director's monotonic clock; what is past its deadline is left out.
     * @param consumer is called for each connection and template.
     * @return where to go on, or −1 at the end.
     */
    public long list(final long cursor, final int maxLines, final long nowMs, final ConnectionConsumer consumer) {
        table.requireForm(TableForm.NARROW);
        return step(cursor, maxLines, nowMs, (at, slot, key, value) ->
            consumer.onConnection(key, value, remainingSec(value, nowMs)));
    }

    /** As {@link #list}, of a table of the wide form. */
    public long listWide(final long cursor, final int maxLines, final long nowMs,
                         final WideConnectionConsumer consumer) {
        table.requireForm(TableForm.WIDE);
        return step(cursor, maxLines, nowMs, (at, slot, key, value) -> consumer.onConnection(
            words.addressHigh(at, slot), words.addressLow(at, slot), key, value, remainingSec(value, nowMs)));
    }

    /**
     * Everything that a look-up by a hash can meet, in the order in which it meets it, and some entries of others; one
     * short step.
     *
     * @param hash     see {@link ConnectionTable#hash}.
     * @param nowMs    the director's monotonic clock; what is past its deadline is left out.
     * @param consumer is called for each connection and template.
     */
    public void near(final long hash, final long nowMs, final ConnectionConsumer consumer) {
        table.requireForm(TableForm.NARROW);
        path(hash, nowMs, (at, slot, key, value) -> consumer.onConnection(key, value, remainingSec(value, nowMs)));
    }

    /** As {@link #near}, of a table of the wide form. */
    public void nearWide(final long hash, final long nowMs, final WideConnectionConsumer consumer) {
        table.requireForm(TableForm.WIDE);
        path(hash, nowMs, (at, slot, key, value) -> consumer.onConnection(
            words.addressHigh(at, slot), words.addressLow(at, slot), key, value, remainingSec(value, nowMs)));
    }

    /**
     * Whether an insert with this hash would find a slot: one that is free or becomes so, or whose connection gives
     * way.
     */
    public boolean hasRoom(final long hash, final long nowMs) {
        epochs.begin(reader);
        try {
            long line = table.line(hash);
            for (int i = 0; i < Math.min(ConnectionTable.PROBES, words.lines()); i++) {
                for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += table.form().slotStep()) {
                    final long value = words.valueAcquire(words.at(line), slot);
                    if (!ConnectionValue.isLive(value) || ConnectionValue.isExpired(value, nowMs)
                        || HalfOpen.is(value)) {
                        return true;
                    }
                }
                line = table.lineAfter(line);
            }
            return false;
        } finally {
            epochs.leave(reader);
        }
    }

    private void path(final long hash, final long nowMs, final SlotListener consumer) {
        epochs.begin(reader);
        try {
            long line = table.line(hash);
            for (int i = 0; i < Math.min(ConnectionTable.PROBES, words.lines()); i++) {
                list(words.at(line), nowMs, consumer);
                line = table.lineAfter(line);
            }
        } finally {
            epochs.leave(reader);
        }
    }

    private static int remainingSec(final long value, final long nowMs) {
        return (int) (Math.max(0, TemplateValue.listedMs(value, nowMs)) / MS_PER_SEC);
    }

    private long step(final long cursor, final int maxLines, final long nowMs, final SlotListener consumer) {
        if (cursor < 0 || cursor > words.lines() || maxLines < 1) {
            throw new IllegalArgumentException("A listing cannot go on from line " + cursor + " by " + maxLines
                + " lines in a table of " + words.lines() + "; begin at 0 and pass on what the last step answered");
        }
        final long limit = Math.min(words.lines(), cursor + maxLines);
        epochs.begin(reader);
        try {
            for (long line = cursor; line < limit; line++) {
                list(words.at(line), nowMs, consumer);
            }
        } finally {
            epochs.leave(reader);
        }
        return limit == words.lines() ? -1 : limit;
    }

    private void list(final long at, final long nowMs, final SlotListener consumer) {
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += table.form().slotStep()) {
            // Key first: the value that is loaded after it is this key's, and so is the address.
            final long key = words.keyAcquire(at, slot);
            final long value = words.valueAcquire(at, slot);
            if (key != ConnectionKey.NONE && ConnectionValue.isLive(value)
                && !ConnectionValue.isExpired(value, nowMs)) {
                consumer.onSlot(at, slot, key, value);
            }
        }
    }

    /** Entries that a full listing would look at, empty ones included. */
    public long slots() {
        return words.lines() * table.form().entriesPerLine();
    }
}
