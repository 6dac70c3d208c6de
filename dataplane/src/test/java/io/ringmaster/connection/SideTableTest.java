package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpMaps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Records of connections: found, counted, bounded, and with several threads at once. */
class SideTableTest {
    private static final int KEYS = 64;
    private static final int WORKERS = 3;
    private static final int CYCLES = 60_000;

    private static long key(final int port, final int destination) {
        return WideKey.of(port, 7, 0, destination);
    }

    @Test
    void aRecordIsFoundUntilItEndsAndItsChildrenKeepIt() {
        try (ConnectionTable table = ConnectionTable.allocate(TableForm.WIDE, 1_000, 1, 0)) {
            final WideWorkerTable worker = table.wideWorker(0, (high, low, key, last) -> { });
            final SideTable side = table.side();
            final PortCounts ports = new PortCounts(MemorySegment.ofArray(
                new long[(int) (XdpMaps.DATA_PORTS_BYTES / Long.BYTES)]));
            side.countPortsIn(ports);
            worker.beginCycle();
            final int control = side.claim(key(4000, 0), 1, 2);
            assertEquals(control, side.find(key(4000, 0), 1, 2));
            assertEquals(SideTable.NONE, side.find(key(4000, 0), 1, 3));
            assertEquals(SideTable.NONE, side.claim(key(4000, 0), 1, 2), "a second one of the same connection");
            assertFalse(side.keeps(key(4000, 0), 1, 2));
            final int data = side.claimData(key(0, 5000), 1, 2, side.link(control), 6000);
            assertEquals(1, side.children(control));
            assertTrue(side.keeps(key(4000, 0), 1, 2));
            assertEquals(List.of(1L, 1L), List.of(ports.count(5000), ports.count(6000)));
            side.ended(key(4000, 0), 1, 2, ConnectionValue.SIDE_TABLE);
            worker.beginCycle();
            final int next = side.claim(key(4001, 0), 1, 2);
            side.ended(key(0, 5000), 1, 2, ConnectionValue.SIDE_TABLE | ConnectionValue.CONTROLLED);
            assertEquals(0, side.children(next), "another's child does not count");
            assertEquals(List.of(0L, 0L), List.of(ports.count(5000), ports.count(6000)));
            assertNotEquals(control, data);
        }
    }

    @Test
    void aFullTableSaysSoAndTakesMoreOnceSomeHaveEnded() {
        try (ConnectionTable table = ConnectionTable.allocate(TableForm.WIDE, 1_000, 1, 0)) {
            final WideWorkerTable worker = table.wideWorker(0, (high, low, key, last) -> { });
            final SideTable side = table.side();
            worker.beginCycle();
            int claimed = 0;
            for (int i = 0; i < 2 * side.records(); i++) {
                claimed += side.claim(key(i, 0), 3, 4) >= 0 ? 1 : 0;
            }
            assertTrue(claimed > side.records() * 9 / 10 && claimed <= side.records(), () -> "of " + side.records());
            for (int i = 0; i < 2 * side.records(); i++) {
                if (side.find(key(i, 0), 3, 4) >= 0) {
                    side.ended(key(i, 0), 3, 4, ConnectionValue.SIDE_TABLE);
                }
            }
            assertEquals(SideTable.NONE, side.claim(key(1, 1), 3, 4), "within a cycle somebody may still hold them");
            int later = SideTable.NONE;
            for (int cycle = 0; cycle < 4 && later < 0; cycle++) {
                worker.beginCycle();
                later = side.claim(key(1, 1), 3, 4);
            }
            assertTrue(later >= 0, "all who may hold them have begun a later cycle");
        }
    }

    /** Threads make, find, count and end records of the same few connections; nobody ever holds another's. */
    @Test
    void threadsNeverMeetInOneRecord() throws InterruptedException {
        try (ConnectionTable table = ConnectionTable.allocate(TableForm.WIDE, 1_000, WORKERS, 0)) {
            final AtomicIntegerArray owners = new AtomicIntegerArray(KEYS);
            final AtomicReference<Throwable> failed = new AtomicReference<>();
            final List<Thread> threads = new ArrayList<>();
            for (int w = 0; w < WORKERS; w++) {
                final int worker = w;
                final WideWorkerTable own = table.wideWorker(w, (high, low, key, last) -> { });
                threads.add(new Thread(() -> run(table, own, worker, owners, failed)));
            }
            threads.forEach(Thread::start);
            for (final Thread thread : threads) {
                thread.join();
            }
            if (failed.get() != null) {
                throw new AssertionError(failed.get());
            }
            final WideWorkerTable any = table.wideWorker(0, (high, low, key, last) -> { });
            any.beginCycle();
            for (int i = 0; i < KEYS; i++) {
                assertEquals(owners.get(i) == 0, table.side().find(key(i, 0), i, ~i) < 0, "key " + i);
            }
        }
    }

    private static void run(final ConnectionTable table, final WideWorkerTable own, final int worker,
                            final AtomicIntegerArray owners, final AtomicReference<Throwable> failed) {
        final SplittableRandom random = new SplittableRandom(worker * 31L + System.nanoTime());
        final SideTable side = table.side();
        try {
            for (int cycle = 0; cycle < CYCLES && failed.get() == null; cycle++) {
                own.beginCycle();
                final int i = random.nextInt(KEYS);
                if (owners.compareAndSet(i, 0, -1)) {
                    // The entry is this thread's alone until it says that its record is there.
                    owners.set(i, side.claim(key(i, 0), i, ~i) >= 0 ? 1 : 0);
                } else if (random.nextInt(4) == 0 && owners.compareAndSet(i, 1, -2)) {
                    side.ended(key(i, 0), i, ~i, ConnectionValue.SIDE_TABLE);
                    owners.set(i, 0);
                } else {
                    use(side, i);
                }
            }
        } catch (final RuntimeException | AssertionError e) {
            failed.compareAndSet(null, e);
        } finally {
            own.goAbsent();
        }
    }

    /** Within a cycle a record that was found stays that key's: it only ever counts that key's number. */
    private static void use(final SideTable side, final int i) {
        final int record = side.find(key(i, 0), i, ~i);
        for (int step = 0; step < 8 && record >= 0; step++) {
            final long seen = side.word(record, 1);
            if (seen != 0 && seen != i + 1) {
                throw new AssertionError("key " + i + " holds the record of key " + (seen - 1));
            }
            side.compareAndSet(record, 1, seen, i + 1);
        }
    }
}
