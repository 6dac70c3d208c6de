package io.ringmaster.bench.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a case smaller: leaves out what it fails without, by halves first, then by less. */
final class Reduction {
    private static final int TRIES_MAX = 1500;

    private final Predicate<List<String>> fails;
    private int tries;

    /** By whether lines still lead to the same fault. */
    Reduction(final Predicate<List<String>> fails) {
        this.fails = fails;
    }

    /** The smallest found. */
    List<String> of(final List<String> whole) {
        List<String> best = whole;
        for (int piece = Math.max(1, best.size() / 2); tries < TRIES_MAX; piece = Math.max(1, piece / 2)) {
            final int before = best.size();
            best = without(best, piece);
            if (piece == 1 && best.size() == before) {
                break;
            }
        }
        return best;
    }

    private List<String> without(final List<String> lines, final int piece) {
        List<String> best = lines;
        // From the end: what is there needs what is before it.
        for (int from = best.size() - piece; from > -piece && tries < TRIES_MAX; from -= piece) {
            final List<String> fewer = new ArrayList<>(best.subList(0, Math.max(0, from)));
            fewer.addAll(best.subList(Math.min(best.size(), from + piece), best.size()));
            tries++;
            if (fewer.size() < best.size() && fails.test(fewer)) {
                best = fewer;
            }
        }
        return best;
    }
}
