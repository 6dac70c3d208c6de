package io.ringmaster.supervision;

import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/**
 * Gives the service manager a sign of life as long as every worker goes on, with packets or without: each begins a
 * cycle at least every tenth of a millisecond. A thread of its own looks, so that neither a long command nor a worker
 * decides about the others. The control thread is not asked: while it stands still packets go on, and an end would cut
 * their connections.
 */
public final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    /** Looks in the time that the manager waits: a sign that is late or lost does not end a healthy director. */
    private static final int LOOKS = 4;

    private final ServiceManager manager;
    private final IntToLongFunction cycle;
    private final long[] seen;
    private final Thread thread;
    private boolean starved;

    /**
     * Not looking yet.
     *
     * @param workers how many there are.
     * @param cycle   a number of each worker, 0 and up, that changes with every cycle; any thread.
     */
    public Watchdog(final ServiceManager manager, final int workers, final IntToLongFunction cycle) {
        this.manager = manager;
        this.cycle = cycle;
        this.seen = new long[workers];
        thread = new Thread(this::watch, "watchdog");
        thread.setDaemon(true);
    }

    /** Begins, if the manager waits for signs. */
    public Watchdog start() {
        if (manager.watchdogNs().isPresent()) {
            thread.start();
        }
        return this;
    }

    private void watch() {
        final long pauseNs = manager.watchdogNs().orElseThrow() / LOOKS;
        try {
            while (true) {
                look();
                TimeUnit.NANOSECONDS.sleep(pauseNs);
            }
        } catch (final InterruptedException e) {
            // The end.
            return;
        }
    }

    /** One look; whether a sign was given. */
    boolean look() {
        int still = -1;
        for (int worker = 0; worker < seen.length; worker++) {
            final long now = cycle.applyAsLong(worker);
            if (now == seen[worker]) {
                still = worker;
            }
            seen[worker] = now;
        }
        if (still < 0) {
            manager.alive();
        } else if (!starved) {
            final String sentence = "Worker " + still + " stands still; the watchdog gets no sign of life until it "
                + "goes on.";
            manager.status(sentence);
            LOG.log(System.Logger.Level.WARNING, sentence);
        }
        starved = still >= 0;
        return !starved;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
