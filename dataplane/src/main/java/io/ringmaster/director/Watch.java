package io.ringmaster.director;

import io.ringmaster.stats.Counter;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells, once each, what an operator should hear of without asking: counters that say that something is set up wrong.
 * Owned by the control thread.
 */
final class Watch {
    private static final long EVERY_NS = 1_000_000_000L;
    private static final Set<Counter> WORTH_TELLING = EnumSet.of(Counter.UNFINISHED_CHECKSUM, Counter.DROP_TABLE_FULL,
        Counter.FRAGMENTED, Counter.DROP_NO_CLIENT_HOP, Counter.DROP_HAND_BACK_FAILED, Counter.KICK_FAILED);

    private final Director director;
    private final Consumer<String> log;
    private final Set<Counter> told = EnumSet.noneOf(Counter.class);
    private long nextNs;

    Watch(final Director director, final Consumer<String> log) {
        this.director = director;
        this.log = log;
    }

    /** Looks once a second; returns how much it told. */
    int look(final long nowNs) {
        if (nowNs - nextNs < 0) {
            return 0;
        }
        nextNs = nowNs + EVERY_NS;
        int tellings = 0;
        for (final Counter counter : WORTH_TELLING) {
            if (!told.contains(counter) && director.count(counter) > 0) {
                told.add(counter);
                tellings++;
                log.accept("Warning (" + counter.word() + "): " + counter.meaning() + ". " + counter.advice());
            }
        }
        return tellings;
    }
}
