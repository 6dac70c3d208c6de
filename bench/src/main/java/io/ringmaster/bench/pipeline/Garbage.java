package io.ringmaster.bench.pipeline;

import java.util.Locale;

/**
 * What the threads of the workers put on the Java heap during the measured rounds. Owned by the measuring thread.
 * <p>
 * The packet path puts nothing there. But HotSpot lets the thread that asks for a method to be compiled make the string
 * constants of the method's class first, once for each class: 80 bytes for the message of an assertion, and nothing
 * else, were in the stacks of all objects that were made below a worker in a run. Nearly always that is over before the
 * measured rounds, and in them it is one round's; what packets or cycles make is in each.
 */
final class Garbage {
    private long bytes;
    private int rounds;

    /** A round is over, in which so many bytes were put there. */
    void round(final long inRound) {
        bytes += inRound;
        rounds += inRound > 0 ? 1 : 0;
    }

    long bytes() {
        return bytes;
    }

    /** Whether it was in more than one round, and so not the JVM's. */
    boolean isSteady() {
        return rounds > 1;
    }

    /** For a person, after the number of bytes a packet; nothing if there was none. */
    String note() {
        return rounds == 1
            ? String.format(Locale.ROOT, " (%,d bytes in one round, as when a class is first compiled)", bytes) : "";
    }
}
