package io.ringmaster.netlink;

import java.net.InetAddress;

/**
 * An IP address that the kernel has on an interface.
 *
 * @param interfaceIndex number of the interface.
 * @param address        the local one, also of a point-to-point link.
 * @param prefixLength   bits of the network, 0 to 32 or 128.
 */
public record InterfaceAddress(int interfaceIndex, InetAddress address, int prefixLength) {
}
