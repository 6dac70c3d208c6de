package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * Picks the real server of a new connection. One instance serves one service on one worker and keeps its state (a
 * cursor, a current weight) from view to view; only that worker calls it. Allocates nothing.
 */
public interface Scheduler {
    /** The answer when no real server can take the connection. */
    int NONE = -1;

    /**
     * The service's list of real servers changed: one was added, removed or edited. Called once for each such change,
     * in order, since the kernel's schedulers remember through changes, too.
     */
    void serversChanged(ServiceView service);

    /**
     * The place of the chosen real server in the service's list.
     *
     * @param service the service as it is now.
     * @param packet  the packet that opens the connection, parsed.
     * @param load    what every real server carries now, over all workers, and which are overloaded.
     * @return 0 to {@code service.serverCount() - 1}, or {@link #NONE}.
     */
    int choose(ServiceView service, Packet packet, ServerLoad load);

    /**
     * Another of the same kind and size, which remembers nothing yet; any thread. One that never remembers anything can
     * be its own other.
     */
    default Scheduler another() {
        return this;
    }

    /**
     * Remembers from now on what one of the same kind and size remembers, and forgets the rest: the next choice of both
     * is the same, but for what is drawn at random. On the thread of the worker that owns that one; allocates nothing.
     *
     * @param model one that {@link #another} of which made this.
     */
    default void become(final Scheduler model) {
    }
}
