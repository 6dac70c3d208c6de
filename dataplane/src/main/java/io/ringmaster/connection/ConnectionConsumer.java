package io.ringmaster.connection;

/** Takes the connections that a {@link ConnectionLister} finds. */
@FunctionalInterface
public interface ConnectionConsumer {
    /**
     * One connection or template.
     *
     * @param key          see {@link ConnectionKey}.
     * @param value        see {@link ConnectionValue}.
     * @param remainingSec whole seconds until it ends, as ipvsadm's expire column, not negative.
     */
    void onConnection(long key, long value, int remainingSec);
}
