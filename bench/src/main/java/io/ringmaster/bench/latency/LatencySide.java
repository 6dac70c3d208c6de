package io.ringmaster.bench.latency;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.wire.Forwarder;
import io.ringmaster.bench.wire.Generator;
import io.ringmaster.bench.wire.LoadedWires;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One forwarder in its own network, which gets rounds of packets at a steady rate. Owned by the run's thread. */
final class LatencySide {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final long SETTLE_MS = 50;
    private static final long DRAIN_MS = 100;
    private static final long LOAD_MS = 2_000;

    private final LoadedWires wires;
    private final Forwarder forwarder;
    private final Sender sender;
    private final LatencyPlan plan;
    private final Histogram all = histogram();
    private long lost;
    private long sent;
    private long latestNs;
    private long withoutCore;

    LatencySide(final LoadedWires wires, final Forwarder forwarder, final Sender sender, final LatencyPlan plan) {
        this.wires = wires;
        this.forwarder = forwarder;
        this.sender = sender;
        this.plan = plan;
    }

    private static Histogram histogram() {
        return new Histogram(LONGEST_NS, DIGITS);
    }

    /** Two seconds of as much as goes, so that all code is compiled, then a round that nobody looks at. */
    void warmUp() {
        forwarder.resume();
        final Generator generator = Generator.start(wires, plan.cores().load());
        try {
            sleep(LOAD_MS);
        } finally {
            generator.close();
        }
        sleep(DRAIN_MS);
        sender.send(plan.packets());
        sleep(DRAIN_MS);
        final long came = wires.load().received();
        wires.load().takeArrivals();
        forwarder.pause();
        if (came == 0) {
            throw new BenchException("Not one packet came through; " + wires.load().others()
                + " others came to the sink.");
        }
    }

    /** One round: how long each packet took, in nanoseconds. */
    Histogram round() {
        forwarder.resume();
        sleep(SETTLE_MS);
        final Sender.Sent told = sender.send(plan.packets());
        sleep(DRAIN_MS);
        final Histogram round = histogram();
        for (final long ns : wires.load().takeArrivals()) {
            if (ns == 0) {
                lost++;
            } else {
                round.recordValue(Math.min(ns, LONGEST_NS));
            }
        }
        forwarder.pause();
        sent += plan.packets();
        latestNs = Math.max(latestNs, told.latestNs());
        withoutCore += told.withoutCore();
        all.add(round);
        if (round.getTotalCount() == 0) {
            throw new BenchException("Of " + plan.packets() + " packets of a round not one came through.");
        }
        return round;
    }

    /** All rounds together. */
    Histogram all() {
        return all;
    }

    /** Packets that were to be sent in all rounds. */
    long sent() {
        return sent;
    }

    /** Of them those that never came. */
    long lost() {
        return lost;
    }

    /** The longest time that the sender itself was late, which counts as latency. */
    long senderLatestNs() {
        return latestNs;
    }

    /** Packets that were due while the sender had lost its core to others. */
    long withoutCore() {
        return withoutCore;
    }

    private static void sleep(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }
}
