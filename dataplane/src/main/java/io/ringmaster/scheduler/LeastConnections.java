package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/** {@code lc}: the real server that carries least, the first in the list of equals (ip_vs_lc.c). Has no state. */
final class LeastConnections implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is remembered between two choices.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        int least = NONE;
        long leastOverhead = Long.MAX_VALUE;
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (Usable.usable(server, load)) {
                final long overhead = Usable.overhead(server, load);
                if (overhead < leastOverhead) {
                    least = i;
                    leastOverhead = overhead;
                }
            }
        }
        return least;
    }
}
