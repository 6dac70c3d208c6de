package io.ringmaster.bench.forward;

import java.util.List;

/** What kept a side from forwarding more. */
enum Limit {
    /** All that was sent came through: there could have been more. */
    GENERATOR("the generator: all that it sent came through"),
    /** Packets were lost before the forwarder took them, or before it sent them on: it had more than it could do. */
    FORWARDER("the forwarder: it could not take all that was sent"),
    /** Packets were lost behind it. */
    SINK("the sink: it did not get all that was sent on"),
    /** It forwards within the generator's calls, which wait for it. */
    SHARED_CORE("the core that forwards and generates at once");

    private static final double ALL = 0.98;
    private final String words;

    Limit(final String words) {
        this.words = words;
    }

    static Limit of(final List<Round> rounds, final boolean onLoadCore) {
        final double sent = rounds.stream().mapToLong(Round::allSent).sum();
        final double taken = rounds.stream().mapToLong(Round::allTaken).sum();
        final double came = rounds.stream().mapToLong(Round::allCame).sum();
        if (came >= ALL * sent) {
            return onLoadCore ? SHARED_CORE : GENERATOR;
        }
        return came >= ALL * taken ? FORWARDER : SINK;
    }

    /** For people. */
    String words() {
        return words;
    }
}
