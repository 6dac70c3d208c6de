package io.ringmaster.connection;

/** One worker's part in a table of either form, for tests that do the same with both. */
final class TestWorker {
    static final int TCP = 6;

    private final ConnectionTable table;
    private final WorkerTable narrow;
    private final WideWorkerTable wide;

    /** What is sought; in the narrow form low is the client's address and high is 0. */
    record Key(long high, long low, long word, boolean template) {
        /** A key of the form; the wide one differs from others of its client in its destination port, too. */
        static Key of(final TableForm form, final long client, final int port, final int endpoint,
                      final boolean template) {
            if (form == TableForm.NARROW) {
                return new Key(0, client, ConnectionKey.of((int) client, port, endpoint), template);
            }
            // Clients that differ in one half of the address only, and those of whom a half is 0.
            final long high = client % 3 == 0 ? 0 : 0x2001_0db8_0000_0000L + client / 3;
            return new Key(high, client % 3 == 1 ? 0 : client, WideKey.of(port, 1 + endpoint / 8, endpoint % 2,
                endpoint % 8), template);
        }
    }

    /** Is told of an end. */
    interface Ended {
        void onEnd(Key key, long value);
    }

    /** Is told of an entry. */
    interface Listed {
        void onConnection(Key key, long value);
    }

    TestWorker(final ConnectionTable table, final int number, final Ended ended) {
        this.table = table;
        if (table.form() == TableForm.NARROW) {
            narrow = table.worker(number, (key, value) -> ended.onEnd(narrowKey(key, value), value));
            wide = null;
        } else {
            narrow = null;
            wide = table.wideWorker(number, (high, low, key, value) ->
                ended.onEnd(new Key(high, low, key, ConnectionValue.isTemplate(value)), value));
        }
    }

    private static Key narrowKey(final long key, final long value) {
        return new Key(0, ConnectionKey.clientAddress(key), key, ConnectionValue.isTemplate(value));
    }

    WorkerShare share() {
        return narrow == null ? wide : narrow;
    }

    static long hash(final ConnectionTable table, final Key key) {
        return table.form() == TableForm.NARROW
            ? table.hash(TCP, (int) key.low, ConnectionKey.clientPort(key.word))
            : table.wideHash(TCP, key.high, key.low, WideKey.clientPort(key.word));
    }

    long find(final Key key, final long nowMs) {
        final long hash = hash(table, key);
        if (narrow != null) {
            return key.template ? narrow.findTemplate(key.word, hash, nowMs) : narrow.find(key.word, hash, nowMs);
        }
        return key.template ? wide.findTemplate(key.word, key.high, key.low, hash, nowMs)
            : wide.find(key.word, key.high, key.low, hash, nowMs);
    }

    long insert(final Key key, final long value, final long nowMs) {
        final long hash = hash(table, key);
        return narrow != null ? narrow.insert(key.word, hash, value, nowMs)
            : wide.insert(key.word, key.high, key.low, hash, value, nowMs);
    }

    /** A whole listing by the first lister. */
    static void list(final ConnectionTable table, final int maxLines, final long nowMs, final Listed listed) {
        final ConnectionLister lister = table.lister(0);
        for (long cursor = 0; cursor >= 0;) {
            cursor = table.form() == TableForm.NARROW
                ? lister.list(cursor, maxLines, nowMs, (key, value, remainingSec) ->
                    listed.onConnection(narrowKey(key, value), value))
                : lister.listWide(cursor, maxLines, nowMs, (high, low, key, value, remainingSec) ->
                    listed.onConnection(new Key(high, low, key, ConnectionValue.isTemplate(value)), value));
        }
    }
}
