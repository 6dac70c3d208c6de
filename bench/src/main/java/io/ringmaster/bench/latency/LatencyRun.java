package io.ringmaster.bench.latency;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.wire.DirectorForwarder;
import io.ringmaster.bench.wire.Forwarder;
import io.ringmaster.bench.wire.LoadedWires;
import io.ringmaster.bench.wire.Wires;
import io.ringmaster.bpf.LoadSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Both sides in turns, each in a network of its own. */
final class LatencyRun {
    private final LatencyPlan plan;
    private final Progress progress;

    /**
     * What was found of one side.
     *
     * @param rounds         how long packets of each round took, in nanoseconds.
     * @param all            the same of all rounds.
     * @param sent           packets that were to be sent.
     * @param lost           of them those that never came.
     * @param senderLatestNs the longest time that the sender itself was late.
     * @param withoutCore    packets that were due while the sender had lost its core to others.
     */
    record Found(List<Histogram> rounds, Histogram all, long sent, long lost, long senderLatestNs, long withoutCore) {
        /** Share of packets whose latency is that of others on the sender's core. */
        double senderLateShare() {
            return (double) withoutCore / sent;
        }
    }

    LatencyRun(final LatencyPlan plan, final Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** The director's, and the peer's if there is one. */
    List<Found> run() {
        try (Cleanup cleanup = new Cleanup()) {
            final List<LatencySide> sides = start(cleanup);
            for (final LatencySide side : sides) {
                progress.show("warming up", sides.indexOf(side), sides.size());
                side.warmUp();
            }
            final List<List<Histogram>> rounds = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < plan.rounds(); round++) {
                for (int side = 0; side < sides.size(); side++) {
                    progress.show("measuring", (long) round * sides.size() + side, (long) plan.rounds() * sides.size());
                    rounds.get(side).add(sides.get(side).round());
                }
            }
            progress.end();
            final List<Found> found = new ArrayList<>();
            for (int i = 0; i < sides.size(); i++) {
                final LatencySide side = sides.get(i);
                found.add(new Found(rounds.get(i), side.all(), side.sent(), side.lost(), side.senderLatestNs(),
                    side.withoutCore()));
            }
            return found;
        }
    }

    private List<LatencySide> start(final Cleanup cleanup) {
        final List<LatencySide> sides = new ArrayList<>();
        final CProgram program = cleanup.add(CProgram.compile("send.c"));
        progress.show("starting the director", 0, 1);
        sides.add(side(cleanup, program, plan.method().end(), wires -> DirectorForwarder.start(wires, plan.method(),
            plan.connections(), plan.cores().forwarder(), "--idle", plan.idle())));
        if (plan.peer() != null) {
            progress.show("starting the peer", 0, 1);
            sides.add(side(cleanup, program, plan.peer().end(),
                wires -> plan.peer().start(wires, plan.cores().forwarder(), plan.connections())));
        }
        return sides;
    }

    private LatencySide side(final Cleanup cleanup, final CProgram program, final LoadSettings.End end,
                             final Function<Wires, Forwarder> starter) {
        final LoadedWires wires = cleanup.add(LoadedWires.load(Wires.make(cleanup), plan.load(end), true));
        final Forwarder forwarder = cleanup.add(starter.apply(wires.wires()));
        return new LatencySide(wires, forwarder, cleanup.add(Sender.start(program, wires.wires(), plan)), plan);
    }
}
