package io.ringmaster.bench.fuzz;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableFacts;
import io.ringmaster.connection.TableForm;
import io.ringmaster.control.ConnectionVisitor;
import io.ringmaster.control.Dataplane;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.worker.WorkerAgent;
import java.util.function.LongSupplier;

/**
 * One worker and its tables as the control thread sees them. There is no XDP program: whatever comes in reaches the
 * worker, which must take everything. Owned by one thread.
 */
final class Plane implements Dataplane {
    private final WorkerAgent worker;
    private final ConnectionTable narrow;
    private final ConnectionTable wide;
    private final Counts counts;
    private final LongSupplier nowMs;
    private final Runnable cycle;

    Plane(final WorkerAgent worker, final ConnectionTable narrow, final ConnectionTable wide,
          final Counts counts, final LongSupplier nowMs, final Runnable cycle) {
        this.worker = worker;
        this.narrow = narrow;
        this.wide = wide;
        this.counts = counts;
        this.nowMs = nowMs;
        this.cycle = cycle;
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public long capacity() {
        return narrow.capacity();
    }

    @Override
    public long size() {
        return narrow.size() + wide.size();
    }

    @Override
    public void publish(final View view) {
        while (!worker.offer(view)) {
            cycle.run();
        }
    }

    @Override
    public long appliedVersion() {
        return worker.appliedVersion();
    }

    @Override
    public ServerCounters serverCounters() {
        return counts.servers();
    }

    @Override
    public ServerCounters serviceCounters() {
        return counts.services();
    }

    @Override
    public long connections(final long cursor, final ConnectionVisitor visitor) {
        return -1;
    }

    @Override
    public TableChecker checker(final TableForm form, final TableFacts facts) {
        return (form == TableForm.WIDE ? wide : narrow).checker(0, facts, nowMs, 0);
    }

    @Override
    public void openService(final ServiceKey service) {
    }

    @Override
    public void closeService(final ServiceKey service) {
    }

    @Override
    public void openReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
    }

    @Override
    public void closeReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
    }

    @Override
    public void openFragments(final boolean ofReplies, final long high, final long low) {
    }

    @Override
    public void closeFragments(final boolean ofReplies, final long high, final long low) {
    }

    @Override
    public void openTunnel(final long ripHigh, final long ripLow) {
    }

    @Override
    public void closeTunnel(final long ripHigh, final long ripLow) {
    }

    @Override
    public void openData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
    }

    @Override
    public void closeData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
    }

    @Override
    public void openMark(final MarkFilter filter) {
    }

    @Override
    public void closeMark(final MarkFilter filter) {
    }
}
