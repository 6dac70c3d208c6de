package io.ringmaster.control;

import java.util.Optional;

/**
 * A command that takes longer than the control thread may be kept: goes on step by step, between other work, until it
 * has its reply. Every method is called on the control thread.
 */
public interface LongCommand {
    /**
     * One step, which takes a millisecond at most.
     *
     * @return how much was done, 0 for nothing.
     */
    int step();

    /** The reply, once there is one. */
    Optional<Reply> reply();

    /** How far it is, for a person who waits. */
    String progress();

    /** Its client has gone, or its reply was taken: it does nothing any more. */
    void end();
}
