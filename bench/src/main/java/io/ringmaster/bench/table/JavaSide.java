package io.ringmaster.bench.table;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WideWorkerTable;
import io.ringmaster.connection.WorkerShare;
import io.ringmaster.connection.WorkerTable;
import io.ringmaster.sys.Mapping;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** The director's own table, used as the packet path uses it: hash and touch a batch, then one by one. */
final class JavaSide implements TableSide {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int TCP = 6;
    private static final int TIMEOUT_SEC = 900;
    private static final long START_MS = 1_000_000;
    static final long OVER_MS = 2_000_000;
    private static final int EXPIRY_LINES = 16_384;

    private final TableKeys keys;
    private final Mapping memory;
    private final ConnectionTable table;
    private final WorkerTable narrow;
    private final WideWorkerTable wide;
    private final WorkerShare worker;
    private final long[] hashes = new long[TablePlan.BATCH];
    private long folded;
    private long nowMs = START_MS;

    JavaSide(final TablePlan plan) {
        keys = new TableKeys(plan);
        memory = Mapping.allocate(plan.form().memoryBytes(plan.connections()), true);
        table = ConnectionTable.over(plan.form(), List.of(memory.segment()), plan.connections(), 1, 1);
        final boolean isNarrow = plan.form() == TableForm.NARROW;
        narrow = isNarrow ? table.worker(0, (key, value) -> { }) : null;
        wide = isNarrow ? null : table.wideWorker(0, (high, low, key, value) -> { });
        worker = isNarrow ? narrow : wide;
    }

    ConnectionTable table() {
        return table;
    }

    Mapping.Pages pages() {
        return memory.pages();
    }

    /** Whatever the processor was made to load: read, so that the loads cannot be left out. */
    long folded() {
        return folded;
    }

    @Override
    public Round round(final Kind kind, final long argument) {
        switch (kind) {
            case INSERT -> keys.sequence(argument);
            case EXPIRE -> nowMs += argument;
            default -> keys.random(argument, kind != Kind.MISS);
        }
        if (kind == Kind.REFRESH) {
            // Another deadline each round, or there were nothing to write.
            nowMs += 125;
        }
        final long startNs = THREADS.getCurrentThreadCpuTime();
        if (kind == Kind.EXPIRE) {
            worker.beginCycle();
            final int ended = worker.sweep(EXPIRY_LINES, nowMs);
            return new Round(THREADS.getCurrentThreadCpuTime() - startNs, ended, ended);
        }
        long done = 0;
        for (int first = 0; first < keys.count(); first += TablePlan.BATCH) {
            worker.beginCycle();
            final int count = Math.min(TablePlan.BATCH, keys.count() - first);
            done += narrow != null ? narrowBatch(kind, first, count) : wideBatch(kind, first, count);
        }
        return new Round(THREADS.getCurrentThreadCpuTime() - startNs, keys.count(), done);
    }

    private int narrowBatch(final Kind kind, final int first, final int count) {
        for (int i = 0; i < count; i++) {
            hashes[i] = table.hash(TCP, keys.addresses[first + i], keys.ports[first + i]);
        }
        folded ^= table.touch(hashes, count);
        int done = 0;
        for (int i = 0; i < count; i++) {
            final int at = first + i;
            done += outcome(kind, at, kind == Kind.INSERT ? narrow.insert(keys.keys[at], hashes[i], fresh(at), nowMs)
                : narrow.find(keys.keys[at], hashes[i], nowMs));
        }
        return done;
    }

    private int wideBatch(final Kind kind, final int first, final int count) {
        for (int i = 0; i < count; i++) {
            final int at = first + i;
            hashes[i] = table.wideHash(TCP, keys.highs[at], keys.lows[at], keys.ports[at]);
        }
        folded ^= table.touch(hashes, count);
        int done = 0;
        for (int i = 0; i < count; i++) {
            final int at = first + i;
            done += outcome(kind, at, kind == Kind.INSERT
                ? wide.insert(keys.keys[at], keys.highs[at], keys.lows[at], hashes[i], fresh(at), nowMs)
                : wide.find(keys.keys[at], keys.highs[at], keys.lows[at], hashes[i], nowMs));
        }
        return done;
    }

    private long fresh(final int at) {
        return ConnectionValue.of(TcpState.ESTABLISHED.ordinal(), keys.servers[at], 0, 0, TIMEOUT_SEC, nowMs);
    }

    /** 1 if an operation had the outcome it should. */
    private int outcome(final Kind kind, final int at, final long slot) {
        if (slot < 0) {
            return kind == Kind.MISS ? 1 : 0;
        }
        final long value = worker.value();
        if (kind == Kind.MISS || ConnectionValue.realServer(value) != keys.servers[at]) {
            return 0;
        }
        return kind != Kind.REFRESH || table.compareAndSetValue(slot, value,
            ConnectionValue.withDeadline(value, TIMEOUT_SEC, nowMs)) ? 1 : 0;
    }

    @Override
    public void close() {
        table.close();
        memory.close();
    }
}
