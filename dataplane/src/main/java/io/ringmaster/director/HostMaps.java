package io.ringmaster.director;

import io.ringmaster.bpf.XdpMaps;
import io.ringmaster.control.Ports;
import io.ringmaster.packet.Addresses;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps the XDP program's knowledge of this host as it is: MAC addresses of the director's interfaces and all addresses
 * of its own. Owned by the control thread.
 */
final class HostMaps {
    private final XdpMaps maps;
    private final Ports ports;
    private final int[] receiving;
    private Set<Mac> macs = Set.of();
    private Set<InetAddress> addresses = Set.of();

    /** A MAC of which frames come by an interface: its own, or that of a VLAN of it. */
    private record Mac(int interfaceIndex, long mac48) {
    }

    /**
     * Knowledge of nothing yet.
     *
     * @param receiving the kernel's number of the interface that the frames of each port come by.
     */
    HostMaps(final XdpMaps maps, final Ports ports, final int[] receiving) {
        this.maps = maps;
        this.ports = ports;
        this.receiving = receiving;
    }

    /** Tells which interface stands for which VLAN, once: that never changes. */
    void addVlans(final VlanInterfaces vlans) {
        final int first = receiving.length - vlans.links().size();
        for (int i = 0; i < vlans.links().size(); i++) {
            maps.addVlan(receiving[first + i], vlans.devices().get(i).tags(), vlans.links().get(i).index());
        }
    }

    /** Takes over what is now; what is new is there before what is gone is taken away. */
    void refresh() {
        final Set<Mac> macsNow = new HashSet<>();
        for (int port = 0; port < receiving.length; port++) {
            macsNow.add(new Mac(receiving[port], ports.link(port).mac()));
        }
        macsNow.stream().filter(mac -> !macs.contains(mac)).forEach(mac ->
            maps.addMac(mac.interfaceIndex(), mac.mac48()));
        macs.stream().filter(mac -> !macsNow.contains(mac)).forEach(mac ->
            maps.removeMac(mac.interfaceIndex(), mac.mac48()));
        macs = macsNow;
        final Set<InetAddress> now = new HashSet<>(ports.localAddresses());
        for (final InetAddress address : now) {
            if (!addresses.contains(address)) {
                maps.addLocalAddress(Addresses.high(address), Addresses.low(address));
            }
        }
        for (final InetAddress address : addresses) {
            if (!now.contains(address)) {
                maps.removeLocalAddress(Addresses.high(address), Addresses.low(address));
            }
        }
        addresses = now;
    }
}
