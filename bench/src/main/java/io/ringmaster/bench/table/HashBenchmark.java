package io.ringmaster.bench.table;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hash stage of the packet path with each candidate: a batch of clients in, their home lines out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashBenchmark {
    private static final int BATCH = 64;
    private static final int CLIENT_BITS = 48;
    private static final long LINES = 3_571_429;

    private final long[] clients = new SplittableRandom(1).longs(BATCH).map(i -> i >>> Long.SIZE - CLIENT_BITS)
        .toArray();
    private final long[] highs = new SplittableRandom(2).longs(BATCH).toArray();
    private final long[] lows = new SplittableRandom(3).longs(BATCH).toArray();
    private final long[] secret = new SplittableRandom(4).longs(4).map(i -> i | 1).toArray();
    private final long[] lines = new long[BATCH];

    /** Nanoseconds a packet, as all of these. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] murmur() {
        for (int i = 0; i < BATCH; i++) {
            lines[i] = Math.unsignedMultiplyHigh(HashCandidates.murmur(clients[i], secret[0]), LINES);
        }
        return lines;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] foldMultiply() {
        for (int i = 0; i < BATCH; i++) {
            lines[i] = Math.unsignedMultiplyHigh(HashCandidates.foldMultiply(clients[i], secret), LINES);
        }
        return lines;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] foldFold() {
        for (int i = 0; i < BATCH; i++) {
            lines[i] = Math.unsignedMultiplyHigh(HashCandidates.foldFold(clients[i], secret), LINES);
        }
        return lines;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] sipHash13() {
        for (int i = 0; i < BATCH; i++) {
            lines[i] = Math.unsignedMultiplyHigh(HashCandidates.sip(clients[i], secret[0], secret[1]), LINES);
        }
        return lines;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] wideFold() {
        for (int i = 0; i < BATCH; i++) {
            lines[i] = Math.unsignedMultiplyHigh(HashCandidates.wideFold(highs[i], lows[i], clients[i], secret), LINES);
        }
        return lines;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long[] wideSipHash13() {
        for (int i = 0; i < BATCH; i++) {
            lines[i] = Math.unsignedMultiplyHigh(HashCandidates.wideSip(highs[i], lows[i], clients[i], secret[0],
                secret[1]), LINES);
        }
        return lines;
    }
}
