package io.ringmaster.bench.pipeline;

import com.sun.management.ThreadMXBean;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.stats.Counter;
import io.ringmaster.sys.Mapping;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerQueue;
import io.ringmaster.worker.WorkerSetup;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.function.LongConsumer;

/** The director's own worker over a fake kernel's rings, with frames of its own. Owned by the thread that runs it. */
final class LaneWorker implements AutoCloseable {
    private static final int HAND_BACK_BYTES = 1 << 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Plan plan;
    private final Arena arena = Arena.ofShared();
    private final Mapping umem;
    private final FakeKernel kernel;
    private final FramePool pool;
    private final Traffic traffic;
    private final WorkerAgent agent;
    private long nowNs;
    private long folded;

    LaneWorker(final Plan plan, final int worker, final LaneTable shared, final long startNs) {
        this.plan = plan;
        this.nowNs = startNs;
        this.umem = Mapping.allocate((long) plan.frames() * FakeKernel.FRAME_BYTES, true);
        this.kernel = new FakeKernel(arena, plan.frames(), plan.scenario() == Plan.Scenario.FLOOD);
        this.pool = new FramePool(0, FakeKernel.FRAME_BYTES, plan.frames());
        this.traffic = new Traffic(plan, worker, umem.segment());
        this.agent = WorkerSetup.worker(worker, this::nanoTime).queues(new WorkerQueue[] {kernel.queue()}, 1)
            .memory(umem.segment(), pool)
            .tables(shared.connections(), shared.wideConnections(), shared.servers(), shared.services(), shared.hops())
            .handBack(new SpscRing(HAND_BACK_BYTES), 1)
            .make();
        agent.offer(shared.view());
        agent.onStart();
        while (pool.available() > 0) {
            kernel.take();
            agent.doWork();
        }
        kernel.take();
        agent.onClose();
    }

    /** The clock of the run; the machine's is read as well, since a worker does it once a cycle. */
    private long nanoTime() {
        folded ^= System.nanoTime();
        return nowNs;
    }

    /** Fills all frames for a pass. */
    void make(final Lane.Kind kind, final long argument) {
        traffic.make(kind, argument);
    }

    /** All frames through the worker, which is timed; the clock begins at a time and goes on at each cycle. */
    Pass run(final long startNs, final long stepNs) {
        nowNs = startNs;
        final int before = kernel.sent();
        final long wallNs = System.nanoTime();
        final long cpuNs = THREADS.getCurrentThreadCpuTime();
        final long bytes = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = plan.cycles(); i > 0; i--) {
            cycle(stepNs);
        }
        rest();
        final long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        return new Pass(THREADS.getCurrentThreadCpuTime() - cpuNs, System.nanoTime() - wallNs,
            Integer.toUnsignedLong(kernel.sent() - before), kernel.checksum(umem.segment()), allocated);
    }

    private void cycle(final long stepNs) {
        kernel.feed(Plan.BATCH);
        nowNs += stepNs;
        agent.doWork();
        kernel.take();
    }

    /** Keeps a copy of all packets as they are now, for {@link #repeat}. */
    void keep() {
        traffic.keep(arena);
    }

    /** A cycle with packets that were made once and sent before: made again as they were kept. */
    int repeat() {
        traffic.restore(kernel.nextFrame());
        kernel.feed(Plan.BATCH);
        nowNs += plan.cycleNs();
        final int work = agent.doWork();
        kernel.take();
        return work;
    }

    private void rest() {
        agent.doWork();
        kernel.take();
    }

    /** As {@link #run}, but each doWork is timed by itself. */
    void runTimed(final long startNs, final long stepNs, final LongConsumer endNsAndTime) {
        nowNs = startNs;
        for (int i = plan.cycles(); i > 0; i--) {
            kernel.feed(Plan.BATCH);
            nowNs += stepNs;
            final long from = System.nanoTime();
            agent.doWork();
            endNsAndTime.accept(from);
            kernel.take();
        }
        rest();
    }

    /** Cycles without a packet, in which only time goes on. */
    void idle(final long startNs, final long cycles, final long stepNs) {
        nowNs = startNs;
        for (long i = 0; i < cycles; i++) {
            nowNs += stepNs;
            agent.doWork();
        }
    }

    /** The worker holds nothing of the table until it runs again: the others need not wait for it. */
    void leave() {
        agent.onClose();
    }

    /** Frames that are neither in a ring nor with the kernel: none after a pass. */
    int idleFrames() {
        return pool.available();
    }

    /** Packets of known connections that were made for the last pass and are not among those that left; 0. */
    int lost() {
        return traffic.known() - kernel.countSent(traffic::isKnown);
    }

    long counter(final Counter counter) {
        return agent.counters().value(counter);
    }

    /** Every counter that is not 0, for a person. */
    String counters() {
        final StringBuilder found = new StringBuilder();
        for (final Counter counter : Counter.values()) {
            if (counter(counter) != 0) {
                found.append(' ').append(counter).append('=').append(counter(counter));
            }
        }
        return found.toString();
    }

    @Override
    public void close() {
        agent.onClose();
        umem.close();
        arena.close();
    }
}
