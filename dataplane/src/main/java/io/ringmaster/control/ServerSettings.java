package io.ringmaster.control;

import io.ringmaster.service.ForwardingMethod;

/**
 * What can be set of a real server; -e replaces all of it. Immutable.
 *
 * @param method forwarding method.
 * @param weight 0 to 2^31-1, as the kernel takes it.
 * @param upper  connections from which on it is overloaded; 0 for no limit.
 * @param lower  connections below which it is released again; 0 for three quarters of the upper one.
 * @param tunnel how packets are wrapped, if tunneling is the method.
 */
public record ServerSettings(ForwardingMethod method, int weight, int upper, int lower, Tunnel tunnel) {
    /** Settings of a real server without thresholds, IPIP if it is tunneled to. */
    public static ServerSettings of(final ForwardingMethod method, final int weight) {
        return new ServerSettings(method, weight, 0, 0, Tunnel.IPIP);
    }

    /** The same with another weight. */
    public ServerSettings withWeight(final int newWeight) {
        return new ServerSettings(method, newWeight, upper, lower, tunnel);
    }
}
