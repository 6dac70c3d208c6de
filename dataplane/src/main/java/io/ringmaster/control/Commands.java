package io.ringmaster.control;

/** Runs commands on the director, on the control thread. */
@FunctionalInterface
public interface Commands {
    /** Runs one command to its end; the reply is sent after all workers have taken over what it changed. */
    Reply run(Request request);
}
