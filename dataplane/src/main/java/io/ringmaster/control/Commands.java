package io.ringmaster.control;

/** Runs commands on the director. Every method is called on the control thread. */
public interface Commands {
    /** Runs one command to its end; the reply is sent after all workers have taken over what it changed. */
    Reply run(Request request);

    /** The version of the configuration that the last command made. */
    long version();

    /** Whether all workers have taken a version over. */
    boolean settled(long version);
}
