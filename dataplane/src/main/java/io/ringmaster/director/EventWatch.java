package io.ringmaster.director;

import io.ringmaster.control.Events;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import io.ringmaster.stats.Counter;
import java.util.BitSet;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/**
 * Looks once a second for events that nobody tells of: thresholds, a full table, workers that stand still. Owned by the
 * control thread.
 */
final class EventWatch {
    private static final long EVERY_NS = 1_000_000_000L;
    /** A worker without packets sleeps a tenth of a millisecond. */
    private static final long STALL_NS = 1_000_000_000L;

    private final ServiceTable table;
    private final LongSupplier fullCounts;
    private final int workers;
    private final IntToLongFunction cyclesNs;
    private final BitSet overloaded = new BitSet();
    private final BitSet stalled = new BitSet();
    private boolean full;
    private long fullCount;
    private long nextNs;

    /**
     * For one director.
     *
     * @param fullCounts how many packets found no room in the connection table since the start.
     * @param workers    how many there are.
     * @param cyclesNs   when a worker's last cycle began.
     */
    EventWatch(final ServiceTable table, final LongSupplier fullCounts, final int workers,
               final IntToLongFunction cyclesNs) {
        this.table = table;
        this.fullCounts = fullCounts;
        this.workers = workers;
        this.cyclesNs = cyclesNs;
    }

    /** Looks if it is time; returns how much it did. */
    int look(final long nowNs) {
        if (nowNs - nextNs < 0) {
            return 0;
        }
        nextNs = nowNs + EVERY_NS;
        final Events events = table.access().events();
        thresholds(events);
        table(events);
        workers(events, nowNs);
        return 1;
    }

    /** By the rule that schedulers have it from (ip_vs_ctl.c): see ServerLoad. */
    private void thresholds(final Events events) {
        for (final VirtualService service : table.services()) {
            for (final RealServer server : service.servers()) {
                final int upper = server.settings().upper();
                final int lower = server.settings().lower();
                final boolean was = overloaded.get(server.number());
                if (upper == 0 && !was) {
                    continue;
                }
                final long carried = server.statistics().active() + server.statistics().inactive();
                final boolean free = upper == 0 || (lower > 0 ? carried < lower : carried * 4 < upper * 3L);
                final boolean now = upper > 0 && carried >= upper || was && !free;
                if (now != was) {
                    overloaded.set(server.number(), now);
                    events.tell(Events.Kind.THRESHOLD, server.id().address() + " port " + server.id().port()
                        + (now ? " is overloaded: " : " is available again: ") + carried
                        + " connections (upper threshold " + upper + ", lower " + lower + ").");
                }
            }
        }
    }

    private void table(final Events events) {
        final long count = fullCounts.getAsLong();
        if (count > fullCount != full) {
            full = !full;
            events.tell(Events.Kind.TABLE, full ? "The connection table is full: " + (count - fullCount)
                + " packets found no room within a second. " + Counter.DROP_TABLE_FULL.advice()
                : "New connections find room in the table again.");
        }
        fullCount = count;
    }

    private void workers(final Events events, final long nowNs) {
        for (int worker = 0; worker < workers; worker++) {
            final boolean now = nowNs - cyclesNs.applyAsLong(worker) > STALL_NS;
            if (now != stalled.get(worker)) {
                stalled.set(worker, now);
                events.tell(Events.Kind.WORKER, "Worker " + worker + (now ? " stands still for more than a second: "
                    + "is its core taken by something else?" : " goes on."));
            }
        }
    }
}
