package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code nq}: the first real server of the list that has no active connection, however slow it may be; if all have
 * some, as {@code sed} (ip_vs_nq.c). Has no state.
 */
final class NeverQueue implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is remembered between two choices.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (Usable.usable(server, load) && load.active(server.number()) == 0) {
                return i;
            }
        }
        return ShortestExpectedDelay.shortest(service, load);
    }
}
