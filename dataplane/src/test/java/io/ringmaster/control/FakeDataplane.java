package io.ringmaster.control;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableFacts;
import io.ringmaster.connection.TableForm;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A director without workers: remembers what it was told, and applies views when it is let. */
public final class FakeDataplane implements Dataplane {
    /** All that happened, in order. */
    public final List<String> events = new ArrayList<>();
    /** Views in the order they were published. */
    public final List<View> views = new ArrayList<>();
    /** What every listing of connections shows, one at each step. */
    public final List<Consumer<ConnectionVisitor>> connections = new ArrayList<>();
    /** Whether workers take views over at once. */
    public boolean applies = true;
    private final ServerCounters servers = new ServerCounters(2);
    private final ServerCounters services = new ServerCounters(2);
    /** The connection table, empty. */
    public final ConnectionTable table = ConnectionTable.allocate(100, 1, 1);
    /** Addresses whose fragments are taken. */
    final Set<String> fragments = new TreeSet<>();
    /** The table of the wide form, empty. */
    public final ConnectionTable wideTable = ConnectionTable.allocate(TableForm.WIDE, 1, 1, 1);
    /** Between two looks of a check of the table. */
    public volatile long checkPauseMs;
    /** The time that a check of the table has. */
    public volatile long nowMs;
    private long applied;
    long size;

    @Override
    public int workers() {
        return 2;
    }

    @Override
    public long capacity() {
        return 4096;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void publish(final View view) {
        views.add(view);
        events.add("view " + view.version());
        if (applies) {
            applied = view.version();
        }
    }

    /** Workers take over all that was published. */
    public void applyAll() {
        applied = views.isEmpty() ? 0 : views.getLast().version();
    }

    @Override
    public long appliedVersion() {
        return applied;
    }

    @Override
    public ServerCounters serverCounters() {
        return servers;
    }

    @Override
    public ServerCounters serviceCounters() {
        return services;
    }

    @Override
    public long connections(final long cursor, final ConnectionVisitor visitor) {
        if (cursor < connections.size()) {
            connections.get((int) cursor).accept(visitor);
        }
        return cursor + 1 < connections.size() ? cursor + 1 : -1;
    }

    @Override
    public TableChecker checker(final TableForm form, final TableFacts facts) {
        return (form == TableForm.WIDE ? wideTable : table).checker(0, facts, () -> nowMs, checkPauseMs);
    }

    @Override
    public void openService(final ServiceKey service) {
        events.add("open service " + service.endpoint());
    }

    @Override
    public void closeService(final ServiceKey service) {
        events.add("close service " + service.endpoint());
    }

    @Override
    public void openReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        events.add("open replies " + new HostAddress(false, ripHigh, ripLow) + ":" + rport);
    }

    @Override
    public void closeReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        events.add("close replies " + new HostAddress(false, ripHigh, ripLow) + ":" + rport);
    }

    @Override
    public void openFragments(final boolean ofReplies, final long high, final long low) {
        fragments.add((ofReplies ? "from " : "to ") + new HostAddress(false, high, low));
    }

    @Override
    public void closeFragments(final boolean ofReplies, final long high, final long low) {
        fragments.remove((ofReplies ? "from " : "to ") + new HostAddress(false, high, low));
    }

    @Override
    public void openData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        events.add("open data " + data(ofReplies, lasting, high, low));
    }

    @Override
    public void closeData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        events.add("close data " + data(ofReplies, lasting, high, low));
    }

    private static String data(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        return (ofReplies ? "from " : "to ") + new HostAddress(!Addresses.isIpv4(high, low), high, low)
            + (lasting ? " lasting" : "");
    }

    @Override
    public void openMark(final MarkFilter filter) {
        events.add("open mark " + filter.firstPort() + "-" + filter.lastPort());
    }

    @Override
    public void closeMark(final MarkFilter filter) {
        events.add("close mark " + filter.firstPort() + "-" + filter.lastPort());
    }

    @Override
    public void openTunnel(final long ripHigh, final long ripLow) {
        events.add("open tunnel " + new HostAddress(false, ripHigh, ripLow));
    }

    @Override
    public void closeTunnel(final long ripHigh, final long ripLow) {
        events.add("close tunnel " + new HostAddress(false, ripHigh, ripLow));
    }
}
