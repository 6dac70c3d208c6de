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
    private final long[] macs;
    private Set<InetAddress> addresses = Set.of();

    HostMaps(final XdpMaps maps, final Ports ports, final int portCount) {
        this.maps = maps;
        this.ports = ports;
        this.macs = new long[portCount];
    }

    /** Takes over what is now; what is new is there before what is gone is taken away. */
    void refresh() {
        for (int port = 0; port < macs.length; port++) {
            final long now = ports.link(port).mac();
            if (now != macs[port]) {
                maps.addMac(ports.link(port).index(), now);
                if (macs[port] != 0) {
                    maps.removeMac(ports.link(port).index(), macs[port]);
                }
                macs[port] = now;
            }
        }
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
