package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code dh}: the address that the client asked for picks one of 256 buckets, each of which has its real server
 * (ip_vs_dh.c). Weights do not matter, but whoever's real server is not usable gets none. Has no state.
 */
final class DestinationHashing implements Scheduler {
    @Override
    public void serversChanged(final ServiceView service) {
        // The table comes with the view.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        final int key = Usable.fold(packet.destinationHigh(), packet.destinationLow());
        final int place = service.schedulerTable()[SourceHashing.bucket(key)];
        return place == NONE || Usable.usable(service.server(place), load) ? place : NONE;
    }

    /** Buckets filled in list order, round and round, one for each real server at a time. */
    static int[] table(final RealServerView[] servers, final int flags) {
        final int[] buckets = new int[SourceHashing.BUCKETS];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = servers.length == 0 ? NONE : i % servers.length;
        }
        return buckets;
    }
}
