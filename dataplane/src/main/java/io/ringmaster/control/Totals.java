package io.ringmaster.control;

import io.ringmaster.stats.ServerCounters;
import java.util.Arrays;
import java.util.function.IntSupplier;

/**
 * What the director has carried for all services together since it started or was zeroed, and its rates, from the sums
 * that workers count: the kernel's {@code tot_stats}. Deleted services' counters stay where they were, so sums never
 * fall. Owned by the control thread; read anew every two seconds, as {@link Statistics} are.
 */
public final class Totals {
    private static final int FIRST = ServerCounters.CONNECTIONS;
    private static final int FIELDS = ServerCounters.OUT_BYTES - FIRST + 1;

    private final ServerCounters counters;
    private final int workers;
    private final IntSupplier highest;
    private final long[] base = new long[FIELDS];
    private final long[] last = new long[FIELDS];
    private final long[] average = new long[FIELDS];

    /**
     * Nothing yet.
     *
     * @param highest no service has a higher number than this tells.
     */
    Totals(final ServerCounters counters, final int workers, final IntSupplier highest) {
        this.counters = counters;
        this.workers = workers;
        this.highest = highest;
    }

    /** How many workers count. */
    public int workers() {
        return workers;
    }

    /**
     * What was counted from the last zeroing to the last tick.
     *
     * @param field {@link ServerCounters#CONNECTIONS} to {@link ServerCounters#OUT_BYTES}.
     */
    public long total(final int field) {
        return last[field - FIRST] - base[field - FIRST];
    }

    /** The averaged rate of a field per second, rounded as the kernel does. */
    public long rate(final int field) {
        return Rates.rounded(field, average[field - FIRST]);
    }

    /** What one worker has counted until now, from its start on: zeroing does not change it, as in the kernel. */
    public long ofWorker(final int worker, final int field) {
        long sum = 0;
        for (int number = highest.getAsInt(); number > 0; number--) {
            sum += counters.of(worker, number, field);
        }
        return sum;
    }

    /** Forgets totals and rates, from the last tick on. */
    void zero() {
        System.arraycopy(last, 0, base, 0, FIELDS);
        Arrays.fill(average, 0);
    }

    /** Takes over what workers have counted; called every two seconds. */
    void tick() {
        for (int i = 0; i < FIELDS; i++) {
            long now = 0;
            for (int worker = 0; worker < workers; worker++) {
                now += ofWorker(worker, FIRST + i);
            }
            average[i] = Rates.next(FIRST + i, average[i], now - last[i]);
            last[i] = now;
        }
    }
}
