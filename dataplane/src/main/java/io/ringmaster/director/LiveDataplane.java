package io.ringmaster.director;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.bpf.XdpMaps;
import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionLister;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.PortCounts;
import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableFacts;
import io.ringmaster.connection.TableForm;
import io.ringmaster.control.ConnectionVisitor;
import io.ringmaster.control.Dataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.WideListing;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.worker.WorkerAgent;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/** The running workers, table and XDP maps as the control thread sees them; owned by it. */
final class LiveDataplane implements Dataplane {
    private static final int LINES_PER_STEP = 1024;
    private static final long WAIT_NS = 20_000;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long MS_NS = 1_000_000;
    private static final long WIDE_CURSOR = 1L << 62;

    private final WorkerAgent[] workers;
    private final Workers.Shared shared;
    private final XdpMaps maps;
    private final ConnectionLister lister;
    /** Endpoints of SCTP services, those that were deleted included: their connections' states are others. */
    private final BitSet sctp = new BitSet();
    private final ConnectionLister wideLister;

    LiveDataplane(final WorkerAgent[] workers, final Workers.Shared shared, final XdpMaps maps) {
        this.workers = workers;
        this.shared = shared;
        this.maps = maps;
        shared.wideTable().side().countPortsIn(new PortCounts(maps.dataPorts()));
        this.lister = shared.table().lister(0);
        this.wideLister = shared.wideTable().lister(0);
    }

    @Override
    public int workers() {
        return workers.length;
    }

    @Override
    public long capacity() {
        return shared.table().capacity();
    }

    @Override
    public long size() {
        return shared.table().size();
    }

    @Override
    public void publish(final View view) {
        final long start = System.nanoTime();
        for (final WorkerAgent worker : workers) {
            while (!worker.offer(view)) {
                if (System.nanoTime() - start > PATIENCE_NS || Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException(worker.roleName() + " has not taken over a change for "
                        + PATIENCE_NS / 1_000_000_000 + " seconds; its thread has ended or hangs: start the director "
                        + "again");
                }
                LockSupport.parkNanos(WAIT_NS);
            }
        }
    }

    @Override
    public long appliedVersion() {
        long lowest = Long.MAX_VALUE;
        for (final WorkerAgent worker : workers) {
            lowest = Math.min(lowest, worker.appliedVersion());
        }
        return lowest;
    }

    @Override
    public ServerCounters serverCounters() {
        return shared.servers();
    }

    @Override
    public ServerCounters serviceCounters() {
        return shared.services();
    }

    /** First the connections of the narrow table, then those of the wide one, whose cursors have a bit of their own. */
    @Override
    public long connections(final long cursor, final ConnectionVisitor visitor) {
        final long nowMs = shared.clock().nanoTime() / MS_NS;
        if ((cursor & WIDE_CURSOR) == 0) {
            final long next = lister.list(cursor, LINES_PER_STEP, nowMs,
                (key, value, remainingSec) -> tell(visitor, key, value, remainingSec));
            return next < 0 ? WIDE_CURSOR : next;
        }
        final long next = wideLister.listWide(cursor & ~WIDE_CURSOR, LINES_PER_STEP, nowMs,
            new WideListing(visitor, shared.wideTable(), this::protocol, shared.calls()));
        return next < 0 ? next : next | WIDE_CURSOR;
    }

    @Override
    public TableChecker checker(final TableForm form, final TableFacts facts) {
        return (form == TableForm.WIDE ? shared.wideTable() : shared.table())
            .checker(0, facts, () -> shared.clock().nanoTime() / MS_NS, TableChecker.PAUSE_MS);
    }

    private void tell(final ConnectionVisitor visitor, final long key, final long value,
                             final int remainingSec) {
        final int port = ConnectionKey.clientPort(key);
        if (ConnectionValue.isTemplate(value) && ConnectionValue.isOfCall(value)) {
            WideListing.tellOfCall(shared.calls(), visitor, ConnectionKey.clientAddress(key), port,
                ConnectionKey.endpoint(key), value, remainingSec);
            return;
        }
        visitor.connection(HostAddress.ipv4(ConnectionKey.clientAddress(key)),
            ConnectionValue.isTemplate(value) && port != 0 ? ConnectionVisitor.UNUSED : port,
            ConnectionKey.endpoint(key), ConnectionValue.realServer(value),
            ConnectionValue.word(value, protocol(ConnectionKey.endpoint(key))), remainingSec);
    }

    private int protocol(final int endpoint) {
        return sctp.get(endpoint) ? Ipv4.PROTOCOL_SCTP : 0;
    }

    @Override
    public void openService(final ServiceKey service) {
        sctp.set(service.endpoint(), service.protocol() == Ipv4.PROTOCOL_SCTP);
        maps.addService(service.protocol(), service.vipHigh(), service.vipLow(), service.vport());
    }

    @Override
    public void closeService(final ServiceKey service) {
        maps.removeService(service.protocol(), service.vipHigh(), service.vipLow(), service.vport());
    }

    @Override
    public void openReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        maps.addReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void closeReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        maps.removeReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void openFragments(final boolean ofReplies, final long high, final long low) {
        maps.addFragments(ofReplies, high, low);
    }

    @Override
    public void closeFragments(final boolean ofReplies, final long high, final long low) {
        maps.removeFragments(ofReplies, high, low);
    }

    @Override
    public void openData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        maps.addData(ofReplies, lasting, high, low);
    }

    @Override
    public void closeData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        maps.removeData(ofReplies, lasting, high, low);
    }

    @Override
    public void openTunnel(final long ripHigh, final long ripLow) {
        maps.addTunnelServer(ripHigh, ripLow);
    }

    @Override
    public void closeTunnel(final long ripHigh, final long ripLow) {
        maps.removeTunnelServer(ripHigh, ripLow);
    }

    @Override
    public void openMark(final MarkFilter filter) {
        maps.addMark(filter);
    }

    @Override
    public void closeMark(final MarkFilter filter) {
        maps.removeMark(filter);
    }
}
