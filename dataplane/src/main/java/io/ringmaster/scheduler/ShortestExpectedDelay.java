package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code sed}: the real server whose active connections, with the new one, are fewest for its weight, the first in the
 * list of equals (ip_vs_sed.c). Has no state.
 */
final class ShortestExpectedDelay implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is remembered between two choices.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        return shortest(service, load);
    }

    /** The rule without a packet; nq chooses by it, too. */
    static int shortest(final ServiceView service, final ServerLoad load) {
        int shortest = NONE;
        long shortestActive = 0;
        long shortestWeight = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (Usable.usable(server, load)) {
                final long active = load.active(server.number()) + 1;
                // active / weight without a division
                if (shortest == NONE || shortestActive * server.weight() > active * shortestWeight) {
                    shortest = i;
                    shortestActive = active;
                    shortestWeight = server.weight();
                }
            }
        }
        return shortest;
    }
}
