package io.ringmaster.bench.pipeline;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The packet path, a batch of 64 at a time, with few frames, which stay in the cache. Each packet is first made anew
 * from a copy, since the path rewrites it; that is in the figure. With {@code -prof gc} this shows that nothing is
 * allocated; for speed, {@code bench pipeline} is the measure.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PipelineBenchmark {
    private static final int CONNECTIONS = 100_000;
    private static final int FRAMES = 1024;

    /** Forwarding method. */
    @Param({"nat", "dr", "tun"})
    private String method;

    private LaneTable shared;
    private LaneWorker worker;

    /** Opens the connections and makes the packets. */
    @Setup(Level.Trial)
    public void open() {
        final Plan plan = new Plan(CONNECTIONS, Plan.Method.of(method), FRAMES, 0, 3, -1);
        shared = new LaneTable(plan, Rules.view(plan, false));
        worker = new LaneWorker(plan, 0, shared, JavaLane.START_NS);
        for (long first = 0; first < CONNECTIONS; first += FRAMES) {
            worker.make(Lane.Kind.OPEN, first);
            worker.run(JavaLane.START_NS, 0);
            worker.make(Lane.Kind.FIRST, first);
            worker.run(JavaLane.START_NS, 0);
        }
        worker.make(Lane.Kind.KNOWN, 0);
        worker.keep();
    }

    /** Nanoseconds a packet. */
    @Benchmark
    @OperationsPerInvocation(Plan.BATCH)
    public int doWork() {
        return worker.repeat();
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void close() {
        worker.close();
        shared.close();
    }
}
