package io.ringmaster.cli.capture;

import io.ringmaster.capture.Captures;
import java.time.Instant;

/** Tells the time of day of the director's clock, by what both said when this was made. Immutable. */
public final class WallClock {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Captures captures;
    private final long offsetNs;

    /** Compares both clocks now. */
    public WallClock(final Captures captures) {
        this.captures = captures;
        final Instant now = Instant.now();
        this.offsetNs = now.getEpochSecond() * SECOND_NS + now.getNano() - captures.nowNs();
    }

    /** Nanoseconds since 1970 of a time of the director's clock. */
    long epochNs(final long directorNs) {
        return directorNs + offsetNs;
    }

    /** The same of now. */
    long nowEpochNs() {
        return epochNs(captures.nowNs());
    }

    /** A time of the director's clock. */
    Instant instant(final long directorNs) {
        final long epochNs = epochNs(directorNs);
        return Instant.ofEpochSecond(epochNs / SECOND_NS, epochNs % SECOND_NS);
    }
}
