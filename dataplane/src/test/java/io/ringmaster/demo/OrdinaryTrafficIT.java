package io.ringmaster.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.service.ForwardingMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Servers, clients and capture of the demonstration by themselves: through the director's kernel, to a RIP. */
class OrdinaryTrafficIT {
    private static DemoNetwork network;
    private static List<DemoServer> servers = List.of();

    @BeforeAll
    static void start() {
        DemoSupport.needRoot();
        network = DemoNetwork.create(DemoNetwork.Options.defaults());
        servers = DemoServer.startAll(network);
    }

    @AfterAll
    static void stop() {
        servers.forEach(DemoServer::close);
        if (network != null) {
            network.close();
        }
    }

    @Test
    void bodiesOfAllSizesComeWhole() {
        final int[] sizes = {0, 1, 1459, 1460, 1461, 65_536, Bodies.LARGEST};
        final LoadResult result = new HttpLoad(network, network.rip(1), DemoServer.PORT)
            .get(sizes.length, 1, i -> sizes[i]);
        assertEquals(List.of(), result.failures());
        assertEquals(Map.of("rs1", sizes.length), result.shares());
    }

    @Test
    void manyClientsAtATime() {
        final LoadResult result = new HttpLoad(network, network.rip(2), DemoServer.OTHER_PORT).get(1000, 64, i -> 100);
        assertEquals(List.of(), result.failures());
        assertEquals(1000, result.answered());
        assertTrue(result.latencyUs(50) > 0 && result.latencyUs(50) <= result.maxLatencyUs());
    }

    @Test
    void uploadsArriveWhole() {
        final LoadResult result = new HttpLoad(network, network.rip(3), DemoServer.PORT).post(3, 1, i -> 1 << 10 * i);
        assertEquals(List.of(), result.failures());
    }

    @Test
    void echoesOfEverySize() {
        final LoadResult result = new UdpLoad(network, network.rip(1), DemoServer.PORT).echo(1472, 4, i -> i + 1);
        assertEquals(List.of(), result.failures());
        assertEquals(Map.of("rs1", 1472), result.shares());
    }

    @Test
    void anUnansweredRequestIsAFailure() {
        final LoadResult result = new HttpLoad(network, network.rip(1), 81).get(1, 1, i -> 1);
        assertEquals(0, result.answered());
        assertEquals(1, result.sent());
        assertTrue(result.failures().getFirst().contains("refused"), result.failures().toString());
    }

    @Test
    void theSwitchSeesPacketsBeforeAndAfterTheDirector() {
        try (Capture capture = new Capture(network, List.of("client", "front", "back", "rs1"))) {
            capture.keep();
            new HttpLoad(network, network.rip(1), DemoServer.PORT).get(1, 1, i -> 1);
            final List<String> seen = capture.kept().stream().filter(p -> p.destinationPort() == DemoServer.PORT)
                .map(SeenPacket::toString).toList();
            final String end = ":80 [S] ttl 64, 60 bytes";
            final String before = "front  >host     02:00:00:00:01:0b > 02:00:00:00:01:01";
            final String after = "back   host>     02:00:00:00:02:01 > 02:00:00:00:02:11";
            assertTrue(seen.stream().anyMatch(s -> s.startsWith(before) && s.endsWith(end)), seen::toString);
            assertTrue(seen.stream().anyMatch(s -> s.startsWith(after) && s.endsWith(end.replace("64", "63"))),
                seen::toString);
            assertEquals(List.of(), capture.resets());
            new HttpLoad(network, network.rip(1), 81).get(1, 1, i -> 1);
            assertEquals(4, capture.resets().size(), "a reset passes four ports");
        }
    }

    @Test
    void thePathThatATunnelTakesIsThere() {
        // The inner half of tunneling: an IPIP packet needs 20 bytes more than the client side has.
        final String link = network.exec(network.realServer(1), "ip", "link", "show", DemoNetwork.ETH0);
        assertTrue(link.contains("mtu 1600"), link);
        final String route = network.exec(network.realServer(1), "ip", "route", "get", network.clientAddress(0), "from",
            network.vip(ForwardingMethod.TUNNELING));
        assertTrue(route.contains("via 10.77.2.254"), route);
    }
}
