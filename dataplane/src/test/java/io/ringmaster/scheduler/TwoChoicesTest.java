package io.ringmaster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.stats.WorkerServerLoad;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** There is no recording of {@code twos}, which is random: its rule by chosen numbers, its shares by many. */
class TwoChoicesTest {
    private static final ServiceKey SERVICE = new ServiceKey(1, 6, 0, 0, 80);
    private final ServerCounters counters = new ServerCounters(1);
    private final WorkerServerLoad load = new WorkerServerLoad(counters);

    @Test
    void sharesLieSideBySideAndTheFirstHasOneChanceMore() {
        final ServiceView service = service(server(1, 3, 0), server(2, 2, 0), server(3, 1, 0));
        final int[] places = {0, 0, 0, 0, 1, 1, 2};
        for (int number = 0; number < places.length; number++) {
            assertEquals(places[number], choose(service, number, number), "drawn " + number);
        }
    }

    @Test
    void theLessLoadedOfTwoWinsAndTheFirstDrawnOfEquals() {
        final ServiceView service = service(server(1, 2, 0), server(2, 1, 0));
        assertEquals(1, choose(service, 3, 0));
        assertEquals(0, choose(service, 0, 3));
        counters.add(0, 1, ServerCounters.ACTIVE, 2);
        counters.add(0, 2, ServerCounters.ACTIVE, 1);
        assertEquals(1, choose(service, 3, 0), "as much for the weight");
        counters.add(0, 2, ServerCounters.INACTIVE, 1);
        assertEquals(0, choose(service, 3, 0), "one inactive connection decides");
        assertEquals(0, choose(service, 0, 3));
    }

    @Test
    void quiescedAndOverloadedServersAreNeverDrawn() {
        final ServiceView service = service(server(1, 0, 0), server(2, 5, 1), server(3, 1, 0), server(4, 0, 0));
        counters.add(0, 2, ServerCounters.ACTIVE, 1);
        for (int number = 0; number <= 1; number++) {
            assertEquals(2, choose(service, number, 1 - number));
        }
        assertEquals(Scheduler.NONE, choose(service(server(1, 0, 0), server(2, 5, 1)), 0, 0));
    }

    @Test
    void idleServersAreChosenByWeight() {
        final ServiceView service = service(server(1, 60, 0), server(2, 30, 0), server(3, 9, 0));
        final Scheduler twos = new TwoChoices(new SplittableRandom(1));
        final int[] chosen = new int[3];
        for (int i = 0; i < 100_000; i++) {
            chosen[twos.choose(service, null, load)]++;
        }
        // Nobody carries anything, so the first drawn wins: 61, 30 and 9 of 100. Five standard deviations are 800.
        assertEquals(61_000, chosen[0], 800);
        assertEquals(30_000, chosen[1], 800);
        assertEquals(9_000, chosen[2], 500);
    }

    @Test
    void connectionsThatStayAreSharedByWeight() {
        final ServiceView service = service(server(1, 1, 0), server(2, 2, 0), server(3, 4, 0), server(4, 8, 0));
        final Scheduler twos = new TwoChoices(new SplittableRandom(2));
        for (int i = 0; i < 15_000; i++) {
            final int place = twos.choose(service, null, load);
            counters.add(0, service.server(place).number(), ServerCounters.ACTIVE, 1);
        }
        for (int i = 0; i < 4; i++) {
            final int fair = 1_000 << i;
            assertEquals(fair, load.active(i + 1), fair / 20.0);
        }
    }

    private int choose(final ServiceView service, final long... numbers) {
        final RandomGenerator dice = new RandomGenerator() {
            private int next;

            @Override
            public long nextLong() {
                throw new IllegalStateException("numbers are drawn below a bound");
            }

            @Override
            public long nextLong(final long bound) {
                assertTrue(numbers[next] < bound, numbers[next] + " of " + bound);
                return numbers[next++];
            }
        };
        return new TwoChoices(dice).choose(service, null, load);
    }

    private static ServiceView service(final RealServerView... servers) {
        return new ServiceView(new ServiceKey(1, 6, 0, 0, 80), 0, servers, new int[0], new Scheduler[0]);
    }

    private static RealServerView server(final int number, final int weight, final int upperThreshold) {
        return new RealServerView(number, SERVICE, Addresses.IPV4_HIGH, Addresses.ipv4Low(number), 80,
            ForwardingMethod.MASQUERADING,
            new RealServerView.Capacity(weight, weight, upperThreshold, 0), true, NextHop.NONE);
    }
}
