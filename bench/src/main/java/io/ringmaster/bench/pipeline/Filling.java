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
     * Opens connections in a table that is thrown away, until the compiler is done with what it takes: of a million, it
     * was done with the last ones only, and they were measured as much while code was exchanged as after.
     */
    static void warmUp(final Plan plan, final Progress progress) {
        final Plan brief = plan.warmingUp();
        try (JavaLane lane = new JavaLane(brief)) {
            for (long first = 0; first < plan.warmUp() / 2; first += plan.frames()) {
                lane.passes(Lane.Kind.OPEN, first, 1);
                lane.passes(Lane.Kind.FIRST, first, 1);
                progress.show("warming up", 2 * first, plan.warmUp());
            }
        }
    }

    /**
     * Opens all connections, by worker 0 of each side.
     *
     * @return figures of the second half, when the table is about as full as it will be; null if rounds are too few.
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
