package io.ringmaster.worker;

import io.ringmaster.ring.FramePool;
import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import io.ringmaster.stats.WorkerLoad;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * One worker: the duty cycle of its queues, run by one pinned thread that owns everything in here but the connection
 * table. Allocates nothing after its start.
 */
public final class WorkerAgent implements Agent {
    private static final int COMMANDS = 256;

    private final int worker;
    private final NanoClock clock;
    private final WorkerQueue[] queues;
    private final FramePool pool;
    private final PacketPath path;
    private final Tap tap;
    private final Trackers trackers;
    private final WorkerCounters counters;
    private final boolean busyPoll;
    private final WorkerLoad load = new WorkerLoad();
    /** Views, and states to be filled in. */
    private final OneToOneConcurrentArrayQueue<Object> commands = new OneToOneConcurrentArrayQueue<>(COMMANDS);
    private int batches;
    private volatile long appliedVersion = -1;

    WorkerAgent(final int worker, final NanoClock clock, final WorkerQueue[] queues, final FramePool pool,
                final PacketPath path, final Tap tap, final Trackers trackers, final WorkerCounters counters,
                final boolean busyPoll) {
        this.worker = worker;
        this.clock = clock;
        this.queues = queues;
        this.pool = pool;
        this.path = path;
        this.tap = tap;
        this.trackers = trackers;
        this.counters = counters;
        this.busyPoll = busyPoll;
    }

    @Override
    public void onStart() {
        for (final WorkerQueue queue : queues) {
            queue.refill(pool);
        }
    }

    @Override
    public int doWork() {
        final long nowNs = clock.nanoTime();
        load.beginCycle(nowNs);
        trackers.beginCycle(nowNs);
        int work = takeCommand();
        work += complete();
        work += path.takeLocalReplies();
        final int received = appliedVersion < 0 ? 0 : receive(nowNs, tap.isOn());
        flush();
        work += received + trackers.expire(received == 0);
        refill();
        load.endCycle(work > 0, batches);
        return work;
    }

    /** One change at most for each cycle: schedulers must see each of them, and packets must not wait for many. */
    private int takeCommand() {
        final Object command = commands.poll();
        if (command == null) {
            return 0;
        }
        if (command instanceof View view) {
            takeView(view);
            return 1;
        }
        trackers.tell((WorkerState) command, worker);
        // No change waits longer because somebody asked.
        return commands.peek() instanceof View ? 1 + takeCommand() : 1;
    }

    private void takeView(final View view) {
        path.useView(view);
        for (final ServiceView service : view.changed()) {
            final Scheduler scheduler = service.scheduler(worker);
            scheduler.serversChanged(service);
            for (int i = 0; i < service.serverCount(); i++) {
                trackers.load().edited(service.server(i));
            }
        }
        counters.increment(Counter.VIEWS_APPLIED);
        appliedVersion = view.version();
    }

    private int complete() {
        int done = 0;
        for (final WorkerQueue queue : queues) {
            done += queue.complete(pool);
        }
        return done;
    }

    private int receive(final long nowNs, final boolean tapped) {
        if (tapped) {
            tap.expireFragments(nowNs);
        } else {
            path.expireFragments(nowNs);
        }
        int received = 0;
        int filled = 0;
        for (final WorkerQueue queue : queues) {
            final int batch = tapped ? tap.process(queue, nowNs) : path.process(queue, nowNs);
            if (batch == 0 && busyPoll) {
                queue.poll();
            }
            received += batch;
            filled += batch > 0 ? 1 : 0;
        }
        batches = filled;
        counters.add(Counter.PACKETS_RECEIVED, received);
        return received;
    }

    private void flush() {
        for (final WorkerQueue queue : queues) {
            queue.flush(counters);
        }
    }

    private void refill() {
        for (final WorkerQueue queue : queues) {
            queue.refill(pool);
        }
    }

    /**
     * Hands a view over; the control thread, which alone may call this.
     *
     * @return false if the worker has not taken over as many as fit the queue: try again.
     */
    public boolean offer(final View view) {
        return commands.offer(view);
    }

    /** Asks for what this worker knows, as it will be when it has taken the views before; as the other. */
    public boolean offer(final WorkerState state) {
        return commands.offer(state);
    }

    /** Version of the view that this worker uses, -1 before the first; any thread. */
    public long appliedVersion() {
        return appliedVersion;
    }

    /** This worker's counters; any thread may read them. */
    public WorkerCounters counters() {
        return counters;
    }

    /** How busy this worker is; any thread may read it. */
    public WorkerLoad load() {
        return load;
    }

    @Override
    public void onClose() {
        trackers.leave();
    }

    @Override
    public String roleName() {
        return "worker-" + worker;
    }
}
