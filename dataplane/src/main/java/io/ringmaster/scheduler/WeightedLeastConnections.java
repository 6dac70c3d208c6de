package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code wlc}: the real server that carries least for its weight, the first in the list of equals (ip_vs_wlc.c). Has
 * no state.
 */
final class WeightedLeastConnections implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is remembered between two choices.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        return least(service, load);
    }

    /** The rule without a packet; lblc and lblcr choose by it, too. */
    static int least(final ServiceView service, final ServerLoad load) {
        int least = NONE;
        long leastOverhead = 0;
        long leastWeight = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (Usable.usable(server, load)) {
                final long overhead = Usable.overhead(server, load);
                // overhead / weight without a division
                if (least == NONE || leastOverhead * server.weight() > overhead * leastWeight) {
                    least = i;
                    leastOverhead = overhead;
                    leastWeight = server.weight();
                }
            }
        }
        return least;
    }
}
