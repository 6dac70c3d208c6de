package io.ringmaster.capture;

import io.ringmaster.ring.SpscRing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * The captures of a director. Threads of verbs begin and end them, under its lock; each worker reads which there are,
 * once a cycle, and tells what it has seen.
 */
public final class Captures {
    /** Captures at once: each makes its workers do the work of a copy more. */
    public static final int MOST = 4;
    /** Of one capture and worker: 15,000 packets of 200 bytes before and after. */
    public static final int RING_BYTES = 8 << 20;
    private static final Capture[] NONE = {};

    private final int workers;
    private final List<String> interfaces;
    private final LongSupplier clock;
    private final int ringBytes;
    private final AtomicReferenceArray<Capture[]> seen;
    private final SpscRing[][] rings = new SpscRing[MOST][];
    private final Capture[] users = new Capture[MOST];
    private volatile Capture[] running = NONE;

    /**
     * Of a director.
     *
     * @param workers    how many there are.
     * @param interfaces names of the interfaces, in the director's order.
     * @param clock      that the workers have, in nanoseconds.
     */
    public Captures(final int workers, final List<String> interfaces, final LongSupplier clock) {
        this(workers, interfaces, clock, RING_BYTES);
    }

    /** As above, with rings of another size: a power of two. */
    public Captures(final int workers, final List<String> interfaces, final LongSupplier clock, final int ringBytes) {
        this.workers = workers;
        this.interfaces = List.copyOf(interfaces);
        this.clock = clock;
        this.ringBytes = ringBytes;
        this.seen = new AtomicReferenceArray<>(workers);
        for (int worker = 0; worker < workers; worker++) {
            seen.set(worker, NONE);
        }
    }

    /** Of a director without workers, where nothing is ever captured. */
    public static Captures none() {
        return new Captures(0, List.of(), System::nanoTime);
    }

    /** How many workers there are. */
    public int workers() {
        return workers;
    }

    /** Names of the interfaces, in the director's order. */
    public List<String> interfaces() {
        return interfaces;
    }

    /** The director's clock now, in nanoseconds; any thread. */
    public long nowNs() {
        return clock.getAsLong();
    }

    /** Begins a capture; empty if there are {@link #MOST} already. Any thread but the workers'. */
    public synchronized Optional<Capture> begin(final CaptureFilter filter) {
        for (int place = 0; place < MOST; place++) {
            if (users[place] == null || users[place].isLeft() && hasEnded(users[place])) {
                if (rings[place] == null) {
                    rings[place] = new SpscRing[workers];
                    Arrays.setAll(rings[place], worker -> new SpscRing(ringBytes));
                }
                users[place] = new Capture(filter, rings[place], interfaces.size());
                final List<Capture> next = new ArrayList<>(List.of(running));
                next.add(users[place]);
                running = next.toArray(NONE);
                return Optional.of(users[place]);
            }
        }
        return Optional.empty();
    }

    /** Ends a capture; workers put nothing into it once {@link #hasEnded}. Any thread but the workers'. */
    public synchronized void end(final Capture capture) {
        running = Arrays.stream(running).filter(other -> other != capture).toArray(Capture[]::new);
    }

    /**
     * Ends a capture of which nothing is read any more, so that its rings may be another's when workers have left them,
     * too: a reader that is slow to take the last records would take the other's. Any thread but the workers'.
     */
    public synchronized void leave(final Capture capture) {
        end(capture);
        capture.left();
    }

    /** Whether every worker has seen the capture. */
    public boolean hasBegun(final Capture capture) {
        for (int worker = 0; worker < workers; worker++) {
            if (!contains(seen.get(worker), capture)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it was ended and no worker uses it any more. One that stands still may use it for long. */
    public boolean hasEnded(final Capture capture) {
        boolean used = contains(running, capture);
        for (int worker = 0; worker < workers; worker++) {
            used |= contains(seen.get(worker), capture);
        }
        return !used;
    }

    private static boolean contains(final Capture[] captures, final Capture capture) {
        for (final Capture one : captures) {
            if (one == capture) {
                return true;
            }
        }
        return false;
    }

    /** Those that run now, the same array as long as they are the same; workers, once a cycle. */
    public Capture[] running() {
        return running;
    }

    /** A worker uses these from now on, and no others; that worker. */
    public void use(final int worker, final Capture[] captures) {
        // Release: what the worker put into rings is there before anybody can see that it uses them no more.
        seen.setRelease(worker, captures);
    }
}
