package io.ringmaster.bench.jmh;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WorkerTable;
import io.ringmaster.sys.Mapping;
import java.util.List;
import java.util.SplittableRandom;
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

/** The connection table by itself: batches of 64, as a worker uses it, uniform over all connections. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TableBenchmark {
    private static final int BATCH = 64;
    private static final int PROTOCOL = 6;
    private static final int PORT = 1024;
    private static final int ENDPOINT = 1;
    private static final int SWEPT_LINES = 32;
    private static final int BATCHES_PER_MS = 128;

    /** Connections in the table, which is made for a quarter more. */
    @Param({"100000", "1000000"})
    private int connections;

    private final SplittableRandom random = new SplittableRandom(1);
    private final long[] hashes = new long[BATCH];
    private final long[] homes = new long[BATCH];
    private final int[] clients = new int[BATCH];
    private Mapping memory;
    private ConnectionTable table;
    private WorkerTable worker;
    private long fresh;
    private long touched;
    private long batches;
    private int oldest = 1;
    private int newest = 1;

    /** Fills the table. */
    @Setup(Level.Trial)
    public void fill() {
        final long capacity = connections + connections / 4;
        memory = Mapping.allocate(ConnectionTable.memoryBytes(capacity), true);
        table = ConnectionTable.over(List.of(memory.segment()), capacity, 1, 0);
        worker = table.worker(0, (key, last) -> { });
        fresh = ConnectionValue.of(TcpState.ESTABLISHED.ordinal(), 1, 0, 0, 3600, 0);
        while (newest <= connections) {
            begin();
            insertNewest();
        }
    }

    private void begin() {
        worker.beginCycle();
        worker.sweepDue(SWEPT_LINES, ++batches / BATCHES_PER_MS);
    }

    private void insertNewest() {
        final int client = newest++;
        if (worker.insert(key(client), hash(client), fresh, batches / BATCHES_PER_MS) < 0) {
            throw new IllegalStateException("the table is full");
        }
    }

    private static long key(final int client) {
        return ConnectionKey.of(client, PORT, ENDPOINT);
    }

    private long hash(final int client) {
        return table.hash(PROTOCOL, client, PORT);
    }

    /** Nanoseconds for each look-up of a connection that is there. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long find() {
        worker.beginCycle();
        for (int i = 0; i < BATCH; i++) {
            clients[i] = oldest + random.nextInt(connections);
            hashes[i] = hash(clients[i]);
        }
        touched ^= table.touch(hashes, BATCH, homes);
        long found = touched;
        for (int i = 0; i < BATCH; i++) {
            found += worker.find(key(clients[i]), hashes[i], 0);
        }
        return found;
    }

    /** Nanoseconds for each insert of a new connection together with the end of the oldest one, and expiry's slice. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long insertAndRemove() {
        begin();
        for (int i = 0; i < BATCH; i++) {
            hashes[i] = hash(newest + i);
        }
        touched ^= table.touch(hashes, BATCH, homes);
        for (int i = 0; i < BATCH; i++) {
            insertNewest();
            final long slot = worker.find(key(oldest), hash(oldest), 0);
            if (!worker.remove(slot, worker.value())) {
                throw new IllegalStateException("a connection is gone");
            }
            oldest++;
        }
        return touched;
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void close() {
        table.close();
        memory.close();
    }
}
