package io.ringmaster.explain;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.WantedAddresses;
import io.ringmaster.connection.WideKey;
import io.ringmaster.connection.WideWorkerTable;
import io.ringmaster.connection.WorkerTable;
import io.ringmaster.service.View;
import java.util.ArrayList;
import java.util.List;

/** Connection tables for one rehearsal, filled with what a packet can meet. Owned by the thread that explains. */
final class RehearsedTables implements AutoCloseable {
    /** For the smallest tables that there are, which hold many times what one packet can meet. */
    private static final int CAPACITY = 1;
    /** The worker of the rehearsal is 0; 1 fills the tables before. */
    private static final int WORKERS = 2;
    private static final int FILLER = 1;

    private final ConnectionTable narrow = ConnectionTable.allocate(TableForm.NARROW, CAPACITY, WORKERS, 1);
    private final ConnectionTable wide = ConnectionTable.allocate(TableForm.WIDE, CAPACITY, WORKERS, 1);
    private final ConnectionTable original;
    private final View view;
    private final long nowMs;

    /**
     * Tables with some entries.
     *
     * @param original the director's table of the wide form, for what is beside its entries.
     * @param protocol of the packet, by which connections are found.
     */
    RehearsedTables(final ConnectionTable original, final View view, final List<Entry> entries, final int protocol,
                    final long nowMs) {
        this.original = original;
        this.view = view;
        this.nowMs = nowMs;
        final WorkerTable narrowFiller = narrow.worker(FILLER, (key, value) -> { });
        final WideWorkerTable wideFiller = wide.wideWorker(FILLER, (high, low, key, value) -> { });
        narrowFiller.beginCycle();
        wideFiller.beginCycle();
        for (final Entry entry : entries) {
            final int hashed = entry.template() ? protocolOf(entry, protocol) : protocol;
            if (entry.wide()) {
                fill(wideFiller, entry, hashed);
            } else {
                narrowFiller.insert(entry.key(), narrow.hash(hashed, ConnectionKey.clientAddress(entry.key()),
                    entry.clientPort()), entry.value(), nowMs);
            }
        }
        narrowFiller.goAbsent();
        wideFiller.goAbsent();
    }

    ConnectionTable narrow() {
        return narrow;
    }

    ConnectionTable wide() {
        return wide;
    }

    private int protocolOf(final Entry template, final int protocol) {
        return view.realServer(template.realServer()) == null ? protocol
            : view.realServer(template.realServer()).service().protocol();
    }

    private void fill(final WideWorkerTable filler, final Entry entry, final int protocol) {
        final int number = WideKey.number(entry.key());
        final WantedAddresses asked = original.wantedAddresses();
        final long key = number == WantedAddresses.NONE ? entry.key()
            : WideKey.withNumber(entry.key(), wide.wantedAddresses().take(asked.high(number), asked.low(number),
                nowMs));
        final long high = WideKey.isMarked(key, entry.low()) ? 0 : entry.high();
        if (ConnectionValue.hasSideTable(entry.value())) {
            wide.side().copy(original.side(), key, entry.high(), entry.low(), entry.value());
        }
        filler.insert(key, entry.high(), entry.low(), wide.wideHash(protocol, high, entry.low(), entry.clientPort()),
            entry.value(), nowMs);
    }

    /** All entries as they are now, with the numbers of addresses that the director's table has. */
    List<Entry> entries() {
        final List<Entry> all = new ArrayList<>();
        narrow.lister(0).list(0, Integer.MAX_VALUE, nowMs,
            (key, value, sec) -> all.add(new Entry(false, 0, 0, key, value)));
        wide.lister(0).listWide(0, Integer.MAX_VALUE, nowMs,
            (high, low, key, value, sec) -> all.add(new Entry(true, high, low, originalKey(key), value)));
        return all;
    }

    private long originalKey(final long key) {
        final int number = WideKey.number(key);
        return number == WantedAddresses.NONE ? key : WideKey.withNumber(key, original.wantedAddresses().number(
            wide.wantedAddresses().high(number), wide.wantedAddresses().low(number)));
    }

    @Override
    public void close() {
        narrow.close();
        wide.close();
    }
}
