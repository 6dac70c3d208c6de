package io.ringmaster.connection;

/** As {@link EndListener}, of a table of the wide form. */
@FunctionalInterface
public interface WideEndListener {
    /**
     * A connection ended.
     *
     * @param addressHigh first 64 bits of the client's address.
     * @param addressLow  the other 64.
     * @param key         see {@link WideKey}.
     * @param value       as it was last, see {@link ConnectionValue}.
     */
    void onEnd(long addressHigh, long addressLow, long key, long value);
}
