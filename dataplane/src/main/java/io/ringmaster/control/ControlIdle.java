package io.ringmaster.control;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the control thread waits when there is nothing to do: first for workers, which take over a change between two
 * batches, then until a client or a verb wants something. Owned by the control thread.
 */
public final class ControlIdle implements IdleStrategy {
    private static final int SHORT_WAITS = 20;
    private static final long SHORT_WAIT_NS = 50_000L;

    private final ControlAgent agent;
    private final long longestMs;
    private int waits;

    /**
     * For one agent.
     *
     * @param longestMs how long its other duties can wait.
     */
    public ControlIdle(final ControlAgent agent, final long longestMs) {
        this.agent = agent;
        this.longestMs = longestMs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (waits < SHORT_WAITS) {
            waits++;
            LockSupport.parkNanos(SHORT_WAIT_NS);
        } else {
            agent.await(longestMs);
        }
    }

    @Override
    public void reset() {
        waits = 0;
    }
}
