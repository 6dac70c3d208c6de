package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code rr}: the next real server of the list after the last choice. Owned by one worker.
 * <p>
 * The last choice is remembered as a real server, not as a place: one that is added comes to the head of the list and
 * is chosen when the round gets there, and when the last choice itself is removed the one before it takes its role
 * (ip_vs_rr.c).
 */
final class RoundRobin implements Scheduler {
    /** The place before the first: where a round begins. */
    private static final int HEAD = -1;

    private ServiceView known;
    private int last = HEAD;

    @Override
    public void serversChanged(final ServiceView service) {
        int place = HEAD;
        while (last > HEAD && place == HEAD) {
            place = placeOf(known.server(last).number(), service);
            last--;
        }
        last = place;
        known = service;
    }

    @Override
    public Scheduler another() {
        return new RoundRobin();
    }

    @Override
    public void become(final Scheduler model) {
        final RoundRobin other = (RoundRobin) model;
        known = other.known;
        last = other.last;
    }

    private static int placeOf(final int number, final ServiceView service) {
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (server.number() == number) {
                return i;
            }
        }
        return HEAD;
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        if (known == null) {
            serversChanged(service);
        }
        final int count = service.serverCount();
        int place = last;
        for (int i = 0; i < count; i++) {
            place = place + 1 < count ? place + 1 : 0;
            if (Usable.usable(service.server(place), load)) {
                last = place;
                return place;
            }
        }
        return NONE;
    }
}
