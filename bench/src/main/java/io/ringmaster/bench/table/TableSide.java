package io.ringmaster.bench.table;

/** One of those that are compared. Owned by one thread. */
interface TableSide extends AutoCloseable {
    /** What is done to a table. */
    enum Kind {
        /** New connections in turn; the argument is the number of the first. */
        INSERT("insert"),
        /** Connections that are there; the argument is the number of the round. */
        HIT("look-up, found"),
        /** Connections that are not. */
        MISS("look-up, not found"),
        /** Connections that are there, found and given another deadline. */
        REFRESH("look-up and refresh"),
        /** Some lines of the table when connections are past their deadlines; the argument is milliseconds to pass. */
        EXPIRE("expiry, per entry");

        private final String words;

        Kind(final String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * What a round took and did.
     *
     * @param ns         that the thread had a core.
     * @param operations done; of EXPIRE, entries that ended.
     * @param done       of these that had the outcome they should: found, not found, put in, refreshed.
     */
    record Round(long ns, long operations, long done) {
        double nsPerOperation() {
            return (double) ns / operations;
        }
    }

    Round round(Kind kind, long argument);

    @Override
    void close();
}
