package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.stats.Counter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** The director's own workers over a fake kernel's rings and one table. Owned by the measuring thread. */
final class JavaLane implements Lane {
    private static final long START_NS = 1_000_000_000_000L;
    // Longer than any time-out.
    private static final long ALL_ENDED_NS = (Rules.LONG_SEC + 1) * 1_000_000_000L;
    // Looking through a table must not take more of its time than it does in a director: a second.
    private static final long PASS_NS = 1_000_000_000L;
    private static final int ENOUGH_PASSES = 100;
    private static final int SWEPT_LINES = 32;
    private static final int SLOTS_PER_LINE = 4;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Plan plan;
    private final LaneTable shared;
    private final List<LaneWorker> workers = new ArrayList<>();
    private final Crew crew;
    private long nowNs = START_NS;

    /** Time-outs of half-open connections are the kernel's, or a second. */
    JavaLane(final Plan plan, final boolean brief) {
        this.plan = plan;
        this.shared = new LaneTable(plan, Rules.view(plan, brief));
        for (int worker = 0; worker < plan.workers(); worker++) {
            workers.add(new LaneWorker(plan, worker, shared, nowNs));
        }
        this.crew = new Crew(plan);
    }

    JavaLane(final Plan plan) {
        this(plan, plan.scenario() == Plan.Scenario.EXPIRY);
    }

    @Override
    public List<Pass> passes(final Kind kind, final long argument, final int who) {
        return passes(kind, argument, who, plan.cycleNs());
    }

    /** A pass of worker 0 during which time stands still: nothing ends, and the table is not looked through. */
    Pass timeless(final Kind kind, final long argument) {
        return passes(kind, argument, 1, 0).getFirst();
    }

    private List<Pass> passes(final Kind kind, final long argument, final int who, final long stepNs) {
        final List<Pass> passes = crew.run(who, worker -> workers.get(worker).make(kind, argument), worker -> {
            final Pass pass = workers.get(worker).run(nowNs, stepNs);
            workers.get(worker).leave();
            return pass;
        });
        nowNs += stepNs * plan.cycles();
        for (int worker = 0, i = 0; worker < workers.size(); worker++) {
            if ((who >> worker & 1) != 0) {
                check(workers.get(worker), passes.get(i++));
            }
        }
        return passes;
    }

    private void check(final LaneWorker worker, final Pass pass) {
        final boolean flood = plan.scenario() == Plan.Scenario.FLOOD;
        final boolean unplanned = switch (plan.scenario()) {
            case KNOWN, TAIL -> worker.counter(Counter.CONNECTIONS_ENDED) != 0;
            case EXPIRY -> worker.counter(Counter.CONNECTIONS_EVICTED) != 0;
            case FLOOD -> worker.lost() != 0;
        };
        if (unplanned || pass.packets() != plan.frames() && !flood || worker.idleFrames() != 0) {
            throw new BenchException("Not every packet was forwarded: " + pass.packets() + " of " + plan.frames()
                + ";" + worker.counters() + ". This is a fault of the director or of the bench; please report it.");
        }
    }

    /** Cycles of worker 0 without packets: as many as a pass has, and as much time. */
    void idlePass() {
        idle(plan.cycles(), plan.cycleNs());
    }

    /** Time goes on at once, then worker 0 looks through the whole table as often as told. */
    void sweep(final long jumpNs, final int times) {
        nowNs += jumpNs;
        idle(times * sweepCycles(1), PASS_NS / sweepCycles(1));
    }

    private long sweepCycles(final int share) {
        return shared.connections().slots() / SLOTS_PER_LINE / SWEPT_LINES / share + 2;
    }

    private void idle(final long cycles, final long stepNs) {
        workers.getFirst().idle(nowNs, cycles, stepNs);
        workers.getFirst().leave();
        nowNs += cycles * stepNs;
    }

    /** A pass of worker 0 of which each doWork is timed. */
    void timed(final Kind kind, final long argument, final LongConsumer startNs) {
        final LaneWorker worker = workers.getFirst();
        worker.make(kind, argument);
        worker.runTimed(nowNs, plan.cycleNs(), startNs);
        worker.leave();
        nowNs += plan.cycleNs() * plan.cycles();
    }

    /** Lets the time of all connections run out and looks that all are gone; nanoseconds of worker time for each. */
    double end() {
        final long all = shared.connections().size();
        nowNs += ALL_ENDED_NS;
        final long cycles = sweepCycles(workers.size());
        final long cpuNs = THREADS.getCurrentThreadCpuTime();
        // Overflow marks are looked after, too, and count as lines: after a flood one pass is far from enough.
        for (int pass = 0; pass < ENOUGH_PASSES && shared.connections().size() != 0; pass++) {
            for (final LaneWorker worker : workers) {
                worker.idle(nowNs, cycles, PASS_NS / cycles);
                worker.leave();
            }
            nowNs += PASS_NS;
        }
        final long tookNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
        if (shared.connections().size() != 0 || shared.carried() != 0) {
            throw new BenchException("Of " + all + " connections " + shared.connections().size()
                + " did not end in time, and real servers still carry " + shared.carried()
                + ". This is a fault of the director; please report it.");
        }
        return (double) tookNs / all;
    }

    /** Bytes of the table for each connection it was made for. */
    double bytesPerConnection() {
        return (double) shared.connections().memoryBytes() / shared.connections().capacity();
    }

    /** Bytes of the table. */
    long tableBytes() {
        return shared.connections().memoryBytes();
    }

    /** Connections in the table. */
    long size() {
        return shared.connections().size();
    }

    /** Slots of the table. */
    long slots() {
        return shared.connections().slots();
    }

    /** Of worker 0. */
    long counter(final Counter counter) {
        return workers.getFirst().counter(counter);
    }

    /** The pages of the table. */
    String pages() {
        return shared.pages().toString();
    }

    @Override
    public void close() {
        crew.close();
        workers.forEach(LaneWorker::close);
        shared.close();
    }
}
