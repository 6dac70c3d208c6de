package io.ringmaster.control;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What happens to a director: the last events are kept, and those who listen hear of new ones. Any thread may tell; it
 * waits for nobody. Each listener takes from a bounded queue of its own, on its own thread, and hears how many events
 * it was too slow for.
 */
public final class Events {
    /** Events that are kept, and that one listener may be behind. */
    public static final int KEPT = 1024;

    private final LongSupplier nowMs;
    private final LongSupplier nowNs;
    private final List<Listener> listeners = new ArrayList<>();
    private final Deque<Event> past = new ArrayDeque<>(KEPT);
    private long number;
    private boolean ended;

    /** Events with the time of this machine. */
    public Events() {
        // The time of day is for people to read: nothing is decided by it.
        this(System::currentTimeMillis, System::nanoTime);
    }

    /**
     * Events with another time.
     *
     * @param nowMs milliseconds since 1970, which may jump.
     * @param nowNs as System.nanoTime.
     */
    Events(final LongSupplier nowMs, final LongSupplier nowNs) {
        this.nowMs = nowMs;
        this.nowNs = nowNs;
    }

    /** What events are about. */
    public enum Kind {
        /** The director has started, or ends. */
        DIRECTOR,
        /** Somebody changed something. */
        CHANGE,
        /** A file was applied. */
        CONFIG,
        /** The drain of a real server began or ended. */
        DRAIN,
        /** An interface, a route or a neighbour. */
        NETWORK,
        /** A real server became overloaded or available again. */
        THRESHOLD,
        /** The connection table. */
        TABLE,
        /** A worker. */
        WORKER,
        /** Somebody looks into packets, or ended it. */
        CAPTURE;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that happened.
     *
     * @param number 1 for the first one since the start.
     * @param atMs   when, in milliseconds since 1970.
     * @param atNs   the same by System.nanoTime, which does not jump.
     * @param text   a line for a person.
     * @param caller who did it; the director itself for what nobody did.
     */
    public record Event(long number, long atMs, long atNs, Kind kind, String text, Caller caller) {
    }

    /** Keeps it and tells all who listen. */
    public synchronized void tell(final Kind kind, final String text, final Caller caller) {
        number++;
        final Event event = new Event(number, nowMs.getAsLong(), nowNs.getAsLong(), kind, text, caller);
        if (past.size() == KEPT) {
            past.removeFirst();
        }
        past.addLast(event);
        listeners.forEach(listener -> listener.offer(event));
    }

    /** As above, of what happened by itself. */
    public void tell(final Kind kind, final String text) {
        tell(kind, text, Caller.SELF);
    }

    /** Whether anybody listens. */
    public synchronized boolean heard() {
        return !listeners.isEmpty();
    }

    /** Begins to listen to what comes. */
    public Listener listen() {
        return listen(0, 0);
    }

    /**
     * Begins to listen, first to what was kept.
     *
     * @param last     at most so many of those that were kept, the latest.
     * @param oldestMs none that is older than so many milliseconds.
     */
    public synchronized Listener listen(final int last, final long oldestMs) {
        final long now = nowNs.getAsLong();
        final long oldestNs = TimeUnit.MILLISECONDS.toNanos(oldestMs);
        final List<Event> told = past.stream().skip(Math.max(0, past.size() - last))
            .filter(event -> now - event.atNs <= oldestNs).toList();
        final Listener listener = new Listener(told);
        listeners.add(listener);
        return listener;
    }

    /** Tells that the director ends, after which there will be no more. */
    public synchronized void end() {
        tell(Kind.DIRECTOR, "The director ends.");
        ended = true;
    }

    private synchronized boolean ended() {
        return ended;
    }

    private synchronized void forget(final Listener listener) {
        listeners.remove(listener);
    }

    /** One who listens; used by one thread. */
    public final class Listener implements AutoCloseable {
        private final ArrayBlockingQueue<Event> queue = new ArrayBlockingQueue<>(KEPT);
        private final List<Event> told;
        private long lost;

        private Listener(final List<Event> told) {
            this.told = told;
        }

        private void offer(final Event event) {
            if (!queue.offer(event)) {
                lost++;
            }
        }

        /** What was kept and wanted, the oldest first. */
        public List<Event> past() {
            return told;
        }

        /** The next event, or null if there is none for so long. */
        public Event next(final long longestMs) throws InterruptedException {
            return queue.poll(longestMs, TimeUnit.MILLISECONDS);
        }

        /** Whether there will be no more. */
        public boolean over() {
            return ended() && queue.isEmpty();
        }

        /** How many events were lost since this was last asked. */
        public long takeLost() {
            synchronized (Events.this) {
                final long count = lost;
                lost = 0;
                return count;
            }
        }

        @Override
        public void close() {
            forget(this);
        }
    }
}
