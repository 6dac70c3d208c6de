package io.ringmaster.bench.forward;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.wire.Forwarder;
import io.ringmaster.bench.wire.Generator;
import io.ringmaster.bench.wire.LoadedWires;
import java.util.concurrent.TimeUnit;

/** One forwarder in its own network, which gets rounds of traffic. Owned by the run's thread. */
final class Side {
    private static final long SETTLE_NS = 200_000_000;
    private static final long DRAIN_MS = 50;

    private final LoadedWires wires;
    private final Forwarder forwarder;
    private final int loadCore;

    Side(final LoadedWires wires, final Forwarder forwarder, final int loadCore) {
        this.wires = wires;
        this.forwarder = forwarder;
        this.loadCore = loadCore;
    }

    boolean onLoadCore() {
        return forwarder.onLoadCore();
    }

    /** Sends until a number of packets came through, so that all connections are open and all code is compiled. */
    void warmUp(final long packets, final long longestNs) {
        forwarder.resume();
        final long before = wires.load().received();
        final long startNs = System.nanoTime();
        final Generator generator = Generator.start(wires, loadCore);
        try {
            while (wires.load().received() - before < packets && System.nanoTime() - startNs < longestNs) {
                sleep(TimeUnit.MILLISECONDS.toNanos(DRAIN_MS));
            }
        } finally {
            generator.close();
        }
        forwarder.pause();
        if (wires.load().received() == before) {
            throw new BenchException("Of " + wires.load().generated() + " packets not one came through; "
                + wires.load().others() + " others came to the sink.");
        }
    }

    /** One round of traffic; counts at its ends are taken while packets flow. */
    Round round(final long lengthNs) {
        forwarder.resume();
        final long sentBefore = wires.load().generated();
        final long takenBefore = forwarder.taken();
        final long cameBefore = came();
        final Window window;
        final Generator generator = Generator.start(wires, loadCore);
        try {
            sleep(SETTLE_NS);
            window = window(lengthNs);
        } finally {
            generator.close();
        }
        sleep(TimeUnit.MILLISECONDS.toNanos(DRAIN_MS));
        final Round round = new Round(window.tookNs, window.sent, window.received,
            wires.load().generated() - sentBefore, forwarder.taken() - takenBefore, came() - cameBefore);
        forwarder.pause();
        return round;
    }

    private Window window(final long lengthNs) {
        final long startNs = System.nanoTime();
        final long sent = wires.load().generated();
        final long received = wires.load().received();
        sleep(lengthNs);
        return new Window(System.nanoTime() - startNs, wires.load().generated() - sent,
            wires.load().received() - received);
    }

    /** What was counted while packets flowed. */
    private record Window(long tookNs, long sent, long received) {
    }

    private long came() {
        return wires.load().received() + wires.load().others();
    }

    private static void sleep(final long ns) {
        try {
            TimeUnit.NANOSECONDS.sleep(ns);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }
}
