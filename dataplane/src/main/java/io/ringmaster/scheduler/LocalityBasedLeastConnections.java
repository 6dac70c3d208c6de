package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code lblc}: who asks for the same address gets the same real server, as caches want it, until that one is gone,
 * quiesced or crowded; then, and for new addresses, as {@code wlc} (ip_vs_lblc.c). Owned by one worker.
 * <p>
 * As in the kernel an upper threshold does not take an address away from a real server that has it.
 */
final class LocalityBasedLeastConnections implements Scheduler {
    private final DestinationTable destinations;
    /** {@link Locality#name} of the real server by entry. */
    private final long[] chosen;

    LocalityBasedLeastConnections(final int capacity) {
        destinations = new DestinationTable(capacity, entry -> { });
        chosen = new long[capacity];
    }

    @Override
    public void serversChanged(final ServiceView service) {
        // Real servers are remembered by name: one that comes back has its addresses again, as in the kernel.
    }

    @Override
    public Scheduler another() {
        return new LocalityBasedLeastConnections(chosen.length);
    }

    @Override
    public void become(final Scheduler model) {
        final LocalityBasedLeastConnections other = (LocalityBasedLeastConnections) model;
        destinations.become(other.destinations);
        System.arraycopy(other.chosen, 0, chosen, 0, chosen.length);
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        final long nowMs = load.nowMs();
        destinations.expire(nowMs, load.lblcExpirationMs());
        int entry = destinations.find(packet.destinationHigh(), packet.destinationLow(), nowMs);
        if (entry != DestinationTable.NOT_FOUND) {
            final int place = Locality.placeOf(service, chosen[entry]);
            if (place != NONE && service.server(place).weight() > 0 && !Locality.crowded(service, place, load)) {
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
            chosen[entry] = Locality.name(service.server(place));
        }
        return place;
    }
}
