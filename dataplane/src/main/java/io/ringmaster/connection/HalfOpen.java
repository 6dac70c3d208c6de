package io.ringmaster.connection;

/**
 * Which entries give way where room is short, as static functions on a value word: half-open connections, of which no
 * more than the client's first packet was seen, and templates of which no connection was ever established.
 */
final class HalfOpen {
    /** Age of what does not give way. */
    static final long NEVER = Long.MIN_VALUE;

    private HalfOpen() {
    }

    /** Whether a live entry is one of them. */
    static boolean is(final long value) {
        return ConnectionValue.isTemplate(value) ? TemplateValue.isDispensable(value)
            : TcpState.halfOpenTimeoutMs(ConnectionValue.state(value)) != 0;
    }

    /**
     * For how long a live entry has been half-open, to the eighth of a second; of a template how long it will be there,
     * negative, so that it comes after all connections and the next to end first; else NEVER.
     */
    static long ageMs(final long value, final long nowMs) {
        if (ConnectionValue.isTemplate(value)) {
            return TemplateValue.isDispensable(value) ? -ConnectionValue.remainingMs(value, nowMs) : NEVER;
        }
        final int timeoutMs = TcpState.halfOpenTimeoutMs(ConnectionValue.state(value));
        return timeoutMs == 0 ? NEVER : timeoutMs - ConnectionValue.remainingMs(value, nowMs);
    }
}
