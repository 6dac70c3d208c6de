package io.ringmaster.explain;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.WideKey;

/**
 * A connection or template of a connection table. Immutable.
 *
 * @param wide  which form of the table it is in.
 * @param high  first address word of an entry of the wide form; 0 of the narrow one.
 * @param low   the other.
 * @param key   see {@link ConnectionKey} and {@link WideKey}.
 * @param value see {@link ConnectionValue}.
 */
public record Entry(boolean wide, long high, long low, long key, long value) {
    /** The client's port; 0 of a template. */
    public int clientPort() {
        return wide ? WideKey.clientPort(key) : ConnectionKey.clientPort(key);
    }

    /** The number of its service. */
    public int endpoint() {
        return wide ? WideKey.endpoint(key) : ConnectionKey.endpoint(key);
    }

    /** Whether it is a template. */
    public boolean template() {
        return ConnectionValue.isTemplate(value);
    }

    /** The number of its real server; {@link ConnectionValue#NO_SERVER} for none. */
    public int realServer() {
        return ConnectionValue.realServer(value);
    }

    /** Whether another is the same connection, at whatever time. */
    public boolean sameAs(final Entry other) {
        return wide == other.wide && key == other.key && high == other.high && low == other.low;
    }
}
