package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code lblcr}: each address that is asked for has a set of real servers, of which the one that carries least for its
 * weight is chosen. If that one is crowded, or none of them is usable, the set grows by the choice of {@code wlc}; a
 * set that did not change for a day loses the one that carries most (ip_vs_lblcr.c). Owned by one worker.
 */
final class ReplicatedLocality implements Scheduler {
    private final DestinationTable destinations;
    private final ServerSets sets;

    ReplicatedLocality(final int capacity) {
        sets = new ServerSets(capacity);
        destinations = new DestinationTable(capacity, sets::clear);
    }

    @Override
    public void serversChanged(final ServiceView service) {
        // Real servers are remembered by name: one that comes back is in its sets again, as in the kernel.
    }

    @Override
    public Scheduler another() {
        return new ReplicatedLocality(destinations.capacity());
    }

    @Override
    public void become(final Scheduler model) {
        final ReplicatedLocality other = (ReplicatedLocality) model;
        destinations.become(other.destinations);
        sets.become(other.sets);
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        final long nowMs = load.nowMs();
        destinations.expire(nowMs, load.lblcrExpirationMs());
        int entry = destinations.find(packet.destinationHigh(), packet.destinationLow(), nowMs);
        if (entry != DestinationTable.NOT_FOUND) {
            final int place = leastOf(entry, service, load);
            if (sets.size(entry) > 1 && nowMs - sets.changedMs(entry) > load.lblcrExpirationMs()) {
                dropMost(entry, service, load, nowMs);
            }
            if (place != NONE && !Locality.crowded(service, place, load)) {
                return place;
            }
        }
        final int place = WeightedLeastConnections.least(service, load);
        if (place == NONE) {
            return NONE;
        }
        if (entry == DestinationTable.NOT_FOUND) {
            entry = destinations.add(packet.destinationHigh(), packet.destinationLow(), nowMs);
        }
        if (entry != DestinationTable.NOT_FOUND) {
            sets.add(entry, Locality.name(service.server(place)), nowMs);
        }
        return place;
    }

    /** The usable one that carries least for its weight, the one that joined last among equals. */
    private int leastOf(final int entry, final ServiceView service, final ServerLoad load) {
        int least = NONE;
        for (int m = sets.first(entry); m != ServerSets.END; m = sets.next(m)) {
            final int place = Locality.placeOf(service, sets.server(m));
            if (place != NONE && Usable.usable(service.server(place), load)
                    && (least == NONE || carriesMore(service.server(least), service.server(place), load))) {
                least = place;
            }
        }
        return least;
    }

    private void dropMost(final int entry, final ServiceView service, final ServerLoad load, final long nowMs) {
        int most = NONE;
        int mostMember = ServerSets.END;
        for (int m = sets.first(entry); m != ServerSets.END; m = sets.next(m)) {
            final int place = Locality.placeOf(service, sets.server(m));
            if (place != NONE && service.server(place).weight() > 0
                    && (most == NONE || carriesMore(service.server(place), service.server(most), load))) {
                most = place;
                mostMember = m;
            }
        }
        if (mostMember != ServerSets.END) {
            sets.remove(entry, mostMember, nowMs);
        }
    }

    /** Whether one carries more for its weight than another; neither weight is 0. */
    private static boolean carriesMore(final RealServerView one, final RealServerView other, final ServerLoad load) {
        return Usable.overhead(one, load) * other.weight() > Usable.overhead(other, load) * one.weight();
    }
}
