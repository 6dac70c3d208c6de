package io.ringmaster.conformance;

import io.ringmaster.control.NextHops;
import io.ringmaster.netlink.InterfaceAddress;
import io.ringmaster.netlink.Link;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.NextHop;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The host that the recordings were made on, as its interfaces, addresses, routes and neighbours:
 * <pre>
 *   vec0   02:00:00:00:00:01   10.1.0.1/24 fd01::1/64, VIPs 10.1.0.100-.103 fd01::100-::101
 *          clients 10.1.0.11-.18 fd01::b-::12; router .254 ::fe, behind it 10.9.0.0/16 fd09::/64
 *   vec1   02:00:00:00:00:02   10.2.0.1/24 fd02::1/64
 *          real servers 10.2.0.11-.18 fd02::b-::12; router .254 ::fe, behind it 10.3.0.0/16 fd03::/64
 * </pre>
 * With one interface all of it is on vec0; 10.5.0.0/16 and fd05::/16 are local. Where an MTU is too small for IPv6,
 * IPv6 is missing, and so are the neighbours that the recorder would have entered behind the first line refused.
 */
final class Topology implements NextHops {
    private static final int LEAST_IPV6_MTU_BYTES = 1280;
    private static final int FIRST_INTERFACE = 100;
    private static final long CLIENT_MACS = 0x02_00_00_01_00_00L;
    private static final long SERVER_MACS = 0x02_00_00_02_00_00L;
    private static final int ROUTER = 0xfe;
    private static final int FIRST_HOST = 11;
    private static final int LAST_HOST = 18;

    private final List<Link> links = new ArrayList<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();
    private final Map<InetAddress, Long> neighbours = new HashMap<>();

    /** A route by prefix; without a gateway its addresses are on the link. */
    record Way(InetAddress network, int prefixLength, InetAddress gateway, int port, InetAddress source) {
        boolean holds(final InetAddress address) {
            final byte[] wanted = network.getAddress();
            final byte[] bytes = address.getAddress();
            boolean same = wanted.length == bytes.length;
            for (int bit = 0; same && bit < prefixLength; bit++) {
                same = (wanted[bit / 8] ^ bytes[bit / 8]) << bit % 8 << 24 >= 0;
            }
            return same;
        }
    }

    Topology(final int... mtuBytes) {
        for (int port = 0; port < mtuBytes.length; port++) {
            links.add(new Link(FIRST_INTERFACE + port, "vec" + port, 0x02_00_00_00_00_01L + port, mtuBytes[port], true,
                true, 1, 1, "", 0, Link.Vlan.NONE));
        }
        final int servers = mtuBytes.length - 1;
        address(0, "10.1.0.1", 24);
        address(servers, "10.2.0.1", 24);
        for (int last = 100; last <= 103; last++) {
            address(0, "10.1.0." + last, 32);
        }
        way("10.1.0.0", 24, null, 0, "10.1.0.1");
        way("10.2.0.0", 24, null, servers, "10.2.0.1");
        way("10.9.0.0", 16, "10.1.0.254", 0, "10.1.0.1");
        way("10.3.0.0", 16, "10.2.0.254", servers, "10.2.0.1");
        neighbours.put(ip("10.1.0.254"), CLIENT_MACS | ROUTER);
        neighbours.put(ip("10.2.0.254"), SERVER_MACS | ROUTER);
        if (mtuBytes[servers] >= LEAST_IPV6_MTU_BYTES) {
            ipv6(servers);
            hosts();
        }
    }

    private void ipv6(final int servers) {
        // As the kernel lists them: the one added last comes first.
        address(0, "fd01::101", 128);
        address(0, "fd01::100", 128);
        address(0, "fd01::1", 64);
        address(servers, "fd02::1", 64);
        way("fd01::", 64, null, 0, "fd01::1");
        way("fd02::", 64, null, servers, "fd02::1");
        way("fd09::", 64, "fd01::fe", 0, "fd01::1");
        way("fd03::", 64, "fd02::fe", servers, "fd02::1");
        neighbours.put(ip("fd01::fe"), CLIENT_MACS | ROUTER);
        neighbours.put(ip("fd02::fe"), SERVER_MACS | ROUTER);
    }

    private void hosts() {
        for (int host = FIRST_HOST; host <= LAST_HOST; host++) {
            final String hex = Integer.toHexString(host);
            neighbours.put(ip("10.1.0." + host), CLIENT_MACS | host);
            neighbours.put(ip("10.2.0." + host), SERVER_MACS | host);
            neighbours.put(ip("fd01::" + hex), CLIENT_MACS | host);
            neighbours.put(ip("fd02::" + hex), SERVER_MACS | host);
        }
    }

    private void address(final int port, final String address, final int prefixLength) {
        addresses.add(new InterfaceAddress(FIRST_INTERFACE + port, ip(address), prefixLength));
    }

    private void way(final String network, final int prefixLength, final String gateway, final int port,
                     final String source) {
        ways.add(new Way(ip(network), prefixLength, gateway == null ? null : ip(gateway), port, ip(source)));
    }

    static InetAddress ip(final String numeric) {
        try {
            return InetAddress.getByName(numeric);
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(numeric + " is no address", e);
        }
    }

    List<Link> links() {
        return links;
    }

    List<InterfaceAddress> addresses() {
        return addresses;
    }

    /** Lines of {@code ip -batch} that make a namespace with these interfaces the host. */
    List<String> commands() {
        final List<String> lines = new ArrayList<>();
        final List<InterfaceAddress> inOrder = new ArrayList<>(addresses);
        // Of IPv6 the one added last comes first.
        inOrder.sort(Comparator.comparing(own -> own.address() instanceof Inet6Address));
        final int first6 = (int) inOrder.stream().filter(own -> own.address() instanceof Inet4Address).count();
        Collections.reverse(inOrder.subList(first6, inOrder.size()));
        for (final InterfaceAddress own : inOrder) {
            lines.add("address add " + own.address().getHostAddress() + "/" + own.prefixLength() + " dev vec"
                + (own.interfaceIndex() - FIRST_INTERFACE) + " nodad");
        }
        neighbours.forEach((address, mac) -> lines.add("neighbour replace " + address.getHostAddress() + " lladdr "
            + mac(mac) + " nud permanent dev vec" + way(address).port()));
        for (final Way way : ways) {
            if (way.gateway() != null) {
                lines.add("route add " + way.network().getHostAddress() + "/" + way.prefixLength() + " via "
                    + way.gateway().getHostAddress() + " dev vec" + way.port());
            }
        }
        lines.add("route add local 10.5.0.0/16 dev lo");
        return lines;
    }

    /** A MAC as {@code ip} takes it. */
    static String mac(final long mac) {
        return String.format("%012x", mac).replaceAll("..(?=.)", "$0:");
    }

    /** Whether an interface has an address. */
    boolean has(final InetAddress address) {
        return addresses.stream().anyMatch(own -> own.address().equals(address));
    }

    /** Whether packets to an address are the host's own. */
    boolean local(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return address.isLoopbackAddress() || bytes.length == 4 && bytes[0] == 10 && bytes[1] == 5
            || bytes.length == 16 && bytes[0] == (byte) 0xfd && bytes[1] == 5
            || has(address);
    }

    /** The route to an address that is not local, or null. */
    Way way(final InetAddress address) {
        Way best = null;
        for (final Way way : ways) {
            if (way.holds(address) && (best == null || way.prefixLength() > best.prefixLength())) {
                best = way;
            }
        }
        return best;
    }

    /** Whether an address is one that the host would have to ask for by ARP or ND before it sends to it. */
    boolean unknownNeighbour(final InetAddress address) {
        final Way way = way(address);
        return way != null && way.gateway() == null && !neighbours.containsKey(address) && !local(address);
    }

    @Override
    public NextHop to(final long high, final long low) {
        final InetAddress address = Addresses.toInetAddress(high, low);
        if (local(address)) {
            return NextHop.LOCAL;
        }
        final Way way = way(address);
        if (way == null) {
            return NextHop.NONE;
        }
        final Link link = links.get(way.port());
        final long mac = neighbours.getOrDefault(way.gateway() == null ? address : way.gateway(), 0L);
        return new NextHop(way.port(), mac, link.mac(), link.mtuBytes(), Addresses.high(way.source()),
            Addresses.low(way.source()));
    }
}
