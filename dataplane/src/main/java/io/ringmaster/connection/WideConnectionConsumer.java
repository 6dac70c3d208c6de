package io.ringmaster.connection;

/** As {@link ConnectionConsumer}, of a table of the wide form. */
@FunctionalInterface
public interface WideConnectionConsumer {
    /**
     * One connection or template.
     *
     * @param addressHigh  first 64 bits of the client's address.
     * @param addressLow   the other 64.
     * @param key          see {@link WideKey}.
     * @param value        see {@link ConnectionValue}.
     * @param remainingSec whole seconds until it ends, as ipvsadm's expire column, not negative.
     */
    void onConnection(long addressHigh, long addressLow, long key, long value, int remainingSec);
}
