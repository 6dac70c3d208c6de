package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/**
 * {@code wrr}: rounds over the list, each for the real servers whose weight reaches a level that sinks from round to
 * round. Owned by one worker.
 * <p>
 * Level and step live on through changes of the list as in ip_vs_wrr.c: while a service is filled with weights 5, 3, 1
 * its level sinks to 1, so that its first round takes one of each.
 */
final class WeightedRoundRobin implements Scheduler {
    private static final int HEAD = -1;

    private boolean told;
    private int last = HEAD;
    private int step;
    private int highest;
    private int level;

    @Override
    public void serversChanged(final ServiceView service) {
        told = true;
        last = HEAD;
        step = weightDivisor(service);
        highest = highestWeight(service) - (step - 1);
        if (level > highest || level == 0) {
            level = highest;
        } else if (step > 1) {
            level = level / step * step + 1;
        }
    }

    @Override
    public Scheduler another() {
        return new WeightedRoundRobin();
    }

    @Override
    public void become(final Scheduler model) {
        final WeightedRoundRobin other = (WeightedRoundRobin) model;
        told = other.told;
        last = other.last;
        step = other.step;
        highest = other.highest;
        level = other.level;
    }

    private static int weightDivisor(final ServiceView service) {
        int divisor = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            divisor = Divisor.greatest(divisor, service.server(i).weight());
        }
        return Math.max(1, divisor);
    }

    private static int highestWeight(final ServiceView service) {
        int weight = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            weight = Math.max(weight, service.server(i).weight());
        }
        return weight;
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        if (!told) {
            serversChanged(service);
        }
        final int most = highestUsableWeight(service, load);
        if (most == 0) {
            return NONE;
        }
        int place = next(service, load, last + 1);
        if (place == NONE) {
            sink(most);
            place = next(service, load, 0);
        }
        last = place;
        return place;
    }

    private static int highestUsableWeight(final ServiceView service, final ServerLoad load) {
        int weight = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView server = service.server(i);
            if (server.weight() > weight && !load.overloaded(server)) {
                weight = server.weight();
            }
        }
        return weight;
    }

    private int next(final ServiceView service, final ServerLoad load, final int from) {
        for (int i = from; i < service.serverCount(); i++) {
            if (service.server(i).weight() >= level && !load.overloaded(service.server(i))) {
                return i;
            }
        }
        return NONE;
    }

    /** The level of the next round that finds somebody; rounds between, which would find nobody, are left out. */
    private void sink(final int most) {
        level -= step;
        if (level <= 0) {
            level = highest;
        }
        if (level > most) {
            level -= (level - most + step - 1) / step * step;
        }
    }
}
