package io.ringmaster.worker;

import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the hand-back thread, which sleeps for long while there is nothing to do: an answer of the kernel, say to a
 * local node's client, would be later by as much. Rung by every worker, heard by that one thread.
 */
public final class HandBackBell {
    private volatile Thread helper;

    /** Tells whom to wake; by the hand-back thread before its first cycle. */
    void heardByThisThread() {
        helper = Thread.currentThread();
    }

    /** Wakes it if it sleeps; else its next sleep is none, so that what came while it was about to is seen. */
    void ring() {
        LockSupport.unpark(helper);
    }
}
