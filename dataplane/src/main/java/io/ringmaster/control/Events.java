package io.ringmaster.control;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens to a director, for those who listen at the moment. The director's threads tell; each listener takes from
 * a bounded queue of its own, on its own thread, and hears how many events it was too slow for. Nobody waits for one.
 */
public final class Events {
    /** Events that one listener may be behind. */
    static final int QUEUE = 1024;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private long number;

    /** What events are about. */
    public enum Kind {
        /** Somebody changed something. */
        CHANGE,
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
     * @param text   a line for a person.
     * @param caller who did it; the director itself for what nobody did.
     */
    public record Event(long number, Kind kind, String text, Caller caller) {
    }

    /** Tells all who listen; the control thread, and those of verbs. */
    public synchronized void tell(final Kind kind, final String text, final Caller caller) {
        number++;
        if (heard()) {
            final Event event = new Event(number, kind, text, caller);
            listeners.forEach(listener -> listener.offer(event));
        }
    }

    /** As above, of what happened by itself. */
    public void tell(final Kind kind, final String text) {
        tell(kind, text, Caller.SELF);
    }

    /** Whether anybody listens. */
    public boolean heard() {
        return !listeners.isEmpty();
    }

    /** Begins to listen. */
    public Listener listen() {
        final Listener listener = new Listener();
        listeners.add(listener);
        return listener;
    }

    /** One who listens. */
    public final class Listener implements AutoCloseable {
        private final ArrayBlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
        private final AtomicLong lost = new AtomicLong();

        private void offer(final Event event) {
            if (!queue.offer(event)) {
                lost.incrementAndGet();
            }
        }

        /** The next event, or null if there is none for so long. */
        public Event next(final long longestMs) throws InterruptedException {
            return queue.poll(longestMs, TimeUnit.MILLISECONDS);
        }

        /** How many events were lost since this was last asked. */
        public long takeLost() {
            return lost.getAndSet(0);
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }
}
