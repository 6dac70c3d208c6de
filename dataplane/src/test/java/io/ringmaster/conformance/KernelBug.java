package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Send;
import io.ringmaster.director.ModelDirector.Outcome;

/**
 * The kernel's evident bugs: where a recording shows one, we do what was meant. This is the whole list; each entry
 * knows by itself what it is about, so that it excuses the same in any recording, and nothing else.
 */
enum KernelBug {
    ;

    private final String reason;

    KernelBug(final String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    /** The bug that is the whole difference, or null. */
    static KernelBug of(final Send send, final Outcome outcome) {
        return null;
    }
}
