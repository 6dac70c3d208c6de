package io.ringmaster.sip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Workers that refer to the same few calls and give them back, in a table so small that every slot is another call's a
 * moment later: while anybody refers to a call it has one number, which stands for no other.
 */
class CallsThreadsTest {
    private static final int WORKERS = 4;
    private static final int IDS = 6;
    private static final int KEYS = 5;
    private static final int STEPS = 60_000;

    private final Calls calls = Calls.allocate(5);
    /** Of each Call-ID: the number that those who refer to it have (high half) and how many they are. */
    private final AtomicLongArray holders = new AtomicLongArray(IDS);
    private final AtomicReferenceArray<byte[]> ids = new AtomicReferenceArray<>(IDS);
    private final AtomicLongArray linked = new AtomicLongArray(KEYS);

    CallsThreadsTest() {
        for (int i = 0; i < IDS; i++) {
            ids.set(i, ("call-" + i + "@" + "x".repeat(i * 9)).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @RepeatedTest(5)
    void aCallHasOneNumberWhileSomebodyRefersToIt() throws Exception {
        final long seed = System.nanoTime();
        run(worker -> () -> {
            final SplittableRandom random = new SplittableRandom(seed + worker);
            final List<int[]> held = new ArrayList<>();
            int full = 0;
            for (int step = 0; step < STEPS; step++) {
                final int id = random.nextInt(IDS);
                final int call = calls.refer(MemorySegment.ofArray(ids.get(id)), 0, ids.get(id).length, 0, 1);
                if (call >= 0) {
                    hold(id, call);
                    held.add(new int[] {id, call});
                    assertEquals(new String(ids.get(id), StandardCharsets.ISO_8859_1),
                        calls.listed(call).orElseThrow().id(), () -> "seed " + seed);
                } else {
                    full++;
                }
                while (held.size() > 3 || call < 0 && !held.isEmpty()) {
                    final int[] given = held.remove(random.nextInt(held.size()));
                    holders.decrementAndGet(given[0]);
                    calls.release(given[1]);
                }
            }
            for (final int[] given : held) {
                holders.decrementAndGet(given[0]);
                calls.release(given[1]);
            }
            assertTrue(full < STEPS, "it is not always full");
            return null;
        });
        assertEquals(0, calls.live(), () -> "seed " + seed);
    }

    private void hold(final int id, final int call) {
        for (;;) {
            final long seen = holders.get(id);
            final long count = seen & 0xffff_ffffL;
            assertTrue(count == 0 || seen >>> Integer.SIZE == call, () -> "call " + id + " has numbers " + call
                + " and " + (seen >>> Integer.SIZE));
            if (holders.compareAndSet(id, seen, (long) call << Integer.SIZE | count + 1)) {
                return;
            }
        }
    }

    @RepeatedTest(5)
    void whatIsLinkedIsTakenOnce() throws Exception {
        final byte[] id = ids.get(1);
        final int call = calls.refer(MemorySegment.ofArray(id), 0, id.length, 0, 1);
        run(worker -> () -> {
            final SplittableRandom random = new SplittableRandom(worker);
            for (int step = 0; step < STEPS; step++) {
                final int key = random.nextInt(KEYS);
                if (random.nextBoolean()) {
                    // Counted before: whoever takes it must find it counted.
                    linked.incrementAndGet(key);
                    if (!calls.link(key, key, ~key, call)) {
                        linked.decrementAndGet(key);
                    }
                } else {
                    final int taken = calls.unlink(key, key, ~key);
                    if (taken >= 0) {
                        assertEquals(call, taken);
                        assertTrue(linked.getAndDecrement(key) > 0, "taken more often than linked");
                        calls.release(taken);
                    }
                }
            }
            return null;
        });
        for (int key = 0; key < KEYS; key++) {
            for (; linked.get(key) > 0; linked.decrementAndGet(key)) {
                assertEquals(call, calls.unlink(key, key, ~key));
                calls.release(call);
            }
            assertTrue(calls.unlink(key, key, ~key) < 0);
        }
        calls.release(call);
        assertEquals(0, calls.live());
        assertEquals(0, calls.linked());
    }

    private static void run(final IntFunction<Callable<Void>> workers) throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try {
            final List<Callable<Void>> all = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                all.add(workers.apply(worker));
            }
            for (final Future<Void> each : threads.invokeAll(all, 120, TimeUnit.SECONDS)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
