package io.ringmaster.worker;

import io.ringmaster.bpf.XdpMaps;
import io.ringmaster.control.NextHops;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Vlan;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortView;
import io.ringmaster.transmit.VlanPorts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The network that the recordings of a real kernel were made in, as routes and neighbours of the director:
 * <pre>
 *   port 0   10.1.0.1, 02:00:00:00:00:01   clients 10.1.0.11-18; router .254, 10.9.0.0/16 behind it
 *   port 1   10.2.0.1, 02:00:00:00:00:02   real servers 10.2.0.11-18; router .254, 10.3.0.0/16 behind it
 * </pre>
 * With one interface all of it is on port 0. The director's own addresses also are the VIPs 10.1.0.100-103.
 */
final class TestNetwork implements NextHops {
    static final long MAC_0 = 0x02_00_00_00_00_01L;
    static final long MAC_1 = 0x02_00_00_00_00_02L;
    static final long CLIENT_ROUTER = 0x02_00_00_01_00_feL;
    static final long SERVER_ROUTER = 0x02_00_00_02_00_feL;
    /** VLAN interfaces on the first interface: VLAN 5, VLAN 6, and VLAN 9 in VLAN 7 of a provider. */
    static final List<VlanPorts.Device> VLANS = List.of(new VlanPorts.Device(0, Vlan.tag(0x8100, 5)),
        new VlanPorts.Device(0, Vlan.tag(0x8100, 6)),
        new VlanPorts.Device(0, Vlan.both(Vlan.tag(0x88a8, 7), Vlan.tag(0x8100, 9))));
    /** Index of the first of them. */
    static final int FIRST_VLAN = 200;
    private static final int DIP_1 = Frames.ip("10.1.0.1");
    private static final int DIP_2 = Frames.ip("10.2.0.1");

    private final Map<Integer, NextHop> overrides = new HashMap<>();
    private final PortView[] ports;

    /**
     * The network.
     *
     * @param mtuBytes of each interface: one, or two of them.
     */
    TestNetwork(final int... mtuBytes) {
        ports = new PortView[mtuBytes.length];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = new PortView(100 + i, i == 0 ? MAC_0 : MAC_1, mtuBytes[i], Addresses.IPV4_HIGH,
                Addresses.ipv4Low(i == 0 ? DIP_1 : DIP_2));
        }
    }

    /** The MAC of a real server 10.2.0.x. */
    static long serverMac(final int x) {
        return 0x02_00_00_02_00_00L | x;
    }

    /** The MAC of an on-link client 10.1.0.x. */
    static long clientMac(final int x) {
        return 0x02_00_00_01_00_00L | x;
    }

    PortView[] ports() {
        return ports.clone();
    }

    /** Tells an XDP program what its maps hold of the interfaces. */
    void tell(final XdpMaps maps) {
        for (final PortView port : ports) {
            maps.addMac(port.interfaceIndex(), port.mac());
        }
        for (int i = 0; i < VLANS.size(); i++) {
            maps.addVlan(ports[0].interfaceIndex(), VLANS.get(i).tags(), FIRST_VLAN + i);
        }
    }

    /** What workers see: interfaces, VLANs, and those that are kept. */
    PortView[] allPorts(final VlanPorts vlans) {
        final PortView[] all = new PortView[vlans.count()];
        for (int i = 0; i < all.length; i++) {
            final boolean vlan = i >= ports.length && i < vlans.known();
            final PortView on = ports[i < ports.length ? i : vlan ? 0 : vlans.keptOn(i)];
            all[i] = new PortView(vlan ? FIRST_VLAN + i - ports.length : on.interfaceIndex(), on.mac(), on.mtuBytes(),
                on.sourceHigh(), on.sourceLow());
        }
        return all;
    }

    /** A hop that leaves by a VLAN of the first interface. */
    NextHop vlanHop(final int vlan, final long mac) {
        return new NextHop(ports.length + vlan, mac, ports[0].mac(), ports[0].mtuBytes(), Addresses.IPV4_HIGH,
            Addresses.ipv4Low(DIP_2));
    }

    /** Sends packets for an address another way from now on. */
    void route(final String address, final NextHop hop) {
        overrides.put(Frames.ip(address), hop);
    }

    /** Whether an address is the director's own, a VIP or not. */
    static boolean local(final int address) {
        return address == DIP_1 || address == DIP_2 || address >>> 24 == 127
            || address >= Frames.ip("10.1.0.100") && address <= Frames.ip("10.1.0.103");
    }

    /** The interface of the real servers' side. */
    int serverPort() {
        return ports.length - 1;
    }

    @Override
    public NextHop to(final long high, final long low) {
        final int address = Addresses.ipv4(low);
        if (overrides.containsKey(address)) {
            return overrides.get(address);
        }
        if (local(address)) {
            return NextHop.LOCAL;
        }
        final int last = address & 0xff;
        final boolean known = last >= 11 && last <= 18;
        return switch (address >>> 16) {
            case 0x0a01 -> hop(0, known ? clientMac(last) : 0, DIP_1);
            case 0x0a02 -> hop(serverPort(), known ? serverMac(last) : 0, DIP_2);
            case 0x0a03 -> hop(serverPort(), SERVER_ROUTER, DIP_2);
            case 0x0a09 -> hop(0, CLIENT_ROUTER, DIP_1);
            default -> NextHop.NONE;
        };
    }

    NextHop hop(final int port, final long mac, final int source) {
        return new NextHop(port, mac, ports[port].mac(), ports[port].mtuBytes(), Addresses.IPV4_HIGH,
            Addresses.ipv4Low(source));
    }
}
