package io.ringmaster.bench.stress;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionLister;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WideKey;
import io.ringmaster.connection.WideWorkerTable;
import io.ringmaster.connection.WorkerShare;
import io.ringmaster.connection.WorkerTable;

/**
 * The smallest table of a form with two workers and a lister, and one client port whose connections all have the same
 * home line, in the share that worker 0 sweeps.
 */
final class TableFixture {
    static final int NOT_FOUND = -1;
    /** What a value answers whose connection ended between look-up and load. */
    static final int ENDED = 0;
    private static final int TCP = 6;
    static final long HIGH = 0x2001_0db8_0000_0000L;
    private static final int LINE_SLOTS = 4;
    private static final int CLIENT = 0x0a000001;
    private static final int PORT = 4_000;
    private static final long START_MS = 1_000;
    private static final int TIMEOUT_SEC = 60;
    private static final int PASS_LINES = 64;
    /** So many inserts tell a worker that there is a flood, the last one included: each fourth's home line counts. */
    private static final int FLOOD_INSERTS = 64;
    /** Each of them leaves a slot behind that waits for the next cycle. */
    private static final int FLOOD_STEP = 16;
    private static final int WATCHED = 10_000;

    final ConnectionTable table;
    final WorkerShare first;
    final WorkerShare second;
    final long hash;
    private final int client;
    private long firstMs = START_MS;
    private long secondMs = START_MS;

    TableFixture(final TableForm form) {
        table = ConnectionTable.allocate(form, 1, 2, 1);
        first = worker(0);
        second = worker(1);
        first.beginCycle();
        client = clientOfFirstShare();
        hash = hash(client);
    }

    private WorkerShare worker(final int number) {
        return table.form() == TableForm.NARROW ? table.worker(number, (key, value) -> { })
            : table.wideWorker(number, (high, low, key, value) -> { });
    }

    private long hash(final int of) {
        return table.form() == TableForm.NARROW ? table.hash(TCP, of, PORT)
            : table.wideHash(TCP, HIGH, of, PORT);
    }

    private int clientOfFirstShare() {
        // The home line is the high half of hash × lines; room for what follows between it and the end of the share,
        // which is its first half.
        final long lines = table.slots() / LINE_SLOTS;
        for (int candidate = CLIENT;; candidate++) {
            if (Math.unsignedMultiplyHigh(hash(candidate), lines) < lines / 4) {
                return candidate;
            }
        }
    }

    /** How many entries a line holds. */
    int lineEntries() {
        return table.form().entriesPerLine();
    }

    static long value(final int server) {
        return ConnectionValue.of(TcpState.SYN_RECV.ordinal(), server, 0, 0, TIMEOUT_SEC, START_MS);
    }

    /** A connection's value as its next packet leaves it. */
    static long established(final long value) {
        return ConnectionValue.withState(value, TcpState.ESTABLISHED.ordinal());
    }

    /** The key of one of its connections, in the narrow form. */
    long narrowKey(final int endpoint) {
        return ConnectionKey.of(client, PORT, endpoint);
    }

    /** Inserts, and answers the real server that the caller would use. */
    int insert(final WorkerShare worker, final int endpoint, final int server) {
        return server(worker, insertSlot(worker, endpoint, value(server)));
    }

    /** Inserts; the slot, or something negative. */
    long insertSlot(final WorkerShare worker, final int endpoint, final long value) {
        return worker instanceof final WideWorkerTable wide
            ? wide.insert(WideKey.of(PORT, endpoint), HIGH, client, hash, value, START_MS)
            : ((WorkerTable) worker).insert(narrowKey(endpoint), hash, value, START_MS);
    }

    private static int server(final WorkerShare worker, final long slot) {
        return slot < 0 ? (int) slot : ConnectionValue.realServer(worker.value());
    }

    /**
     * Inserts at the home line, as for a packet of a batch; answers the real server that the caller would use. Narrow
     * form.
     */
    int insertAt(final WorkerShare worker, final int endpoint, final int server) {
        final WorkerTable narrow = (WorkerTable) worker;
        final boolean there = narrow.insertAt(table.home(hash), narrowKey(endpoint), hash, value(server), START_MS);
        return there ? ConnectionValue.realServer(narrow.value()) : NOT_FOUND;
    }

    /** Fills the home line: endpoint 1 of real server 1 is half-open, the others, from 12 on, are established. */
    private void fillLine() {
        insert(first, 1, 1);
        for (int other = 2; other <= lineEntries(); other++) {
            insertSlot(first, 10 + other, established(value(9)));
        }
    }

    /**
     * Fills the home line with established connections but for one, that of endpoint 1 and real server 1: it is
     * half-open, and the first worker takes it for a flood's, so that it gives way when this worker sweeps next.
     */
    void flood() {
        fillLine();
        for (int inserts = lineEntries() + 1; inserts <= FLOOD_INSERTS; inserts++) {
            if (inserts % FLOOD_STEP == 0) {
                cycles(first);
            }
            // Of what is there: nothing changes.
            insert(first, 12, 9);
        }
    }

    /** Lets what {@link #flood} chose give way. */
    void relieve() {
        first.sweep(0, firstMs);
    }

    /**
     * Fills the home line but for a slot that the first worker may have and the second does not know to be over, so
     * that this one goes on to the next line.
     */
    void fillForSecond() {
        fillLine();
        remove(first, 1);
        first.beginCycle();
        firstMs++;
        first.sweep(0, firstMs);
    }

    /** Inserts what is past its deadline by now. */
    void insertExpired(final WorkerShare worker, final int endpoint, final int server) {
        insert(worker, endpoint, server);
        table.compareAndSetValue(slot(worker, endpoint, START_MS), worker.value(),
            ConnectionValue.withDeadlinePassed(worker.value(), START_MS));
    }

    /** Looks up; the slot, or something negative. */
    long slot(final WorkerShare worker, final int endpoint, final long nowMs) {
        return worker instanceof final WideWorkerTable wide
            ? wide.find(WideKey.of(PORT, endpoint), HIGH, client, hash, nowMs)
            : ((WorkerTable) worker).find(ConnectionKey.of(client, PORT, endpoint), hash, nowMs);
    }

    /** Looks up, and answers the real server that the slot names afterwards; the look-up's own is in the value. */
    int find(final WorkerShare worker, final int endpoint) {
        final long slot = slot(worker, endpoint, START_MS);
        if (slot < 0) {
            return NOT_FOUND;
        }
        final long value = table.value(slot);
        return ConnectionValue.isLive(value) ? ConnectionValue.realServer(value) : ENDED;
    }

    /**
     * As {@link #find}, but looks at the slot for as long as it takes another thread to end the connection and to try
     * to use the slot again: in this cycle it must not become another connection's.
     */
    int findAndWatch(final WorkerShare worker, final int endpoint) {
        final long slot = slot(worker, endpoint, START_MS);
        if (slot < 0) {
            return NOT_FOUND;
        }
        final int found = ConnectionValue.realServer(worker.value());
        int now = found;
        for (int i = 0; i < WATCHED && (now == found || now == ENDED); i++) {
            final long value = table.value(slot);
            now = ConnectionValue.isLive(value) ? ConnectionValue.realServer(value) : ENDED;
        }
        return now;
    }

    boolean remove(final WorkerShare worker, final int endpoint) {
        final long slot = slot(worker, endpoint, START_MS);
        return slot >= 0 && worker.remove(slot, worker.value());
    }

    /** Goes through cycles with a pass of expiry each, so that slots are free again wherever nobody forbids it. */
    void cycles(final WorkerShare worker) {
        for (int i = 0; i < 3; i++) {
            worker.beginCycle();
            worker.sweep(PASS_LINES, worker == first ? ++firstMs : ++secondMs);
        }
        worker.beginCycle();
    }

    /** How many entries of this endpoint there are; when the actors are done. */
    int count(final int endpoint) {
        final int[] count = {0};
        list((listed, value) -> count[0] += listed == endpoint ? 1 : 0);
        return count[0];
    }

    /** Is told of an entry. */
    interface Listed {
        void onConnection(int endpoint, long value);
    }

    /** A whole listing. */
    void list(final Listed listed) {
        final ConnectionLister lister = table.lister(0);
        for (long cursor = 0; cursor >= 0;) {
            cursor = table.form() == TableForm.NARROW
                ? lister.list(cursor, PASS_LINES, START_MS, (key, value, remainingSec) ->
                    listed.onConnection(ConnectionKey.endpoint(key), value))
                : lister.listWide(cursor, PASS_LINES, START_MS, (high, low, key, value, remainingSec) ->
                    listed.onConnection(high == HIGH && low == client ? WideKey.endpoint(key) : 0, value));
        }
    }
}
