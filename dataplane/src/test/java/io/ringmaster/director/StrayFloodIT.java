package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A flood of segments that are nobody's, which the kernel has to answer: bounded, and no harm to connections. */
class StrayFloodIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int BURST = 50;
    private static final int PORTS = 1_000;
    private static final int SEGMENTS = Full.RUN ? 100_000 : 2_000;
    private static final int REQUESTS = Full.RUN ? 2_000 : 100;

    /** Sends stray segments to a port of the VIP, so many a second. */
    private static void flood(final DemoNetwork network, final int port, final int segments, final int perSecond) {
        try (RawClient client = new RawClient(network)) {
            final List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < PORTS; i++) {
                frames.add(client.frames(3, network.vip(NAT)).tcp(20_000 + i, port, Tcp.ACK));
            }
            final long startNs = System.nanoTime();
            for (int sent = 0; sent < segments; sent += BURST) {
                for (int i = 0; i < BURST; i++) {
                    client.send(frames.get((sent + i) % PORTS));
                }
                final long dueNs = startNs + sent * 1_000_000_000L / perSecond;
                while (System.nanoTime() < dueNs) {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    @Test
    void balancedTrafficIsAnsweredMeanwhile() throws Exception {
        try (Lab lab = Lab.with(new DemoNetwork.Options(2, 4, 1, 1600), "--hand-back-rate", "1000");
             ExecutorService threads = Executors.newSingleThreadExecutor()) {
            lab.service("-t", NAT, "rr", 1, 1);
            final Future<?> flood = threads.submit(() -> flood(lab.network(), 80, 20_000, 20_000));
            final LoadResult result = lab.http(NAT).get(200, 2, number -> 2_000);
            flood.get();
            assertEquals(List.of(), result.failures(), lab.director()::said);
            final Counters counters = Counters.of(lab.director());
            assertTrue(counters.of(Counter.DROP_HAND_BACK_LIMIT) > 1_000, counters::toString);
            assertTrue(counters.of(Counter.BACK_NO_CONNECTION) > 100, counters::toString);
            assertEquals(0, counters.of(Counter.DROP_HAND_BACK_FAILED), counters::toString);
            // The last packets of clients are on their way, and counters are not all read at one moment.
            assertTrue(RunningDirector.await(() -> {
                final Counters now = Counters.of(lab.director());
                return now.of(Counter.PACKETS_RECEIVED) == now.ended();
            }), () -> Counters.of(lab.director()).toString());
            lab.assertSound();
        }
    }

    /** In rounds with and without: requests a second are told, none may be lost. In full a million. */
    @Test
    void roundsWithAndWithout() throws Exception {
        try (Lab lab = Lab.with(new DemoNetwork.Options(2, 4, 1, 1600))) {
            lab.service("-t", NAT, "rr", 1, 1);
            lab.http(NAT).get(REQUESTS, 4, number -> 2_000);
            round(lab, 0, 0);
            double quiet = 0;
            double flooded = 0;
            double kernels = 0;
            final int rounds = Full.RUN ? 10 : 1;
            for (int i = 0; i < rounds; i++) {
                quiet += round(lab, 0, 0);
                flooded += round(lab, 80, SEGMENTS);
                // The same flood on a port that was never the director's: what the machine itself takes for it.
                kernels += round(lab, 81, SEGMENTS);
            }
            System.out.printf("requests a second: %.0f quiet, %.0f under %d stray segments to the service, "
                + "%.0f under as many to another port%n", quiet / rounds, flooded / rounds, rounds * SEGMENTS,
                kernels / rounds);
            System.out.println(Counters.of(lab.director()));
            lab.assertSound();
        }
    }

    private static double round(final Lab lab, final int port, final int segments) throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            final Future<?> flood = threads.submit(() -> flood(lab.network(), port, segments, 50_000));
            final long startNs = System.nanoTime();
            final LoadResult result = lab.http(NAT).get(REQUESTS, 4, number -> 100);
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            flood.get();
            assertEquals(List.of(), result.failures(), lab.director()::said);
            System.out.printf("  port %d, %d segments: %.0f requests a second in %.1f s, p99 %d us%n", port, segments,
                REQUESTS / seconds, seconds, result.latencyUs(99));
            return REQUESTS / seconds;
        }
    }
}
