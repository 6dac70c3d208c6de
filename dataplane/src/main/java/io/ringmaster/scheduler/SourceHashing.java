package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code sh}: the client's address (and port, with {@code sh-port}) picks one of 256 buckets, each of which has its
 * real server (ip_vs_sh.c). Without {@code sh-fallback} a client whose real server is not usable gets none. Has no
 * state.
 */
final class SourceHashing implements Scheduler {
    static final int BUCKETS = 256;
    /** The kernel's hash_32(): 2³² / golden ratio; the 8 highest bits of the product are the bucket. */
    private static final int GOLDEN_RATIO = 0x61C88647;
    private static final int BUCKET_SHIFT = 24;

    @Override
    public void serversChanged(final ServiceView service) {
        // The table comes with the view.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        final int home = bucket(Usable.clientKey(packet, service.flags()));
        final int place = service.schedulerTable()[home];
        if (place == NONE || Usable.usable(service.server(place), load)) {
            return place;
        }
        final boolean fallback = (service.flags() & SchedulerType.FALLBACK) != 0;
        return fallback ? fallBack(service, home, load) : NONE;
    }

    static int bucket(final int key) {
        return key * GOLDEN_RATIO >>> BUCKET_SHIFT;
    }

    /** The kernel adds the home bucket to an offset that starts at the home bucket, hence twice. */
    private static int fallBack(final ServiceView service, final int home, final ServerLoad load) {
        for (int i = 0; i < BUCKETS; i++) {
            final int place = service.schedulerTable()[home + home + i & BUCKETS - 1];
            if (Usable.usable(service.server(place), load)) {
                return place;
            }
        }
        return NONE;
    }

    /** Buckets filled in list order, round and round, as many in a row as the weight says; one for weight 0. */
    static int[] table(final RealServerView[] servers, final int flags) {
        final int[] buckets = new int[BUCKETS];
        int place = servers.length == 0 ? NONE : 0;
        int inRow = 0;
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = place;
            inRow++;
            if (place != NONE && inRow >= servers[place].weight()) {
                place = (place + 1) % servers.length;
                inRow = 0;
            }
        }
        return buckets;
    }
}
