package io.ringmaster.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import org.junit.jupiter.api.Test;

class WorkerServerLoadTest {
    private static final ServiceKey SERVICE = new ServiceKey(1, 6, 0, 0, 80);
    private static final int NUMBER = 65_535;
    private final ServerCounters counters = new ServerCounters(2);
    private final WorkerServerLoad load = new WorkerServerLoad(counters);

    @Test
    void sumsOverAllWorkers() {
        counters.add(0, NUMBER, ServerCounters.ACTIVE, 5);
        counters.add(1, NUMBER, ServerCounters.ACTIVE, -2);
        counters.add(1, NUMBER, ServerCounters.INACTIVE, 7);
        assertEquals(3, load.active(NUMBER));
        assertEquals(7, load.inactive(NUMBER));
    }

    @Test
    void isOverloadedFromUpperUntilBelowLower() {
        final RealServerView server = server(4, 2);
        assertOverloaded(server, 3, false);
        assertOverloaded(server, 4, true);
        assertOverloaded(server, 3, true);
        assertOverloaded(server, 2, true);
        assertOverloaded(server, 1, false);
        assertOverloaded(server, 3, false);
    }

    @Test
    void withoutLowerIsReleasedBelowThreeQuarters() {
        final RealServerView server = server(4, 0);
        assertOverloaded(server, 5, true);
        assertOverloaded(server, 3, true);
        assertOverloaded(server, 2, false);
    }

    @Test
    void inactiveConnectionsCountAndTemplatesDoNot() {
        counters.add(0, NUMBER, ServerCounters.INACTIVE, 1);
        counters.add(0, NUMBER, ServerCounters.PERSISTENT, 5);
        assertOverloaded(server(3, 0), 1, false);
        assertOverloaded(server(3, 0), 2, true);
    }

    @Test
    void withoutUpperIsNeverOverloaded() {
        assertOverloaded(server(2, 0), 2, true);
        load.edited(server(0, 0));
        assertOverloaded(server(0, 0), 1_000_000, false);
    }

    @Test
    void aRaisedUpperThresholdReleases() {
        load.edited(server(8, 2));
        assertOverloaded(server(8, 2), 8, true);
        assertOverloaded(server(8, 2), 5, true);
        load.edited(server(9, 2));
        assertOverloaded(server(9, 2), 5, false);
    }

    @Test
    void aLoweredUpperThresholdCountsFromTheNextConnectionOn() {
        load.edited(server(8, 2));
        assertOverloaded(server(8, 2), 5, false);
        load.edited(server(3, 2));
        assertOverloaded(server(3, 2), 5, false);
        assertOverloaded(server(3, 2), 6, true);
    }

    @Test
    void aRaisedLowerThresholdCountsFromTheNextEndOn() {
        load.edited(server(6, 2));
        assertOverloaded(server(6, 2), 6, true);
        assertOverloaded(server(6, 2), 4, true);
        load.edited(server(6, 5));
        assertOverloaded(server(6, 5), 4, true);
        assertOverloaded(server(6, 5), 3, false);
    }

    @Test
    void aFirstThresholdCountsFromTheNextConnectionOn() {
        load.edited(server(0, 0));
        assertOverloaded(server(0, 0), 5, false);
        load.edited(server(2, 0));
        assertOverloaded(server(2, 0), 5, false);
        assertOverloaded(server(2, 0), 6, true);
    }

    @Test
    void theNumberOfAnotherRealServerBeginsAnew() {
        load.edited(server(8, 2));
        assertOverloaded(server(8, 2), 8, true);
        counters.add(0, NUMBER, ServerCounters.ACTIVE, -8);
        load.edited(server(3, 2));
        assertOverloaded(server(3, 2), 0, false);
    }

    private void assertOverloaded(final RealServerView server, final long active, final boolean expected) {
        counters.add(0, NUMBER, ServerCounters.ACTIVE, active - load.active(NUMBER));
        if (expected) {
            assertTrue(load.overloaded(server), active + " active");
        } else {
            assertFalse(load.overloaded(server), active + " active");
        }
    }

    private static RealServerView server(final int upper, final int lower) {
        return new RealServerView(NUMBER, SERVICE, 0, 0, 80, ForwardingMethod.DIRECT_ROUTING,
            new RealServerView.Capacity(1, 1, upper, lower), true, NextHop.NONE);
    }
}
