package io.ringmaster.connection;

/**
 * Is told of each connection or template that ended: its deadline passed, or it gave way in a full table. Called on the
 * worker that ended it, exactly once for each, since only the winner of the compare-and-set calls it; that worker takes
 * the connection out of its counts. Must not allocate, block or throw.
 */
@FunctionalInterface
public interface EndListener {
    /**
     * A connection ended.
     *
     * @param key   see {@link ConnectionKey}.
     * @param value as it was last, see {@link ConnectionValue}.
     */
    void onEnd(long key, long value);
}
