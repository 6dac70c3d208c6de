package io.ringmaster.service;

import io.ringmaster.packet.Addresses;

/**
 * What a virtual service is known by.
 *
 * @param endpoint 1 to 65,535, the number given to it by the control thread.
 * @param protocol IP protocol number: 6 TCP, 17 UDP.
 * @param vipHigh  VIP, high long.
 * @param vipLow   VIP, low long.
 * @param vport    1 to 65,535.
 */
public record ServiceKey(int endpoint, int protocol, long vipHigh, long vipLow, int vport) {
    /** Whether its connections have wide keys (see {@link io.ringmaster.connection.TableForm}): those of IPv6. */
    public boolean wide() {
        return !Addresses.isIpv4(vipHigh, vipLow);
    }
}
