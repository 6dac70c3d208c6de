package io.ringmaster.bench.forward;

import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.wire.DirectorForwarder;
import io.ringmaster.bench.wire.Forwarder;
import io.ringmaster.bench.wire.LoadedWires;
import io.ringmaster.bench.wire.Wires;
import io.ringmaster.bpf.LoadSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Both sides in turns, each in a network of its own, so that nothing is started or stopped between two rounds and
 * whatever else the machine does falls on both.
 */
final class ForwardRun {
    /** Enough for a director's packet path to be compiled, whatever the number of connections. */
    private static final long LEAST_WARM_PACKETS = 2_000_000;
    private static final long LONGEST_WARM_NS = 60_000_000_000L;

    private final ForwardPlan plan;
    private final Progress progress;

    /** What was counted, and what limited it; without a peer there is none of theirs. */
    record Result(List<Round> own, Limit ownLimit, List<Round> theirs, Limit theirLimit) {
    }

    ForwardRun(final ForwardPlan plan, final Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    Result run() {
        try (Cleanup cleanup = new Cleanup()) {
            final List<Side> sides = start(cleanup);
            for (final Side side : sides) {
                progress.show("warming up", sides.indexOf(side), sides.size());
                side.warmUp(Math.max(LEAST_WARM_PACKETS, plan.connections() * 2L), LONGEST_WARM_NS);
            }
            final List<List<Round>> rounds = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < plan.rounds(); round++) {
                for (int side = 0; side < sides.size(); side++) {
                    progress.show("measuring", (long) round * sides.size() + side, (long) plan.rounds() * sides.size());
                    rounds.get(side).add(sides.get(side).round(plan.roundNs()));
                }
            }
            progress.end();
            return new Result(rounds.getFirst(), limit(sides.getFirst(), rounds.getFirst()), rounds.getLast(),
                sides.size() == 1 ? null : limit(sides.getLast(), rounds.getLast()));
        }
    }

    private static Limit limit(final Side side, final List<Round> rounds) {
        return Limit.of(rounds, side.onLoadCore());
    }

    private List<Side> start(final Cleanup cleanup) {
        final List<Side> sides = new ArrayList<>();
        progress.show("starting the director", 0, 1);
        final LoadedWires own = loaded(cleanup, plan.method().end());
        sides.add(side(own, cleanup.add(DirectorForwarder.start(own.wires(), plan.method(), plan.connections(),
            plan.cores().forwarder(), "--idle", plan.idle()))));
        if (plan.peer() != null) {
            progress.show("starting the peer", 0, 1);
            final LoadedWires theirs = loaded(cleanup, plan.peer().end());
            sides.add(side(theirs, cleanup.add(plan.peer().start(theirs.wires(), plan.cores().forwarder(),
                plan.connections()))));
        }
        return sides;
    }

    private LoadedWires loaded(final Cleanup cleanup, final LoadSettings.End end) {
        return cleanup.add(LoadedWires.load(Wires.make(cleanup), plan.load(end), false));
    }

    private Side side(final LoadedWires wires, final Forwarder forwarder) {
        return new Side(wires, forwarder, plan.cores().load());
    }
}
