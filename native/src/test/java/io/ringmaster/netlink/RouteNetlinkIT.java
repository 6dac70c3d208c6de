package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.NetworkNamespace;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we read against what the ip program prints, and the kernel's answers about single addresses. */
class RouteNetlinkIT {
    private static final String LISTED = """
        route add 10.9.0.0/16 via 10.0.0.2 src 10.0.0.1 mtu 1400 metric 50
        route add 10.8.0.0/16 nexthop via 10.0.0.3 weight 1 nexthop via 10.0.0.4 weight 2
        route add 10.7.0.0/16 via inet6 2001:db8::9 dev a0
        route add blackhole 198.51.100.0/24
        route add unreachable 198.51.101.0/24
        route add prohibit 198.51.102.0/24
        route add default via 10.0.0.5 table 177
        route add 2001:db8:d::/48 via 2001:db8::2 mtu 1300
        route add 2001:db8:e::/48 nexthop via 2001:db8::3 nexthop via 2001:db8::4
        route add blackhole 2001:db8:b::/48
        route add unreachable 2001:db8:c::/48
        neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev a0
        neigh add 2001:db8::3 lladdr 02:00:00:00:00:04 nud stale dev a0
        """;
    private final Wire wire = new Wire();
    private RouteNetlink netlink;

    @BeforeEach
    void open() {
        netlink = wire.netlink();
    }

    @AfterEach
    void close() {
        netlink.close();
        wire.close();
    }

    @Test
    void linksAreThoseOfIp() {
        wire.batch("link add br0 type bridge\nlink add v0 mtu 1600 type veth peer name v1\nlink set v0 master br0\n"
            + "link set v0 up\nlink set v1 up\n");
        List<String> expected = linksOfIp();
        List<String> links = netlink.links().stream().map(Link::toString).toList();
        // A cable that was plugged in just now becomes "running" a moment later, between the two readings perhaps.
        for (int i = 0; i < 1_200 && !expected.equals(links); i++) {
            LockSupport.parkNanos(50_000_000);
            expected = linksOfIp();
            links = netlink.links().stream().map(Link::toString).toList();
        }
        assertEquals(lines(expected), lines(links));
    }

    private List<String> linksOfIp() {
        final Map<String, Integer> indexes = indexes();
        return wire.json("-d link show").stream().map(link -> {
            final List<?> flags = (List<?>) link.get("flags");
            final Map<?, ?> info = (Map<?, ?>) link.getOrDefault("linkinfo", Map.of());
            final Object kind = info.get("info_kind");
            return new Link((int) number(link, "ifindex"), (String) link.get("ifname"),
                Long.parseLong(((String) link.get("address")).replace(":", ""), 16), (int) number(link, "mtu"),
                flags.contains("UP"), flags.contains("UP") && !flags.contains("NO-CARRIER"),
                (int) number(link, "num_rx_queues"), (int) number(link, "num_tx_queues"),
                kind == null ? "" : (String) kind, indexes.getOrDefault(link.get("master"), 0),
                Link.Vlan.NONE).toString();
        }).toList();
    }

    @Test
    void addressesAreThoseOfIp() {
        wire.batch("addr add 192.0.2.1 peer 192.0.2.9/32 dev a0\naddr add 10.1.1.1/32 dev lo\n");
        final List<String> expected = new ArrayList<>();
        for (final Map<String, Object> link : wire.json("addr show")) {
            for (final Object each : (List<?>) link.get("addr_info")) {
                final Map<?, ?> address = (Map<?, ?>) each;
                expected.add(link.get("ifindex") + " " + MessagesTest.ip((String) address.get("local")).getHostAddress()
                    + "/" + address.get("prefixlen"));
            }
        }
        assertEquals(lines(expected), lines(netlink.addresses().stream().map(address -> address.interfaceIndex() + " "
            + address.address().getHostAddress() + "/" + address.prefixLength()).toList()));
    }

    @Test
    void routesAreThoseOfIp() {
        wire.batch(LISTED);
        final List<String> expected = new ArrayList<>();
        for (final String family : List.of("-4", "-6")) {
            for (final Map<String, Object> route : wire.json("-d " + family + " route show table all")) {
                expected.addAll(expectedRoutes(route, family.equals("-4")));
            }
        }
        assertTrue(expected.size() > 15, expected.toString());
        final Map<Integer, String> names = netlink.links().stream().collect(Collectors.toMap(Link::index, Link::name));
        assertEquals(lines(expected), lines(netlink.routes().stream().map(route -> route.destination().getHostAddress()
            + "/" + route.prefixLength() + " " + host(route.gateway()) + " " + names.get(route.interfaceIndex()) + " "
            + host(route.source()) + " mtu " + route.mtuBytes() + " type " + route.type() + " table " + route.table()
            + " metric " + route.priority()).toList()));
    }

    private static List<String> expectedRoutes(final Map<String, Object> route, final boolean ipv4) {
        final String text = (String) route.get("dst");
        final String network = text.equals("default") ? ipv4 ? "0.0.0.0/0" : "::/0"
            : text.contains("/") ? text : text + (ipv4 ? "/32" : "/128");
        final String[] parts = network.split("/");
        final List<?> hops = (List<?>) route.getOrDefault("nexthops", List.of(route));
        long mtu = 0;
        for (final Object metrics : (List<?>) route.getOrDefault("metrics", List.of())) {
            mtu = ((Map<?, ?>) metrics).get("mtu") instanceof Long found ? found : mtu;
        }
        final Map<String, Integer> types = Map.of("unicast", 1, "local", 2, "broadcast", 3, "anycast", 4,
            "multicast", 5, "blackhole", 6, "unreachable", 7, "prohibit", 8);
        final Map<String, Integer> tables = Map.of("main", 254, "local", 255);
        final String table = String.valueOf(route.getOrDefault("table", "main"));
        final List<String> all = new ArrayList<>();
        for (final Object each : hops) {
            final Map<?, ?> hop = (Map<?, ?>) each;
            final Object gateway = hop.get("via") instanceof Map<?, ?> via ? via.get("host") : hop.get("gateway");
            all.add(MessagesTest.ip(parts[0]).getHostAddress() + "/" + parts[1] + " "
                + (gateway == null ? "-" : MessagesTest.ip((String) gateway).getHostAddress()) + " " + hop.get("dev")
                + " " + (route.get("prefsrc") == null ? "-" : route.get("prefsrc")) + " mtu " + mtu + " type "
                + types.get(route.get("type")) + " table "
                + (tables.containsKey(table) ? tables.get(table) : Integer.valueOf(table)) + " metric "
                + route.getOrDefault("metric", 0L));
        }
        return all;
    }

    @Test
    void neighboursAreThoseOfIp() {
        wire.batch(LISTED);
        final Map<String, Integer> indexes = indexes();
        // Without multicast ones, which the kernel makes when it feels like reporting a group.
        final List<String> expected = wire.json("neigh show nud all").stream()
            .filter(neighbour -> neighbour.get("lladdr") != null && !neighbour.get("state").equals(List.of("NOARP")))
            .map(neighbour -> indexes.get(neighbour.get("dev"))
                + " " + MessagesTest.ip((String) neighbour.get("dst")).getHostAddress() + " "
                + Long.parseLong(((String) neighbour.get("lladdr")).replace(":", ""), 16)).toList();
        assertTrue(expected.size() >= 2, expected.toString());
        assertEquals(lines(expected), lines(netlink.neighbours().stream()
            .filter(neighbour -> neighbour.state() != 0 && neighbour.state() != Neighbour.NOARP)
            .map(neighbour -> neighbour.interfaceIndex() + " " + neighbour.address().getHostAddress() + " "
                + neighbour.mac()).toList()));
        final int a0 = indexes.get("a0");
        assertEquals(new Neighbour(a0, MessagesTest.ip("10.0.0.3"), 0x02_00_00_00_00_03L, Neighbour.PERMANENT),
            netlink.neighbour(a0, MessagesTest.ip("10.0.0.3")));
        assertNull(netlink.neighbour(a0, MessagesTest.ip("10.0.0.99")));
    }

    @Test
    void asksForTheWayToOneAddress() {
        wire.batch(LISTED);
        final int a0 = indexes().get("a0");
        final Route behind = netlink.routeTo(MessagesTest.ip("10.9.1.2"));
        assertEquals(new Route(MessagesTest.ip("10.9.1.2"), 32, MessagesTest.ip("10.0.0.2"), a0,
            MessagesTest.ip("10.0.0.1"), 1400, Route.UNICAST, 254, 0), behind);
        assertEquals(MessagesTest.ip("10.0.0.2"), behind.nextHop(MessagesTest.ip("10.9.1.2")));
        final Route onLink = netlink.routeTo(MessagesTest.ip("10.0.0.77"));
        assertNull(onLink.gateway());
        assertEquals(MessagesTest.ip("10.0.0.1"), onLink.source());
        assertEquals(0, onLink.mtuBytes());
        assertTrue(netlink.routeTo(MessagesTest.ip("10.0.0.1")).local());
        assertEquals(MessagesTest.ip("2001:db8::9"), netlink.routeTo(MessagesTest.ip("10.7.1.1")).gateway());
        final Route ipv6 = netlink.routeTo(MessagesTest.ip("2001:db8:d::5"));
        assertEquals(MessagesTest.ip("2001:db8::2"), ipv6.gateway());
        assertEquals(1300, ipv6.mtuBytes());
        assertEquals(MessagesTest.ip("2001:db8::1"), ipv6.source());
        assertTrue(netlink.routeTo(MessagesTest.ip("2001:db8::1")).local());
    }

    @Test
    void saysWhyThereIsNoWay() {
        wire.batch(LISTED);
        assertNoWay("203.0.113.1", Errno.ENETUNREACH);
        assertNoWay("198.51.100.1", Errno.EINVAL);
        assertNoWay("198.51.101.1", Errno.EHOSTUNREACH);
        assertNoWay("198.51.102.1", Errno.EACCES);
        assertNoWay("2001:db8:ffff::1", Errno.ENETUNREACH);
        assertNoWay("2001:db8:b::1", Errno.EINVAL);
        assertNoWay("2001:db8:c::1", Errno.EHOSTUNREACH);
        wire.here().ip("link set a0 down");
        assertNoWay("10.9.1.2", Errno.ENETUNREACH);
    }

    private void assertNoWay(final String address, final int errno) {
        assertNull(netlink.routeTo(MessagesTest.ip(address)), address);
        assertEquals(errno, netlink.ask(MessagesTest.ip(address), null, 0).errno(), address);
    }

    @Test
    void policyRulesSendSourcesAndMarksAnotherWay() {
        wire.batch("addr add 10.1.1.1/32 dev a0\nroute add default via 10.0.0.5 table 177\n"
            + "route add default via 10.0.0.6 table 178\nrule add from 10.1.1.1 table 177\n"
            + "rule add fwmark 5 table 178\n");
        final InetAddress far = MessagesTest.ip("203.0.113.1");
        assertNull(netlink.routeTo(far));
        final Route bySource = netlink.routeTo(far, MessagesTest.ip("10.1.1.1"), 0);
        assertEquals(MessagesTest.ip("10.0.0.5"), bySource.gateway());
        assertEquals(177, bySource.table());
        assertEquals(MessagesTest.ip("10.0.0.6"), netlink.routeTo(far, null, 5).gateway());
        assertNull(netlink.routeTo(far, MessagesTest.ip("192.0.2.77"), 0), "a source that is not ours");
    }

    @Test
    void namesTheInterfacesThatExist() {
        assertEquals("a0", netlink.link("a0").name());
        final String sentence = assertThrows(IllegalArgumentException.class, () -> netlink.link("eth9")).getMessage();
        assertEquals("There is no interface \"eth9\" in this network namespace; it has lo, a0.", sentence);
    }

    @Test
    void readsLongLists() {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("route add 172.").append(16 + i / 250).append('.').append(i % 250)
                .append(".0/24 via 10.0.0.2\n");
        }
        for (int i = 0; i < 10_000; i++) {
            lines.append("neigh add 10.0.").append(64 + i / 250).append('.').append(i % 250 + 1)
                .append(String.format(" lladdr 02:00:00:00:%02x:%02x dev a0%n", i >> 8, i & 0xff));
        }
        wire.here().ip("addr add 10.0.0.1/16 dev a0");
        wire.batch(lines.toString());
        assertEquals(1_000, netlink.routes().stream().filter(route -> route.destination().getHostAddress()
            .startsWith("172.")).distinct().count());
        final List<Neighbour> neighbours = netlink.neighbours().stream()
            .filter(neighbour -> neighbour.state() == Neighbour.PERMANENT).distinct().toList();
        assertEquals(10_000, neighbours.size());
        assertEquals(10_000, neighbours.stream().map(Neighbour::mac).distinct().count());
    }

    @Test
    void staysInItsNamespace() {
        try (RouteNetlink other = NetworkNamespace.call(wire.there().name(), RouteNetlink::open)) {
            assertEquals(List.of("lo", "b0"), other.links().stream().map(Link::name).toList());
        }
        assertEquals(List.of("lo", "a0"), netlink.links().stream().map(Link::name).toList());
    }

    @Test
    void saysThatItIsClosed() {
        netlink.close();
        assertThrows(IllegalStateException.class, netlink::links);
    }

    private Map<String, Integer> indexes() {
        final Map<String, Integer> indexes = new HashMap<>();
        wire.json("link show").forEach(link -> indexes.put((String) link.get("ifname"),
            (int) number(link, "ifindex")));
        return indexes;
    }

    private static long number(final Map<String, Object> object, final String key) {
        return (Long) object.get(key);
    }

    private static String host(final InetAddress address) {
        return address == null ? "-" : address.getHostAddress();
    }

    private static String lines(final List<String> lines) {
        return lines.stream().sorted(Comparator.naturalOrder()).collect(Collectors.joining("\n"));
    }
}
