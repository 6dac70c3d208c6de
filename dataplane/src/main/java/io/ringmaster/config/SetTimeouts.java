package io.ringmaster.config;

import io.ringmaster.connection.TcpState;
import io.ringmaster.service.Timeouts;

/**
 * The time-outs that {@code ipvsadm --set} changes. Immutable.
 *
 * @param tcpSec    of established TCP connections, 1 to 2,678,400.
 * @param tcpFinSec of those whose client has ended them.
 * @param udpSec    of UDP.
 */
public record SetTimeouts(int tcpSec, int tcpFinSec, int udpSec) {
    /** The kernel's. */
    public static final SetTimeouts DEFAULTS = of(TcpState.defaults());

    /** Those of a director. */
    static SetTimeouts of(final Timeouts all) {
        return new SetTimeouts(all.tcpSec(TcpState.ESTABLISHED.ordinal()), all.tcpSec(TcpState.FIN_WAIT.ordinal()),
            all.udpSec());
    }
}
