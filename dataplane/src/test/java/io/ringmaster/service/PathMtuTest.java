package io.ringmaster.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is believed of a way, and for how long: the rules of the kernel's __ip_rt_update_pmtu. */
class PathMtuTest {
    private static final int LINK = 1500;
    private static final long NOW = 1_000_000;
    private final PathMtu path = new PathMtu(false);

    @Test
    void theRoutesMtuUntilSomebodyTellsLess() {
        assertEquals(LINK, path.within(LINK, NOW));
        assertTrue(path.learn(1200, LINK, NOW));
        assertEquals(1200, path.within(LINK, NOW));
        assertEquals(1000, path.within(1000, NOW), "the route itself may become narrower");
        assertFalse(path.learn(1300, LINK, NOW), "more than is known is not believed");
        assertFalse(path.learn(9000, LINK, NOW));
        assertTrue(path.learn(1100, LINK, NOW));
        assertEquals(1100, path.within(LINK, NOW));
    }

    @Test
    void notLessThan552() {
        assertTrue(path.learn(68, LINK, NOW));
        assertEquals(PathMtu.LEAST_BYTES, path.within(LINK, NOW));
        assertFalse(path.learn(0, LINK, NOW));
        assertEquals(PathMtu.LEAST_BYTES, path.within(LINK, NOW));
    }

    @Test
    void overIpv6NotLessThan1280() {
        final PathMtu wide = new PathMtu(true);
        assertTrue(wide.learn(1000, LINK, NOW));
        assertEquals(PathMtu.LEAST_IPV6_BYTES, wide.within(LINK, NOW));
    }

    @Test
    void aNarrowRouteStaysAsItIs() {
        path.learn(68, 300, NOW);
        assertEquals(300, path.within(300, NOW));
    }

    @Test
    void tenMinutesLong() {
        path.learn(1200, LINK, NOW);
        assertEquals(1200, path.within(LINK, NOW + PathMtu.KEPT_MS - 1));
        assertEquals(LINK, path.within(LINK, NOW + PathMtu.KEPT_MS));
        assertTrue(path.learn(1400, LINK, NOW + PathMtu.KEPT_MS), "begins anew");
        assertEquals(1400, path.within(LINK, NOW + PathMtu.KEPT_MS));
    }

    @Test
    void toldAgainItIsKeptOnButNotWrittenForEachError() {
        path.learn(1200, LINK, NOW);
        assertFalse(path.learn(1200, LINK, NOW + PathMtu.KEPT_MS / 2 - 1));
        final long later = NOW + PathMtu.KEPT_MS / 2;
        assertTrue(path.learn(1200, LINK, later));
        assertEquals(1200, path.within(LINK, later + PathMtu.KEPT_MS - 1));
    }
}
