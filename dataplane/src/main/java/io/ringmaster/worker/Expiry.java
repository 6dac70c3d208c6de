package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.Culler;
import io.ringmaster.connection.WorkerShare;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerServerLoad;

/** The end of connections in one worker's share of a table: by time, by settings, by the defence. Owned by it. */
final class Expiry {
    private static final int LINES_PER_CYCLE = 32;
    // Connections of removed real servers: the kernel ends them at once, so rather sooner than evenly.
    private static final int LINES_PER_FLUSH = 128;
    // Where nothing came and a worker sleeps, about ten microseconds: cycles are then as rare as 100 us of sleep make
    // them. One that spins gets through what is due in small slices, and a packet that comes meanwhile need not wait.
    private static final int LINES_PER_RARE_CYCLE = 512;

    private final WorkerShare own;
    private final Exits exits;
    private final Culler culler;
    private final Templates templates;
    private final CallTemplates callTemplates;
    private final ServerCounts counts;
    private final WorkerServerLoad load;
    private View view;
    private boolean dropsEntries;
    private long evicted;
    private long ambiguous;
    private long createdTold;

    Expiry(final WorkerShare own, final Exits exits, final Templates templates, final CallTemplates callTemplates,
           final ServerCounts counts, final WorkerServerLoad load) {
        this.own = own;
        this.exits = exits;
        this.templates = templates;
        this.callTemplates = callTemplates;
        this.counts = counts;
        this.load = load;
        this.culler = own.culler(this::removed);
    }

    void useView(final View newView) {
        if (view != null && newView.expiresConnectionsSince(view)) {
            culler.beginFlush();
        }
        view = newView;
        culler.use(newView.timeouts());
        dropsEntries = newView.sysctls().defence().dropEntries();
    }

    private boolean removed(final int number) {
        final RealServerView server = view.realServer(number);
        // One that is not known here is new: another worker may know it already.
        return server != null && !server.available();
    }

    /**
     * Looks at a slice of the table and ends what is past its deadline.
     *
     * @param rare    whether cycles are few, so that each takes a larger slice.
     * @param created connections that the worker has made so far, to be told.
     */
    int expire(final boolean rare, final long created, final long nowMs) {
        evicted = tell(own.evicted(), evicted, Counter.CONNECTIONS_EVICTED);
        ambiguous = tell(own.ambiguous(), ambiguous, Counter.REPLY_AMBIGUOUS);
        createdTold = tell(created, createdTold, Counter.CONNECTIONS_CREATED);
        final int lines = rare ? LINES_PER_RARE_CYCLE : LINES_PER_CYCLE;
        return cull(lines, nowMs) + own.sweepDue(lines, nowMs);
    }

    private int cull(final int lines, final long nowMs) {
        if (!dropsEntries) {
            culler.rest();
            return culler.flush(LINES_PER_FLUSH);
        }
        final int dropped = culler.dropDue(lines, nowMs);
        exits.count(Counter.CONNECTIONS_DROPPED, dropped);
        return culler.flush(LINES_PER_FLUSH) + dropped;
    }

    /** A connection or template ended, by time, to make room or since it was replaced; by its client's address. */
    void ended(final long high, final long low, final long last, final long nowMs) {
        if (ConnectionValue.isTemplate(last)) {
            templates.ended(low, last);
            return;
        }
        if (ConnectionValue.isChild(last)) {
            templates.childEnded(high, low, last, nowMs);
        }
        counts.ended(last);
        final RealServerView server = view.realServer(ConnectionValue.realServer(last));
        if (server != null) {
            load.connectionsChanged(server);
        }
        exits.count(Counter.CONNECTIONS_ENDED);
    }

    /**
     * As {@link #ended}, of a connection or template of a call.
     *
     * @param key  of its entry.
     * @param high first word of the address in its entry.
     * @param low  the other.
     */
    void endedOfCall(final long key, final long high, final long low, final long last, final long nowMs) {
        if (!ConnectionValue.isTemplate(last)) {
            callTemplates.childEnded(key, high, low, last, nowMs);
        }
        // The template has been told.
        ended(high, low, last & ~ConnectionValue.CHILD, nowMs);
    }

    private long tell(final long now, final long told, final Counter counter) {
        exits.count(counter, now - told);
        return now;
    }
}
