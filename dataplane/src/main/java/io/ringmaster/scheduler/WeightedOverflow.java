package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code ovf}: the real server of highest weight whose active connections are not more than its weight, the first in
 * the list of equals; none when all have flown over. One of weight w so gets w + 1 (ip_vs_ovf.c). Has no state.
 */
final class WeightedOverflow implements Scheduler {
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
            if (server.weight() > weight && load.active(server.number()) <= server.weight()
                    && !load.overloaded(server)) {
                heaviest = i;
                weight = server.weight();
            }
        }
        return heaviest;
    }
}
