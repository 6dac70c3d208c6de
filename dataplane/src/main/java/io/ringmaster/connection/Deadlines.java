package io.ringmaster.connection;

import io.ringmaster.service.Timeouts;

/**
 * The deadlines that connections get now, by their state: worked out when the clock or the time-outs change, which is
 * once in many packets, and not for each of them. Owned by one worker.
 */
public final class Deadlines {
    // Those of SCTP come behind the others.
    private static final SctpState[] SCTP_STATES = SctpState.values();
    private static final int STATES = 2 * SctpState.SCTP;

    private final long[] times = new long[STATES];
    private Timeouts timeouts;
    private long nowMs = -1;

    /** Other time-outs count from now on. */
    public void use(final Timeouts newTimeouts) {
        timeouts = newTimeouts;
        nowMs = -1;
    }

    /**
     * The clock, once a cycle.
     *
     * @param cycleMs the director's monotonic clock, not negative.
     */
    public void advanceTo(final long cycleMs) {
        if (cycleMs != nowMs && timeouts != null) {
            nowMs = cycleMs;
            for (int state = 0; state <= TcpState.NEW.ordinal(); state++) {
                times[state] = ConnectionValue.time(state, timeoutSec(state), cycleMs);
            }
            for (final SctpState state : SCTP_STATES) {
                times[SctpState.SCTP | state.number()] =
                    ConnectionValue.time(state.number(), state.timeoutSec(), cycleMs);
            }
        }
    }

    private int timeoutSec(final int state) {
        return state == TcpState.UDP.ordinal() ? timeouts.udpSec() : timeouts.tcpSec(state);
    }

    /**
     * The same value in a state, perhaps another one, and with that state's deadline.
     *
     * @param state as {@link TcpState#next} answers it.
     */
    public long renewed(final long value, final int state) {
        return ConnectionValue.withTime(value, times[state & STATES - 1]);
    }
}
