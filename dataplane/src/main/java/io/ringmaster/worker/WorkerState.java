package io.ringmaster.worker;

import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.WorkerServerLoad;

/**
 * What one worker alone knows of a service and decides by: its scheduler's turn, which real servers it holds for
 * overloaded, and where it is in dropping against a flood. Made by the control thread, which hands it to the worker
 * like a view; the worker fills it in between two batches, in between nothing and some hundred microseconds (lblc and
 * lblcr of a firewall mark), without allocating; from then on it is its maker's.
 */
public final class WorkerState {
    private final ServiceView service;
    private final Scheduler scheduler;
    private final boolean[] overloaded;
    private final int[] upperSeen;
    private final long[] connectionsSeen;
    private int untilDrop;
    private volatile boolean taken;

    private WorkerState(final ServiceView service, final Scheduler scheduler, final int servers) {
        this.service = service;
        this.scheduler = scheduler;
        this.overloaded = new boolean[servers];
        this.upperSeen = new int[servers];
        this.connectionsSeen = new long[servers];
    }

    /**
     * An empty one.
     *
     * @param worker  that is to fill it in.
     * @param service as it is in the view that was handed to the worker last; null for none.
     */
    public static WorkerState of(final int worker, final ServiceView service) {
        return service == null ? new WorkerState(null, null, 0)
            : new WorkerState(service, service.scheduler(worker).another(), service.serverCount());
    }

    /** On the worker's thread. */
    void take(final int worker, final WorkerServerLoad load, final Admission admission) {
        if (service != null) {
            scheduler.become(service.scheduler(worker));
            for (int i = 0; i < overloaded.length; i++) {
                overloaded[i] = load.heldOverloaded(service.server(i).number());
                upperSeen[i] = load.upperSeen(service.server(i).number());
                connectionsSeen[i] = load.connectionsSeen(service.server(i).number());
            }
        }
        untilDrop = admission.untilDrop();
        taken = true;
    }

    /** Whether the worker has filled it in. */
    public boolean taken() {
        return taken;
    }

    /** The service, or null. */
    public ServiceView service() {
        return service;
    }

    /** A scheduler that will choose next as the worker's would; null without a service. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Lets another worker go on from here. */
    void give(final WorkerServerLoad load, final Admission admission) {
        for (int i = 0; i < overloaded.length; i++) {
            load.become(service.server(i).number(), overloaded[i], upperSeen[i], connectionsSeen[i]);
        }
        admission.dropAfter(untilDrop);
    }
}
