package io.ringmaster.bench.stress;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WorkerTable;

/**
 * The smallest table with two workers and a lister, and one client port whose connections all have the same home line,
 * in the share that worker 0 sweeps.
 */
final class TableFixture {
    static final int NOT_FOUND = -1;
    /** What a value answers whose connection ended between look-up and load. */
    static final int ENDED = 0;
    private static final int TCP = 6;
    private static final int CLIENT = 0x0a000001;
    private static final int PORT = 4_000;
    private static final long START_MS = 1_000;
    private static final int TIMEOUT_SEC = 60;
    private static final int PASS_LINES = 64;

    final ConnectionTable table = ConnectionTable.allocate(1, 2, 1);
    final WorkerTable first = table.worker(0, (key, value) -> { });
    final WorkerTable second = table.worker(1, (key, value) -> { });
    final long hash;
    private long firstMs = START_MS;

    TableFixture() {
        first.beginCycle();
        final int client = clientOfFirstShare();
        hash = table.hash(TCP, client, PORT);
        this.client = client;
    }

    private final int client;

    private int clientOfFirstShare() {
        for (int candidate = CLIENT;; candidate++) {
            final long candidateHash = table.hash(TCP, candidate, PORT);
            final long slot = first.insert(ConnectionKey.of(candidate, PORT, 1), candidateHash, value(1), START_MS);
            first.remove(slot, first.value());
            // Room for what follows between the home line and the end of the share, which is its first half.
            if (slot < table.slots() / 4) {
                cycles(first);
                return candidate;
            }
        }
    }

    long key(final int endpoint) {
        return ConnectionKey.of(client, PORT, endpoint);
    }

    static long value(final int server) {
        return ConnectionValue.of(TcpState.SYN_RECV.ordinal(), server, 0, 0, TIMEOUT_SEC, START_MS);
    }

    /** Inserts, and answers the real server that the caller would use. */
    int insert(final WorkerTable worker, final int endpoint, final int server) {
        final long slot = worker.insert(key(endpoint), hash, value(server), START_MS);
        return slot < 0 ? (int) slot : ConnectionValue.realServer(worker.value());
    }

    /** Looks up, and answers the real server that the slot names afterwards; the look-up's own is in the value. */
    int find(final WorkerTable worker, final int endpoint) {
        final long slot = worker.find(key(endpoint), hash, START_MS);
        if (slot < 0) {
            return NOT_FOUND;
        }
        final long value = table.value(slot);
        return ConnectionValue.isLive(value) ? ConnectionValue.realServer(value) : ENDED;
    }

    boolean remove(final WorkerTable worker, final int endpoint) {
        final long slot = worker.find(key(endpoint), hash, START_MS);
        return slot >= 0 && worker.remove(slot, worker.value());
    }

    /** Goes through cycles with a pass of expiry each, so that slots are free again wherever nobody forbids it. */
    void cycles(final WorkerTable worker) {
        for (int i = 0; i < 3; i++) {
            firstMs++;
            worker.beginCycle();
            worker.sweep(PASS_LINES, firstMs);
        }
        worker.beginCycle();
    }

    /** How many entries of this endpoint there are; when the actors are done. */
    int count(final int endpoint) {
        final int[] count = {0};
        long cursor = 0;
        while (cursor >= 0) {
            cursor = table.lister(0).list(cursor, PASS_LINES, START_MS, (key, value, remainingSec) ->
                count[0] += ConnectionKey.endpoint(key) == endpoint ? 1 : 0);
        }
        return count[0];
    }
}
