package io.ringmaster.demo;

import java.util.ArrayList;
import java.util.List;

/** What the demonstration promises, point by point. Owned by its thread. */
final class Checks {
    private final Screen screen;
    private final List<String> failures = new ArrayList<>();
    private int count;

    Checks(final Screen screen) {
        this.screen = screen;
    }

    /** A promise: held or not, with what was seen where it was not. */
    void that(final String what, final boolean holds, final Object seen) {
        count++;
        if (holds) {
            screen.held(what);
        } else {
            failures.add(what + " (seen: " + seen + ")");
            screen.failed(what + "; seen: " + seen);
        }
    }

    /** How many were made. */
    int count() {
        return count;
    }

    /** Those that did not hold. */
    List<String> failures() {
        return failures;
    }
}
