package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ServiceView;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.WorkerServerLoad;
import io.ringmaster.transmit.ClientHops;

/**
 * One worker's trackers, one for each form of the connection table. Owned by that worker.
 *
 * @param narrow of IPv4 clients.
 * @param wide   of IPv6 clients.
 * @param data   of the wide one's, those that others made.
 * @param load   what real servers carry, for both.
 */
record Trackers(NarrowTracker narrow, WideTracker wide, DataTracker data, WorkerServerLoad load) {
    static Trackers make(final int worker, final ConnectionTable narrow, final ConnectionTable wide,
                         final WorkerServerLoad load, final ServerCounts counts, final ClientHops hops,
                         final Exits exits, final Calls calls) {
        final Admission admission = new Admission();
        final WideTracker wideTracker = new WideTracker(worker, wide, load, counts, hops, exits, admission, calls);
        return new Trackers(new NarrowTracker(worker, narrow, load, counts, hops, exits, admission, calls),
            wideTracker, new DataTracker(wideTracker, load, counts, exits), load);
    }

    /** Fills in what this worker knows. */
    void tell(final WorkerState state, final int worker) {
        state.take(worker, load, narrow.admission());
    }

    /** Goes on from what another worker knew. */
    void goOnFrom(final WorkerState state) {
        state.give(load, narrow.admission());
    }

    /** The tracker of a service's connections. */
    Tracker of(final ServiceView service) {
        return service.wide() ? wide : narrow;
    }

    /** The tracker of the connections of clients of a family, 4 or 6. */
    Tracker of(final int version) {
        return version == 6 ? wide : narrow;
    }

    /** Finds the connection that a real server's packet answers, without what a batch prepared. */
    boolean findFromRealServer(final Packet packet) {
        return packet.version() == 6 ? wide.findFromRealServer(packet) : narrow.findFromRealServer(packet,
            narrow.hash(packet.protocol(), packet.destinationLow(), packet.destinationPort()));
    }

    /** No connection is the current one, until the next packet's is found or made. */
    void forget() {
        narrow.foundForError(false);
        wide.foundForError(false);
    }

    /** The value of the connection that was found or made since {@link #forget}, 0 for none. */
    long value() {
        return narrow.value() != 0 ? narrow.value() : wide.value();
    }

    /** See {@link Tracker#beginCycle}. */
    void beginCycle(final long nowNs) {
        narrow.beginCycle(nowNs);
        wide.beginCycle(nowNs);
    }

    /** See {@link Tracker#expire}. */
    int expire(final boolean idle) {
        return narrow.expire(idle) + wide.expire(idle);
    }

    /** See {@link Tracker#leave}. */
    void leave() {
        narrow.leave();
        wide.leave();
    }
}
