package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Rounds of both sides in turns, so that whatever else the machine does falls on both, and that both send the same
 * packets. Without a peer it is a plain measurement.
 */
final class Filling {
    private static final int ENOUGH_ROUNDS = 4;

    private Filling() {
    }

    /**
     * Opens all connections, by worker 0 of each side.
     *
     * @return figures of the second half, when the compiler has seen the first; null if there are too few rounds.
     */
    static Row run(final Plan plan, final Both both, final Progress progress) {
        final List<List<Pass>> rounds = new ArrayList<>();
        for (long first = 0; first < plan.connections(); first += plan.frames()) {
            final List<Pass> round = both.pass(Lane.Kind.OPEN, first);
            // The last pass begins anew with connections that are there already.
            if (first + plan.frames() <= plan.connections()) {
                rounds.add(round);
            }
            both.pass(Lane.Kind.FIRST, first);
            progress.show("opening connections", first + plan.frames(), plan.connections());
        }
        return rounds.size() < ENOUGH_ROUNDS ? null
            : Row.of("opening connections", rounds.subList(rounds.size() / 2, rounds.size()), Pass::nsPerPacket);
    }
}
