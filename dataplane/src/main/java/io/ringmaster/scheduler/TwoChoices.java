package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * {@code twos}: of two real servers drawn at random by weight the one that carries less for its weight; the first
 * drawn if they are equal, and both may be the same (Mitzenmacher: The Power of Two Choices; ip_vs_twos.c). Owned by
 * one worker.
 */
final class TwoChoices implements Scheduler {
    private final RandomGenerator random;

    /** With a generator that allocates nothing. */
    TwoChoices(final RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void serversChanged(final ServiceView service) {
        // Nothing is remembered between two choices.
    }

    @Override
    public Scheduler another() {
        return new TwoChoices(new SplittableRandom());
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        long total = 0;
        for (int i = 0; i < service.serverCount(); i++) {
            if (Usable.usable(service.server(i), load)) {
                total += service.server(i).weight();
            }
        }
        if (total == 0) {
            return NONE;
        }
        // From 0 to the total, both included, as the kernel draws: the first of the list gets one chance too many.
        final int first = drawn(service, load, random.nextLong(total + 1));
        final int second = drawn(service, load, random.nextLong(total + 1));
        if (first == NONE || second == NONE || first == second) {
            return Math.max(first, second);
        }
        final RealServerView one = service.server(first);
        final RealServerView other = service.server(second);
        final boolean lessLoaded
            = Usable.overhead(one, load) * other.weight() > Usable.overhead(other, load) * one.weight();
        return lessLoaded ? second : first;
    }

    /** The real server within whose share of the weights a number falls, shares laid side by side in list order. */
    private static int drawn(final ServiceView service, final ServerLoad load, final long number) {
        long left = number;
        int last = NONE;
        for (int i = 0; i < service.serverCount(); i++) {
            if (Usable.usable(service.server(i), load)) {
                last = i;
                left -= service.server(i).weight();
                if (left <= 0) {
                    return i;
                }
            }
        }
        // Only if another worker overloaded one since the weights were added up; maybe none is left.
        return last;
    }
}
