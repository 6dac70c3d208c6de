package io.ringmaster.bench.fuzz;

import io.ringmaster.control.NextHops;
import io.ringmaster.netlink.InterfaceAddress;
import io.ringmaster.netlink.Link;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.NextHop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The host of the recordings, as ways to its neighbours: clients 10.1.0.0/24 and fd01::/64, with 10.9.0.0/16 and
 * fd09::/64 behind a router; real servers 10.2.0.0/24 and fd02::/64, with 10.3.0.0/16 and fd03::/64 behind a router.
 * With two interfaces the second one is the real servers'. 10.5.0.0/16 and the VIPs are the host's own.
 */
final class Network implements NextHops {
    private static final int FIRST_INTERFACE = 100;
    private static final long FIRST_MAC = 0x02_00_00_00_00_01L;
    private static final long NEIGHBOUR_MACS = 0x02_00_00_00_00_00L;
    private static final int LAST_NEIGHBOUR = 18;
    private static final int FIRST_NEIGHBOUR = 11;
    private static final int VIPS = 100;
    private static final int LAST_VIP = 103;
    private static final int VIPS_6 = 0x100;
    private static final int ROUTER = 0xfe;

    private final List<Link> links = new ArrayList<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();

    Network(final int... mtuBytes) {
        for (int port = 0; port < mtuBytes.length; port++) {
            links.add(new Link(FIRST_INTERFACE + port, "vec" + port, FIRST_MAC + port, mtuBytes[port], true, true, 1, 1,
                "", 0));
        }
        add(0, "10.1.0.1", 24);
        add(mtuBytes.length - 1, "10.2.0.1", 24);
        add(0, "fd01::1", 64);
        add(mtuBytes.length - 1, "fd02::1", 64);
    }

    private void add(final int port, final String address, final int prefixLength) {
        addresses.add(new InterfaceAddress(FIRST_INTERFACE + port, ip(address), prefixLength));
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

    @Override
    public NextHop to(final long high, final long low) {
        final boolean four = Addresses.isIpv4(high, low);
        // The same plan in both families: the third number of 10.x.0.y is that of fd0x::y.
        final int net = four ? (int) (low >>> 16) & 0xff : (int) (high >>> 48) & 0xff;
        final boolean known = four ? (low >>> 24 & 0xff) == 10 : high >>> 56 == 0xfd;
        final int host = four ? (int) low & 0xff : Math.clamp(low, 0, 0xffff);
        if (!known || net == 5 || host == 1 && net <= 2 || net == 1 && isVip(four, host)) {
            return known ? NextHop.LOCAL : NextHop.NONE;
        }
        return switch (net) {
            case 1, 2 -> hop(net, four, host >= FIRST_NEIGHBOUR && host <= LAST_NEIGHBOUR ? host : 0);
            case 9 -> hop(1, four, ROUTER);
            case 3 -> hop(2, four, ROUTER);
            default -> NextHop.NONE;
        };
    }

    private static boolean isVip(final boolean four, final int host) {
        return four ? host >= VIPS && host <= LAST_VIP : host == VIPS_6 || host == VIPS_6 + 1;
    }

    private NextHop hop(final int net, final boolean four, final int host) {
        final int port = net == 1 ? 0 : links.size() - 1;
        final InetAddress source = addresses.get(four ? net - 1 : net + 1).address();
        return new NextHop(port, host == 0 ? 0 : NEIGHBOUR_MACS | (long) net << 16 | host, links.get(port).mac(),
            links.get(port).mtuBytes(), Addresses.high(source), Addresses.low(source));
    }
}
