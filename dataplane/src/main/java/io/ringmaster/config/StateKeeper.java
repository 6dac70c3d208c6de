package io.ringmaster.config;

import io.ringmaster.control.ServiceTable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Saves what a director has when it has changed. The control thread sees the change and copies; a thread of its own
 * writes and waits for the disk. Changes that come while it does so, or soon after, are saved together.
 */
public final class StateKeeper implements AutoCloseable {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int PATIENCE_SEC = 10;
    private static final System.Logger LOG = System.getLogger(StateKeeper.class.getName());

    private final StateFile file;
    private final ServiceTable table;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        final Thread made = new Thread(work, "state");
        made.setDaemon(true);
        return made;
    });
    private Future<Boolean> saving;
    private State saved;
    private State given;
    private long seenVersion = -1;
    private long notBeforeNs = Long.MIN_VALUE;

    /**
     * For one director.
     *
     * @param saved what the file has now.
     */
    public StateKeeper(final StateFile file, final ServiceTable table, final State saved) {
        this.file = file;
        this.table = table;
        this.saved = saved;
    }

    /**
     * Has the state saved if it changed; on the control thread.
     *
     * @return how much was done.
     */
    public int poll(final long nowNs) {
        if (saving != null) {
            if (!saving.isDone()) {
                return 0;
            }
            endSaving(nowNs);
        }
        final long version = table.view().version();
        if (version == seenVersion || notBeforeNs != Long.MIN_VALUE && nowNs - notBeforeNs < 0) {
            return 0;
        }
        seenVersion = version;
        final State now = State.of(table);
        if (now.equals(saved)) {
            return 0;
        }
        notBeforeNs = nowNs + PAUSE_NS;
        given = now;
        saving = thread.submit(() -> save(now));
        return 1;
    }

    private void endSaving(final long nowNs) {
        if (Boolean.TRUE.equals(saving.resultNow())) {
            saved = given;
        } else {
            seenVersion = -1;
            notBeforeNs = nowNs + RETRY_NS;
        }
        saving = null;
    }

    private boolean save(final State state) {
        try {
            file.save(state);
            return true;
        } catch (final IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The state was not saved to " + file.path() + " (" + e
                + "); it is tried again, and the file has what it had before.");
            return false;
        }
    }

    /** Saves what is left to save; once the control thread has ended. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(PATIENCE_SEC, TimeUnit.SECONDS)) {
                final State now = State.of(table);
                if (saving != null && Boolean.TRUE.equals(saving.resultNow())) {
                    saved = given;
                }
                if (!now.equals(saved)) {
                    save(now);
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
