package io.ringmaster.control;

import java.util.Optional;

/** Runs commands on the director. Every method is called on the control thread. */
public interface Commands {
    /** Runs one command to its end; the reply is sent after all workers have taken over what it changed. */
    Reply run(Request request);

    /**
     * Begins a command that speaks with its client while it runs; empty for all others.
     *
     * @param wake lets the control thread look for work at once; may be called by any thread.
     */
    default Optional<Conversation> converse(final Request request, final Runnable wake) {
        return Optional.empty();
    }

    /** Whether {@link #run} needs the whole standard input of the client for this request. */
    default boolean readsStdin(final Request request) {
        return false;
    }

    /** The director ends: verbs that end with it are to say so. */
    default void ending() {
    }

    /** Whether a command that goes on says by itself that the director ends, after {@link #ending}, and ends then. */
    default boolean endsWithDirector(final Request request) {
        return false;
    }

    /** The version of the configuration that the last command made. */
    long version();

    /** Whether all workers have taken a version over. */
    boolean settled(long version);
}
