package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A table that is full: established connections are in it, then first segments of three times as many random clients
 * as it is made for. Every established connection stays and every packet of it is sent on; what is refused and what
 * gives way is counted; afterwards new connections find room.
 */
class SynFloodTest {
    private static final int CAPACITY = 4096;
    private static final int BATCH = 64;
    private static final int FLOOD_OF_BATCH = 48;
    private static final String SERVER_11 = "-a -t " + VIP + " -r 10.2.0.11:80 -m";
    private static final String SERVER_12 = "-a -t " + VIP + " -r 10.2.0.12:80 -m";

    private final List<String> established = new ArrayList<>();
    private final Random random = new Random(20_261_125);
    private TestDirector director;
    private long sent;

    // Nominal load or half of it; all of the flood in an instant, or a batch to a tenth of a millisecond or a
    // millisecond: at once is the hardest, since what gave way is free only in a later cycle.
    @ParameterizedTest(name = "load {0}, {1} us a batch, {2} workers, service {3}")
    @CsvSource({"1.0, 1000, 1, -s rr", "1.0, 100, 1, -s rr", "0.5, 100, 1, -s rr", "0.5, 0, 1, -s rr",
        "1.0, 0, 1, -s rr", "0.9, 100, 2, -s rr", "0.9, 0, 2, -s wlc", "0.4, 100, 1, -s rr -p 300",
        "0.4, 100, 2, -s rr -p 300", "0.4, 0, 1, -s rr -p 300"})
    void establishedConnectionsAreUntouched(final double load, final int batchUs, final int workers,
                                            final String options) {
        final TestDirector made = new TestDirector(TestDirector.Shape.DEFAULT.workers(workers).capacity(CAPACITY))
            .rules("-A -t " + VIP + " " + options, SERVER_12, SERVER_11);
        try (made) {
            director = made;
            establish((int) (CAPACITY * load));
            final long created = director.count(Counter.CONNECTIONS_CREATED);
            final long[] active = active();
            flood(3 * CAPACITY, batchUs);
            // Each first segment was taken in or refused, and counted as one of them.
            final long taken = director.count(Counter.CONNECTIONS_CREATED) - created;
            final long refused = director.count(Counter.DROP_TABLE_FULL);
            assertEquals(3 * CAPACITY, taken + refused);
            assertTrue(taken > 3 * CAPACITY * 97 / 100, () -> "taken " + taken + ", refused " + refused);
            assertTrue(director.count(Counter.CONNECTIONS_EVICTED) > CAPACITY / 2,
                () -> "gave way: " + director.count(Counter.CONNECTIONS_EVICTED));
            assertTrue(LongStream.of(active).sum() <= LongStream.of(active()).sum(), "none of the established");
            director.assertTableClean();
            eachEstablishedIsServed();
            director.elapse(options.contains("-p") ? 400_000 : 66_000);
            afterwards();
        }
    }

    private long[] active() {
        return new long[] {director.server(1, ServerCounters.ACTIVE), director.server(2, ServerCounters.ACTIVE)};
    }

    private void establish(final int count) {
        // Of half as many clients, so that where templates are made, they take part of the table, too.
        for (int i = 0; i < count; i++) {
            final String client = "10.8." + (i / 2 >> 8) + "." + (i / 2 & 0xff) + ":" + (4000 + i % 2);
            established.add(client);
            arrive(i, client, SYN);
            arrive(i + 1, client, ACK);
        }
        cycle();
        assertEquals(0, director.count(Counter.DROP_TABLE_FULL), "there is room at nominal load");
        assertEquals(count, director.connections().stream().filter(line -> line.startsWith("ESTABLISHED")).count());
        sent = director.count(Counter.SENT_TO_REAL_SERVER);
        assertEquals(2L * count, sent);
    }

    private void arrive(final int i, final String client, final int flags) {
        // Both segments of a handshake at one worker where they come together, at either where they do not.
        director.arrive((flags == SYN ? i : i - 1) % director.workers(), 0, fromClient(client, flags));
        if (i % BATCH >= BATCH / 2) {
            cycle();
        }
    }

    private void cycle() {
        director.cycle();
        director.takeSent();
    }

    private void flood(final int segments, final int batchUs) {
        final List<String> order = new ArrayList<>(established);
        Collections.shuffle(order, random);
        int next = 0;
        for (int i = 0; i < segments; i++) {
            final int address = random.nextInt(1 << 24);
            director.arrive(i % director.workers(), 0, fromClient("11." + (address >> 16) + "." + (address >> 8 & 0xff)
                + "." + (address & 0xff) + ":" + (1024 + random.nextInt(60_000)), SYN));
            if (i % FLOOD_OF_BATCH == FLOOD_OF_BATCH - 1) {
                // In between, a packet of each established connection in turn.
                for (int j = FLOOD_OF_BATCH; j < BATCH; j++) {
                    director.arrive((i + j) % director.workers(), 0, fromClient(order.get(next++ % order.size()), ACK));
                    sent++;
                }
                director.jumpUs(batchUs);
                cycle();
            }
        }
        cycle();
        assertEquals(sent + segments - director.count(Counter.DROP_TABLE_FULL),
            director.count(Counter.SENT_TO_REAL_SERVER), "every packet of an established connection was sent on");
    }

    private void eachEstablishedIsServed() {
        final long before = director.count(Counter.SENT_TO_REAL_SERVER);
        for (int i = 0; i < established.size(); i++) {
            director.arrive(i % director.workers(), 0, fromClient(established.get(i), ACK));
            if (i % BATCH == 0) {
                cycle();
            }
        }
        cycle();
        assertEquals(before + established.size(), director.count(Counter.SENT_TO_REAL_SERVER));
    }

    /** The flood's connections and templates have timed out: new ones are taken in. */
    private void afterwards() {
        eachEstablishedIsServed();
        final long refused = director.count(Counter.DROP_TABLE_FULL);
        final long room = CAPACITY / 20;
        for (int i = 0; i < room; i++) {
            final String client = "12.0." + (i >> 8) + "." + (i & 0xff) + ":5000";
            director.arrive(i % director.workers(), 0, fromClient(client, SYN));
            if (i % BATCH == 0) {
                cycle();
            }
        }
        cycle();
        assertEquals(refused, director.count(Counter.DROP_TABLE_FULL), "new connections find room again");
        director.takeSent();
    }
}
