package io.ringmaster.service;

import io.ringmaster.packet.Addresses;

/**
 * What a virtual service is known by.
 *
 * @param endpoint 1 to 65,535, the number given to it by the control thread.
 * @param protocol IP protocol number: 6 TCP, 17 UDP; 0 for all, of a mark.
 * @param vipHigh  VIP, high long; of a mark the zero address of its family.
 * @param vipLow   VIP, low long.
 * @param vport    1 to 65,535; 0 for all ports, as of a mark.
 * @param mark     the firewall mark by which packets are known to be for it; 0 for none.
 */
public record ServiceKey(int endpoint, int protocol, long vipHigh, long vipLow, int vport, int mark) {
    /** What a service without a mark is known by. */
    public ServiceKey(final int endpoint, final int protocol, final long vipHigh, final long vipLow, final int vport) {
        this(endpoint, protocol, vipHigh, vipLow, vport, 0);
    }

    /** Whether its clients are IPv4 ones. */
    public boolean ipv4() {
        return Addresses.isIpv4(vipHigh, vipLow);
    }

    /** Whether its packets are known by a firewall mark. */
    public boolean marked() {
        return mark != 0;
    }

    /** Whether clients reach it by several ports, and if it is known by a mark by several addresses. */
    public boolean anyPort() {
        return vport == 0;
    }

    /**
     * Whether its connections have wide keys (see {@link io.ringmaster.connection.TableForm}): those of IPv6, and those
     * that must remember what their client asked for.
     */
    public boolean wide() {
        return anyPort() || !ipv4();
    }
}
