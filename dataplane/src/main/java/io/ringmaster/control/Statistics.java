package io.ringmaster.control;

import io.ringmaster.stats.ServerCounters;
import java.util.Arrays;

/**
 * What one real server or virtual service has carried since it was added or zeroed, and its rates, from the sums that
 * workers count. Workers' memory is never written: zeroing remembers where the sums stood. Owned by the control thread.
 * <p>
 * Totals, too, are read every two seconds only, so that totals and rates that are listed together belong together.
 * {@link Rates} are the kernel's.
 */
public final class Statistics {
    private static final int FIRST = ServerCounters.CONNECTIONS;
    private static final int FIELDS = ServerCounters.OUT_BYTES - FIRST + 1;

    private final ServerCounters counters;
    private final int number;
    /** Where the sums stood when totals were made 0. */
    private final long[] base = new long[FIELDS];
    /** Where they stood at the last tick: what totals show. */
    private final long[] last = new long[FIELDS];
    private final long[] average = new long[FIELDS];

    Statistics(final ServerCounters counters, final int number) {
        this.counters = counters;
        this.number = number;
        for (int i = 0; i < FIELDS; i++) {
            last[i] = counters.sum(number, FIRST + i);
        }
        zero();
    }

    /** Active connections now. */
    public long active() {
        return carried(ServerCounters.ACTIVE);
    }

    /** Inactive connections now. */
    public long inactive() {
        return carried(ServerCounters.INACTIVE);
    }

    /** Connection templates now. */
    public long persistent() {
        return carried(ServerCounters.PERSISTENT);
    }

    /** Whether any connection or template refers to it. */
    boolean busy() {
        return active() + inactive() + persistent() != 0;
    }

    /**
     * What was counted since there is a director, up to now; never made 0.
     *
     * @param field {@link ServerCounters#CONNECTIONS} to {@link ServerCounters#OUT_BYTES}.
     */
    public long counted(final int field) {
        return counters.sum(number, field);
    }

    private long carried(final int field) {
        // Workers count on their own; for a moment an end may be seen before its beginning.
        return Math.max(0, counters.sum(number, field));
    }

    /**
     * What was counted from the last zeroing to the last tick.
     *
     * @param field {@link ServerCounters#CONNECTIONS} to {@link ServerCounters#OUT_BYTES}.
     */
    public long total(final int field) {
        return last[field - FIRST] - base[field - FIRST];
    }

    /**
     * The averaged rate.
     *
     * @param field {@link ServerCounters#CONNECTIONS} to {@link ServerCounters#OUT_BYTES}.
     * @return per second, rounded as the kernel does.
     */
    public long rate(final int field) {
        return Rates.rounded(field, average[field - FIRST]);
    }

    /** Forgets totals and rates, from the last tick on; connections that exist go on being counted. */
    void zero() {
        System.arraycopy(last, 0, base, 0, FIELDS);
        Arrays.fill(average, 0);
    }

    /**
     * Takes over what workers have counted; called every two seconds. After a pause all that was counted meanwhile
     * enters the averages as if it were those of two seconds, as in the kernel.
     */
    void tick() {
        for (int i = 0; i < FIELDS; i++) {
            final long now = counters.sum(number, FIRST + i);
            average[i] = Rates.next(FIRST + i, average[i], now - last[i]);
            last[i] = now;
        }
    }
}
