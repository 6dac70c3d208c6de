package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TcpState;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the service table accepts, what views it makes, and what survives a removal. */
final class ServiceTableTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final ServiceId WEB = service("10.1.0.100", 80);

    private final FakeDataplane dataplane = new FakeDataplane();
    private long nowNs;
    private final Map<Long, NextHop> hops = new HashMap<>();
    private final ServiceTable table = new ServiceTable(dataplane,
        (high, low) -> hops.getOrDefault(low, NextHop.NONE), TcpState.defaults());

    private static ServiceId service(final String vip, final int port) {
        return ServiceId.of(ServiceId.TCP, HostAddress.parseIpv4(vip).orElseThrow(), port);
    }

    private static ServerId server(final int last) {
        return new ServerId(HostAddress.parseIpv4("10.2.0." + last).orElseThrow(), 8080);
    }

    private static ServerSettings masquerading(final int weight) {
        return ServerSettings.of(ForwardingMethod.MASQUERADING, weight);
    }

    private void add(final int... lasts) {
        for (final int last : lasts) {
            table.addServer(WEB, server(last), masquerading(1));
        }
    }

    /** Two seconds go by. */
    private void tick() {
        table.onTick(nowNs);
        nowNs += 2 * SECOND_NS;
        table.onTick(nowNs);
    }

    private ServiceView view(final ServiceId id) {
        return table.view().service(id.protocol(), id.address().high(), id.address().low(), id.port());
    }

    private void refused(final String message, final Runnable command) {
        final int published = dataplane.views.size();
        assertEquals(message, assertThrows(RefusedException.class, command::run).getMessage());
        assertEquals(published, dataplane.views.size(), "a refused command publishes nothing");
    }

    @Test
    void realServersAreInTheKernelsOrderAndKeepTheirNumbers() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11, 12, 13);
        final ServiceView service = view(WEB);
        assertEquals(3, service.serverCount());
        assertEquals(server(13).address().low(), service.server(0).addressLow());
        assertEquals(server(11).address().low(), service.server(2).addressLow());
        assertEquals(3, service.server(0).number());
        assertEquals(1, service.server(2).number());
        assertEquals(8080, service.server(0).port());
        assertSame(service.server(0), table.view().realServer(3));
        assertEquals(View.addressKey(server(13).address().ipv4(), 8080, 6), table.view().replyKeys()[3]);
    }

    @Test
    void eachCommandPublishesOneViewThatSharesWhatDidNotChange() {
        final ServiceId other = service("10.1.0.101", 443);
        table.addService(WEB, ServiceSettings.of("rr"));
        table.addService(other, ServiceSettings.of("wlc"));
        add(11);
        final View before = table.view();
        final ServiceView otherBefore = view(other);
        final int published = dataplane.views.size();
        add(12);
        assertEquals(published + 1, dataplane.views.size());
        assertEquals(before.version() + 1, table.view().version());
        assertSame(otherBefore, view(other));
        assertSame(before.realServer(1), table.view().realServer(1));
        assertNull(before.realServer(2), "an older view never changes");
        assertEquals(List.of(view(WEB)), table.view().changed());
        assertSame(view(WEB).scheduler(0), table.view().changed().getFirst().scheduler(0));
        assertNotSame(view(WEB).scheduler(0), view(WEB).scheduler(1));
    }

    @Test
    void aSchedulerIsKeptUnlessItsTypeChanges() {
        table.addService(WEB, ServiceSettings.of("wrr"));
        add(11);
        final Object scheduler = view(WEB).scheduler(0);
        table.editService(WEB, new ServiceSettings("wrr", 8, 0, ServiceSettings.SINGLE_IPV4, "", false));
        assertSame(scheduler, view(WEB).scheduler(0));
        assertEquals(8, view(WEB).flags());
        assertEquals(List.of(), table.view().changed());
        table.editService(WEB, ServiceSettings.of("wlc"));
        assertNotSame(scheduler, view(WEB).scheduler(0));
        assertEquals(1, table.view().changed().size());
        assertEquals(1, view(WEB).serverCount());
    }

    @Test
    void theLastWeightThatWasNotZeroIsRemembered() {
        table.addService(WEB, ServiceSettings.of("mh"));
        table.addServer(WEB, server(11), masquerading(0));
        assertEquals(0, view(WEB).server(0).lastWeight());
        table.editServer(WEB, server(11), masquerading(7));
        table.editServer(WEB, server(11), masquerading(0));
        assertEquals(0, view(WEB).server(0).weight());
        assertEquals(7, view(WEB).server(0).lastWeight());
    }

    @Test
    void everyKernelErrorHasItsTextAndChangesNothing() {
        refused("No such service", () -> table.deleteService(WEB));
        refused("No such service", () -> table.editService(WEB, ServiceSettings.of("rr")));
        refused("No such service", () -> table.zero(WEB));
        refused("Service not defined", () -> add(11));
        refused("Service not defined", () -> table.deleteServer(WEB, server(11)));
        refused("Scheduler or persistence engine not found",
            () -> table.addService(WEB, ServiceSettings.of("nosuch")));
        table.addService(WEB, ServiceSettings.of("rr"));
        refused("Service already exists", () -> table.addService(WEB, ServiceSettings.of("nosuch")));
        refused("No such destination", () -> table.deleteServer(WEB, server(11)));
        refused("No such destination", () -> table.editServer(WEB, server(11), masquerading(1)));
        refused("Numerical result out of range", () -> table.addServer(WEB, server(11),
            new ServerSettings(ForwardingMethod.MASQUERADING, 1, 5, 10, Tunnel.IPIP)));
        for (final String address : List.of("0.0.0.0", "224.0.0.1", "255.255.255.255")) {
            refused(RefusedException.INVALID, () -> table.addServer(WEB,
                new ServerId(HostAddress.parseIpv4(address).orElseThrow(), 80), masquerading(1)));
        }
        add(11);
        refused("Destination already exists", () -> add(11));
    }

    @Test
    void aMappedAddressIsNoRealServers() {
        final HostAddress mapped = HostAddress.parseIpv6("::ffff:10.1.0.1").orElseThrow();
        final ServiceSettings plain = ServiceSettings.of("rr");
        table.addService(WEB, plain);
        refused(RefusedException.INVALID, () -> table.addServer(WEB, new ServerId(mapped, 80),
            ServerSettings.of(ForwardingMethod.TUNNELING, 1)));
    }

    @Test
    void aServiceWhoseAddressNoPacketHasIsListedAndNoMore() {
        final ServiceId id = ServiceId.of(ServiceId.TCP, HostAddress.parseIpv6("::ffff:10.1.0.1").orElseThrow(), 80);
        table.addService(id, ServiceSettings.of("rr"));
        table.addServer(id, new ServerId(HostAddress.parseIpv4("10.2.0.1").orElseThrow(), 80),
            ServerSettings.of(ForwardingMethod.TUNNELING, 1));
        table.onTick(0);
        assertEquals(1, table.services().size());
        assertTrue(dataplane.events.stream().noneMatch(event -> event.startsWith("open service")),
            dataplane.events::toString);
        assertNull(table.view().service(ServiceId.TCP, id.address().high(), id.address().low(), 80));
        table.deleteService(id);
        assertEquals(0, table.services().size());
    }

    @Test
    void aRealServerOfAnotherFamilyNeedsATunnel() {
        final ServerId ipv6 = new ServerId(HostAddress.parseIpv6("fd02::b").orElseThrow(), 80);
        table.addService(WEB, ServiceSettings.of("rr"));
        refused(RefusedException.INVALID,
            () -> table.addServer(WEB, ipv6, ServerSettings.of(ForwardingMethod.MASQUERADING, 1)));
        table.addServer(WEB, ipv6, ServerSettings.of(ForwardingMethod.TUNNELING, 1));
        refused(RefusedException.INVALID,
            () -> table.editServer(WEB, ipv6, ServerSettings.of(ForwardingMethod.DIRECT_ROUTING, 1)));
    }

    @Test
    void aRemovedServerKeepsItsNumberAndComesBackWithItsTotals() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11, 12);
        dataplane.serverCounters().add(0, 1, ServerCounters.ACTIVE, 1);
        dataplane.serverCounters().add(0, 1, ServerCounters.CONNECTIONS, 5);
        tick();
        table.deleteServer(WEB, server(11));
        final RealServerView removed = table.view().realServer(1);
        assertFalse(removed.available());
        assertEquals(1, view(WEB).serverCount());
        assertNotEquals(0, table.view().replyKeys()[1], "replies of its connections are still translated");
        add(13);
        assertEquals(3, view(WEB).server(0).number(), "the number is not given to another");
        add(11);
        assertEquals(1, view(WEB).server(0).number());
        assertTrue(table.view().realServer(1).available());
        assertEquals(5, table.serverOf(1).orElseThrow().statistics().total(ServerCounters.CONNECTIONS));
        assertEquals(1, table.serverOf(1).orElseThrow().statistics().active());
    }

    @Test
    void aNumberIsFreeTwoMinutesAfterTheLastConnectionEnded() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11);
        dataplane.serverCounters().add(1, 1, ServerCounters.INACTIVE, 1);
        dataplane.serverCounters().add(1, 1, ServerCounters.CONNECTIONS, 1);
        table.deleteServer(WEB, server(11));
        for (long sec = 0; sec < 300; sec += 2) {
            table.onTick(sec * SECOND_NS);
        }
        assertTrue(table.serverOf(1).isPresent(), "a connection still refers to it");
        dataplane.serverCounters().add(0, 1, ServerCounters.INACTIVE, -1);
        for (long sec = 300; sec < 416; sec += 2) {
            table.onTick(sec * SECOND_NS);
        }
        assertTrue(table.serverOf(1).isPresent(), "less than 120 s are over");
        for (long sec = 416; sec <= 424; sec += 2) {
            table.onTick(sec * SECOND_NS);
        }
        assertTrue(table.serverOf(1).isEmpty());
        assertNull(table.view().realServer(1));
        assertEquals(0, table.view().replyKeys()[1]);
        add(12);
        assertEquals(1, view(WEB).server(0).number());
        assertEquals(0, table.serverOf(1).orElseThrow().statistics().total(ServerCounters.CONNECTIONS),
            "the new one does not inherit what the old one counted");
    }

    @Test
    void aDeletedServiceComesBackWithItsNumberAndItsServersConnections() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11);
        dataplane.serverCounters().add(0, 1, ServerCounters.ACTIVE, 1);
        dataplane.serverCounters().add(0, 1, ServerCounters.CONNECTIONS, 1);
        table.deleteService(WEB);
        assertNull(view(WEB));
        assertEquals(WEB, table.serviceOf(1).orElseThrow());
        table.addService(service("10.1.0.101", 80), ServiceSettings.of("rr"));
        assertEquals(2, view(service("10.1.0.101", 80)).endpoint());
        table.addService(WEB, ServiceSettings.of("rr"));
        assertEquals(1, view(WEB).endpoint());
        add(11);
        assertEquals(1, view(WEB).server(0).number());
        assertEquals(1, table.serverOf(1).orElseThrow().statistics().active());
        assertEquals(0, table.serverOf(1).orElseThrow().statistics().total(ServerCounters.CONNECTIONS),
            "totals start anew in a new service, as in the kernel");
    }

    @Test
    void anEndpointNumberIsFreeWhenNoServerOfItIsLeft() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11);
        dataplane.serverCounters().add(0, 1, ServerCounters.ACTIVE, 1);
        table.deleteService(WEB);
        for (long sec = 0; sec < 300; sec += 2) {
            table.onTick(sec * SECOND_NS);
        }
        assertTrue(table.serviceOf(1).isPresent());
        dataplane.serverCounters().add(0, 1, ServerCounters.ACTIVE, -1);
        for (long sec = 300; sec < 600; sec += 2) {
            table.onTick(sec * SECOND_NS);
        }
        assertTrue(table.serviceOf(1).isEmpty());
        table.addService(service("10.1.0.101", 80), ServiceSettings.of("rr"));
        assertEquals(1, view(service("10.1.0.101", 80)).endpoint());
    }

    @Test
    void packetsAreTakenFromTheKernelAfterWorkersKnowAndLeftToItBeforeTheyForget() {
        dataplane.applies = false;
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11);
        table.addServer(WEB, server(12), ServerSettings.of(ForwardingMethod.TUNNELING, 1));
        table.onTick(0);
        assertFalse(table.settled(3));
        assertEquals(List.of("view 1", "view 2", "view 3"), dataplane.events);
        dataplane.applyAll();
        assertTrue(table.settled(3));
        assertEquals(List.of("open service 1", "open replies 10.2.0.11:8080", "open tunnel 10.2.0.12"),
            dataplane.events.subList(3, 6));
        assertEquals(Set.of("to 10.1.0.100", "from 10.2.0.11"), dataplane.fragments);
        table.deleteServer(WEB, server(11));
        assertEquals("view 4", dataplane.events.getLast(), "replies of living connections still have to come");
        table.deleteService(WEB);
        assertEquals(List.of("close service 1", "view 5"), dataplane.events.subList(7, 9));
        assertEquals(Set.of("from 10.2.0.11"), dataplane.fragments);
    }

    @Test
    void theSameRealServerOfTwoServicesIsClosedWithTheLast() {
        final ServiceId other = service("10.1.0.101", 80);
        table.addService(WEB, ServiceSettings.of("rr"));
        table.addService(other, ServiceSettings.of("rr"));
        add(11);
        table.addServer(other, server(11), masquerading(1));
        table.settled(4);
        table.editServer(WEB, server(11), ServerSettings.of(ForwardingMethod.DIRECT_ROUTING, 1));
        assertFalse(dataplane.events.contains("close replies 10.2.0.11:8080"));
        table.deleteServer(other, server(11));
        table.addServer(other, server(11), ServerSettings.of(ForwardingMethod.DIRECT_ROUTING, 1));
        assertFalse(dataplane.events.contains("close replies 10.2.0.11:8080"),
            "there may be connections of the method before");
        table.onTick(0);
        assertTrue(dataplane.events.contains("close replies 10.2.0.11:8080"));
        assertEquals(1, dataplane.events.stream().filter(event -> event.startsWith("open replies")).count());
    }

    @Test
    void aServiceDeletedBeforeWorkersKnewItIsNeverOpened() {
        dataplane.applies = false;
        table.addService(WEB, ServiceSettings.of("rr"));
        table.clear();
        dataplane.applyAll();
        table.settled(2);
        assertEquals(List.of("view 1", "view 2"), dataplane.events);
    }

    @Test
    void commandsTogetherAreOneChangeAndCloseNothingThatComesBack() {
        table.addService(WEB, ServiceSettings.of("wrr"));
        add(11);
        table.settled(table.view().version());
        final View before = table.view();
        dataplane.events.clear();
        table.together(() -> {
            table.clear();
            table.addService(WEB, ServiceSettings.of("wrr"));
            table.together(() -> add(11, 12));
            assertThrows(RefusedException.class, () -> add(12));
        });
        assertEquals(List.of("view " + (before.version() + 1)), dataplane.events, "no packet goes to the kernel");
        assertEquals(2, view(WEB).serverCount());
        assertEquals(1, view(WEB).server(1).number(), "it is back with its connections");
        assertEquals(List.of(0, 1, 2), table.view().changed().stream().map(ServiceView::serverCount).toList(),
            "schedulers are told of each step");
        assertTrue(table.settled(table.view().version()));
        dataplane.events.clear();
        table.together(() -> { });
        assertEquals(List.of(), dataplane.events);
    }

    @Test
    void commandsTogetherCloseWhatDoesNotComeBackBeforeTheirView() {
        table.addService(WEB, ServiceSettings.of("rr"));
        table.settled(table.view().version());
        dataplane.events.clear();
        table.together(() -> {
            table.clear();
            table.addService(service("10.1.0.101", 81), ServiceSettings.of("rr"));
        });
        assertTrue(table.settled(table.view().version()));
        assertEquals(List.of("close service 1", "view 2", "open service 2"), dataplane.events);
    }

    @Test
    void manyStepsTogetherAreNotAllKept() {
        table.together(() -> {
            table.addService(WEB, ServiceSettings.of("wrr"));
            for (int i = 0; i < 1000; i++) {
                table.addServer(WEB, new ServerId(server(1).address(), 1000 + i), masquerading(1));
            }
        });
        assertEquals(1000, view(WEB).serverCount());
        assertTrue(table.view().changed().size() < 500, table.view().changed().size() + " steps");
        assertSame(view(WEB), table.view().changed().getLast());
    }

    @Test
    void nextHopsAreAskedForAgainWhenTold() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11, 12);
        assertSame(NextHop.NONE, view(WEB).server(0).nextHop());
        final int published = dataplane.views.size();
        table.refreshNextHops();
        assertEquals(published, dataplane.views.size(), "nothing changed, nothing is published");
        final NextHop hop = new NextHop(0, 0x0200_0000_0001L, 0x0200_0000_0002L, 1500, 0, Addresses.ipv4Low(1));
        hops.put(server(12).address().low(), hop);
        table.refreshNextHops();
        assertEquals(published + 1, dataplane.views.size());
        assertEquals(hop, view(WEB).server(0).nextHop());
        assertEquals(hop, table.view().realServer(2).nextHop());
        assertEquals(List.of(), table.view().changed(), "schedulers have nothing to learn from it");
    }

    @Test
    void timeoutsChangeUnlessZero() {
        table.setTimeouts(0, 0, 0);
        assertEquals(0, dataplane.views.size());
        table.setTimeouts(10, 0, 30);
        assertEquals(10, table.view().timeouts().tcpSec(TcpState.ESTABLISHED.ordinal()));
        assertEquals(120, table.view().timeouts().tcpSec(TcpState.FIN_WAIT.ordinal()));
        assertEquals(30, table.view().timeouts().udpSec());
    }

    @Test
    void zeroingStartsTotalsAnewAndLeavesConnections() {
        table.addService(WEB, ServiceSettings.of("rr"));
        add(11);
        dataplane.serverCounters().add(0, 1, ServerCounters.ACTIVE, 2);
        dataplane.serverCounters().add(1, 1, ServerCounters.IN_PACKETS, 9);
        dataplane.serviceCounters().add(1, 1, ServerCounters.IN_PACKETS, 9);
        tick();
        table.zeroAll();
        final VirtualService service = table.service(WEB).orElseThrow();
        dataplane.serverCounters().add(0, 1, ServerCounters.IN_PACKETS, 4);
        assertEquals(0, service.servers().getFirst().statistics().total(ServerCounters.IN_PACKETS), "read at ticks");
        tick();
        assertEquals(4, service.servers().getFirst().statistics().total(ServerCounters.IN_PACKETS));
        assertEquals(0, service.statistics().total(ServerCounters.IN_PACKETS));
        assertEquals(2, service.servers().getFirst().statistics().active());
    }

    @Test
    void ratesFollowAsTheKernelsEstimatorDoes() {
        table.addService(WEB, ServiceSettings.of("rr"));
        final Statistics statistics = table.service(WEB).orElseThrow().statistics();
        table.onTick(0);
        final long[] shown = new long[40];
        for (int i = 0; i < shown.length; i++) {
            dataplane.serviceCounters().add(0, 1, ServerCounters.IN_PACKETS, 2_000);
            dataplane.serviceCounters().add(0, 1, ServerCounters.IN_BYTES, 200_000);
            table.onTick((2L * i + 1) * SECOND_NS);
            table.onTick((2L * i + 2) * SECOND_NS);
            shown[i] = statistics.rate(ServerCounters.IN_PACKETS);
        }
        assertArrayEquals(new long[] {250, 437, 578}, List.of(shown[0], shown[1], shown[2]).stream()
            .mapToLong(Long::longValue).toArray());
        assertEquals(1_000, shown[39], 1);
        assertEquals(100_000, statistics.rate(ServerCounters.IN_BYTES), 1);
        table.zeroAll();
        assertEquals(0, statistics.rate(ServerCounters.IN_PACKETS));
    }
}
