package io.ringmaster.director;

import io.ringmaster.director.Settings.IdleMode;
import io.ringmaster.sys.CpuAffinity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;

/** The director's threads: one for each agent, pinned where it is a worker. Owned by the thread that starts it. */
final class Threads implements AutoCloseable {
    private static final long LONGEST_SLEEP_NS = 100_000;
    private static final long ERRORS_TOLD = 20;

    private final Consumer<String> log;
    private final BitSet others;
    private final Deque<AgentRunner> runners = new ArrayDeque<>();
    private final AtomicLong errors = new AtomicLong();

    /**
     * None yet.
     *
     * @param workerCores left to workers, where there are more cores than those: each time that another thread wakes
     *                    there, packets wait for it.
     */
    Threads(final Consumer<String> log, final List<Integer> workerCores) {
        this.log = log;
        others = CpuAffinity.allowed();
        workerCores.forEach(others::clear);
    }

    /**
     * The cores for a number of workers.
     *
     * @param asked as set; empty for a choice of our own: from the last one down, since interrupts gather at the first.
     * @throws IllegalArgumentException in one sentence if one of them does not exist or is not allowed, or if there
     *     are more than receive queues: each worker needs one of each interface.
     */
    static List<Integer> cores(final List<Integer> asked, final Interfaces interfaces) {
        final int workersAtMost = interfaces.smallestQueueCount();
        asked.forEach(CpuAffinity::check);
        if (asked.size() > workersAtMost) {
            throw new IllegalArgumentException("--cores names " + asked.size() + " cores, but "
                + interfaces.withFewestQueues() + " has " + workersAtMost + (workersAtMost == 1
                ? " receive queue" : " receive queues") + ", and each worker needs one; name fewer cores, or give the"
                + " interface more queues.");
        }
        if (!asked.isEmpty()) {
            return List.copyOf(asked);
        }
        final BitSet allowed = CpuAffinity.allowed();
        final List<Integer> cores = new ArrayList<>();
        for (int core = allowed.length() - 1; core >= 0 && cores.size() < workersAtMost; core--) {
            if (allowed.get(core)) {
                cores.add(core);
            }
        }
        return cores;
    }

    void startPinned(final Agent agent, final IdleMode idle, final int core) {
        start(agent, idleStrategy(idle), () -> CpuAffinity.pinThisThread(core));
    }

    void start(final Agent agent, final IdleStrategy idle) {
        start(agent, idle, () -> {
            if (!others.isEmpty()) {
                CpuAffinity.setThisThread(others);
            }
        });
    }

    private void start(final Agent agent, final IdleStrategy idle, final Runnable first) {
        final AgentRunner runner = new AgentRunner(idle, errorHandler(agent.roleName()), null, agent);
        runners.push(runner);
        AgentRunner.startOnThread(runner, body -> new Thread(() -> {
            first.run();
            body.run();
        }));
    }

    /** A defect, told a bounded number of times: the agent goes on with its next cycle. */
    private ErrorHandler errorHandler(final String role) {
        return thrown -> {
            if (errors.incrementAndGet() <= ERRORS_TOLD) {
                final StackTraceElement[] trace = thrown.getStackTrace();
                log.accept("Defect in " + role + ": " + thrown + (trace.length == 0 ? "" : " at " + trace[0]));
            }
        };
    }

    /** How often an agent threw: always 0 unless there is a defect; any thread. */
    long errors() {
        return errors.get();
    }

    private static IdleStrategy idleStrategy(final IdleMode idle) {
        return switch (idle) {
            case SPIN -> BusySpinIdleStrategy.INSTANCE;
            // Yields rather than spins: the same on a core of its own, and on a shared one others get their turn.
            case BACKOFF -> new BackoffIdleStrategy(10, 200, 1_000, LONGEST_SLEEP_NS);
            case SLEEP -> new SleepingIdleStrategy(LONGEST_SLEEP_NS);
        };
    }

    /** Ends the threads, the last one started first, and waits for each. */
    @Override
    public void close() {
        while (!runners.isEmpty()) {
            runners.pop().close();
        }
    }
}
