package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouteMonitorTest {
    private final ScriptedKernel kernel = new ScriptedKernel(k -> { });
    private final RouteMonitor monitor = new RouteMonitor(kernel);
    private final Recorder recorder = new Recorder();

    @Test
    void tellsEachKindAndCountsMessages() {
        kernel.datagram(0, "link-veth", "address-ipv4").datagram(0, "route-multipath", "neighbour-ipv4");
        assertEquals(4, monitor.poll(recorder));
        assertEquals(List.of("+link nl0 up", "+address 10.0.0.1/24", "+route 10.8.0.0/16 via 10.0.0.3",
            "+route 10.8.0.0/16 via 10.0.0.4", "+neighbour 10.0.0.2 20000000002"), recorder.lines());
        assertEquals(0, monitor.poll(recorder));
    }

    @Test
    void anOverrunThrowsAwayWhatIsOlderThanTheRereading() {
        kernel.datagram(0, "address-ipv4").outcome(Channel.OVERRUN).datagram(0, "route-local")
            .datagram(0, "neighbour-ipv4");
        assertEquals(2, monitor.poll(recorder));
        assertEquals(List.of("+address 10.0.0.1/24"), recorder.lines());
        assertEquals(1, recorder.overruns());
        assertEquals(0, monitor.poll(recorder));
    }

    @Test
    void aDatagramThatWasTooLargeIsAnOverrunToo() {
        kernel.outcome(Channel.TOO_LARGE);
        assertEquals(1, monitor.poll(recorder));
        assertEquals(1, recorder.overruns());
    }

    @Test
    void onePollIsBounded() {
        for (int i = 0; i < 2 * RouteMonitor.MESSAGES_PER_POLL; i++) {
            kernel.datagram(0, "neighbour-ipv4");
        }
        assertEquals(RouteMonitor.MESSAGES_PER_POLL, monitor.poll(recorder));
        assertEquals(RouteMonitor.MESSAGES_PER_POLL, monitor.poll(recorder));
        assertEquals(0, monitor.poll(recorder));
    }

    @Test
    void aListenerThatKnowsNoRulesReadsEverythingAgain() {
        final int[] overruns = new int[1];
        new RouteMonitor.Listener() {
            @Override
            public void onLink(final Link link, final boolean deleted) {
            }

            @Override
            public void onAddress(final InterfaceAddress address, final boolean deleted) {
            }

            @Override
            public void onRoute(final Route route, final boolean deleted) {
            }

            @Override
            public void onNeighbour(final Neighbour neighbour, final boolean deleted) {
            }

            @Override
            public void onOverrun() {
                overruns[0]++;
            }
        }.onRule();
        assertEquals(1, overruns[0]);
    }

    @Test
    void goesOnAfterAMalformedMessage() {
        kernel.raw(new byte[20]).datagram(0, "neighbour-ipv4");
        assertThrows(MalformedMessageException.class, () -> monitor.poll(recorder));
        assertEquals(1, monitor.poll(recorder));
    }
}
