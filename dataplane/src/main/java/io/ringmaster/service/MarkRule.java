package io.ringmaster.service;

import java.util.List;

/**
 * Which packets have a firewall mark: those of whom all of this is true. Immutable.
 *
 * @param destination    where they go.
 * @param source         where they come from, of the same family.
 * @param interfaceIndex the kernel's number of the interface by which they come; 0 for any.
 * @param interfaceName  its name; empty for any.
 * @param protocol       6 TCP, 17 UDP, 132 SCTP; 0 for any of them.
 * @param ports          destination ports, one range at least.
 * @param mark           not 0; all 32 bits.
 * @param local          whether the host takes packets to there as its own, so that it can answer them itself.
 */
public record MarkRule(AddressPrefix destination, AddressPrefix source, int interfaceIndex, String interfaceName,
                       int protocol, List<PortRange> ports, int mark, boolean local) {
    /** Of any interface. */
    public static final int ANY_INTERFACE = 0;
    /** Of any protocol that has ports. */
    public static final int ANY_PROTOCOL = 0;

    /** A rule whose ports do not change any more. */
    public MarkRule {
        ports = List.copyOf(ports);
    }

    /** The same rule where the host takes its packets as its own, or not. */
    public MarkRule withLocal(final boolean isLocal) {
        return new MarkRule(destination, source, interfaceIndex, interfaceName, protocol, ports, mark, isLocal);
    }

    /** Whether it is about IPv6 packets. */
    public boolean ipv6() {
        return !destination.ipv4();
    }

    /** Whether packets of a protocol that go to an address and port, whoever sends them, can be among them. */
    public boolean mayTake(final int ofProtocol, final long high, final long low, final int port) {
        return (protocol == ANY_PROTOCOL || protocol == ofProtocol) && destination.contains(high, low)
            && (port == 0 || takesPort(port));
    }

    /** Whether a destination port is one of them. */
    public boolean takesPort(final int port) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).contains(port)) {
                return true;
            }
        }
        return false;
    }
}
