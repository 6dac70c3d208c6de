package io.ringmaster.worker;

import io.ringmaster.ring.SpscRing;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.Agent;

/**
 * The hand-back thread: takes packets from the rings of all workers and gives each to the kernel as if it had just
 * arrived by its interface. Off the workers, since the system call costs tens of microseconds. Owns its counters.
 */
public final class HandBackAgent implements Agent, SpscRing.Handler {
    private static final int PACKETS_PER_CYCLE = 32;

    private final SpscRing[] rings;
    private final HandBackBell bell;
    private final Injector injector;
    private final WorkerCounters counters = new WorkerCounters();

    /**
     * The agent.
     *
     * @param rings    one from each worker.
     * @param bell     what workers wake this agent's thread by.
     * @param injector the way into the kernel.
     */
    public HandBackAgent(final SpscRing[] rings, final HandBackBell bell, final Injector injector) {
        this.rings = rings;
        this.bell = bell;
        this.injector = injector;
    }

    /** Gives one packet to the kernel as if it came by an interface of the director. */
    @FunctionalInterface
    public interface Injector {
        /** Returns 0 or errno. */
        int inject(int port, int queue, MemorySegment memory, long offset, int lengthBytes);
    }

    @Override
    public void onStart() {
        bell.heardByThisThread();
    }

    @Override
    public int doWork() {
        int work = 0;
        for (final SpscRing ring : rings) {
            work += ring.poll(this, PACKETS_PER_CYCLE);
        }
        return work;
    }

    @Override
    public void onMessage(final MemorySegment memory, final long offset, final int lengthBytes, final int tag) {
        if (injector.inject(HandBack.port(tag), HandBack.queue(tag), memory, offset, lengthBytes) != 0) {
            counters.increment(Counter.DROP_HAND_BACK_FAILED);
        }
    }

    /** Its counters: what the kernel did not take. */
    public WorkerCounters counters() {
        return counters;
    }

    @Override
    public String roleName() {
        return "hand-back";
    }
}
