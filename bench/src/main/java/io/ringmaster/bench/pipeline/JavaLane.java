package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.sys.Mapping;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerQueue;
import io.ringmaster.worker.WorkerSetup;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** The director's own worker over a fake kernel's rings. Owned by the measuring thread. */
final class JavaLane implements Lane {
    /** A batch takes about as long; the clock is made of batches, so that both sides see the same times. */
    private static final long CYCLE_NS = 4096;
    private static final long START_NS = 1_000_000_000_000L;
    private static final int BATCH = 64;
    private static final int HAND_BACK_BYTES = 1 << 16;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Plan plan;
    private final Arena arena = Arena.ofShared();
    private final Mapping umem;
    private final Mapping tableMemory;
    private final ConnectionTable table;
    private final FakeKernel kernel;
    private final FramePool pool;
    private final Traffic traffic;
    private final WorkerAgent agent;
    private long nowNs = START_NS;
    private long folded;

    JavaLane(final Plan plan) {
        this.plan = plan;
        this.umem = Mapping.allocate((long) plan.frames() * FakeKernel.FRAME_BYTES, true);
        this.tableMemory = Mapping.allocate(ConnectionTable.memoryBytes(plan.capacity()), true);
        this.table = ConnectionTable.over(List.of(tableMemory.segment()), plan.capacity(), 1, 0);
        this.kernel = new FakeKernel(arena, plan.frames());
        this.pool = new FramePool(0, FakeKernel.FRAME_BYTES, plan.frames());
        this.traffic = new Traffic(plan, umem.segment());
        this.agent = WorkerSetup.worker(0, this::nanoTime).queues(new WorkerQueue[] {kernel.queue()}, 1)
            .memory(umem.segment(), pool)
            .table(table, new ServerCounters(1), new ServerCounters(1), new ClientHops())
            .handBack(new SpscRing(HAND_BACK_BYTES), 1)
            .make();
        agent.offer(Rules.view(plan.method()));
        agent.onStart();
        while (pool.available() > 0) {
            kernel.take();
            agent.doWork();
        }
        kernel.take();
    }

    /** The clock of the run; the machine's is read as well, since a worker does it once a cycle. */
    private long nanoTime() {
        folded ^= System.nanoTime();
        return nowNs;
    }

    @Override
    public Pass pass(final Kind kind, final long argument) {
        traffic.make(kind, argument);
        final int before = kernel.sent();
        final long wallNs = System.nanoTime();
        final long cpuNs = THREADS.getCurrentThreadCpuTime();
        work();
        final Pass pass = new Pass(THREADS.getCurrentThreadCpuTime() - cpuNs, System.nanoTime() - wallNs,
            Integer.toUnsignedLong(kernel.sent() - before), kernel.checksum(umem.segment()));
        check(pass);
        return pass;
    }

    private void work() {
        for (int fed = 0; fed < plan.frames(); fed += BATCH) {
            kernel.feed(BATCH);
            nowNs += CYCLE_NS;
            agent.doWork();
            kernel.take();
        }
        agent.doWork();
        kernel.take();
    }

    private void check(final Pass pass) {
        if (pass.packets() != plan.frames() || pool.available() != 0
            || agent.counters().value(Counter.CONNECTIONS_ENDED) != 0) {
            final StringBuilder found = new StringBuilder();
            for (final Counter counter : Counter.values()) {
                if (agent.counters().value(counter) != 0) {
                    found.append(' ').append(counter).append('=').append(agent.counters().value(counter));
                }
            }
            throw new BenchException("Not every packet was forwarded: " + pass.packets() + " of " + plan.frames()
                + ";" + found + ". This is a fault of the director or of the bench; please report it.");
        }
    }

    /** Bytes of the table for each connection it was made for. */
    double bytesPerConnection() {
        return (double) table.memoryBytes() / table.capacity();
    }

    /** Connections in the table. */
    long size() {
        return table.size();
    }

    /** The pages of the table. */
    String pages() {
        return tableMemory.pages().toString();
    }

    @Override
    public void close() {
        agent.onClose();
        table.close();
        tableMemory.close();
        umem.close();
        arena.close();
    }
}
