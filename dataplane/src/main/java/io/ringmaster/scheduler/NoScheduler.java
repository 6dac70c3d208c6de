package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code none}: nobody gets a new connection, and templates keep theirs (ip_vs_core.c: a service whose scheduler is not
 * there). Has no state.
 */
final class NoScheduler implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is chosen from the list.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        return NONE;
    }
}
