package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code fo}: the real server of highest weight, the first in the list of equals, gets everything until it is taken
 * out or overloaded (ip_vs_fo.c). Has no state.
 */
final class WeightedFailover implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is remembered between two choices.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        int heaviest = NONE;
        int weight = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (server.weight() > weight && !load.overloaded(server)) {
                heaviest = i;
                weight = server.weight();
            }
        }
        return heaviest;
    }
}
