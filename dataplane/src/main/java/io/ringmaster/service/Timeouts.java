package io.ringmaster.service;

import java.util.Arrays;

/**
 * How long a connection may be silent, by its state. Immutable. Seconds; defaults are the kernel's (ip_vs_proto_tcp.c,
 * ip_vs_proto_udp.c); ipvsadm's {@code --set} changes three of them.
 */
public final class Timeouts {
    private final int[] tcpSec;
    private final int udpSec;

    /**
     * Time-outs by state.
     *
     * @param tcpSec by the number of {@link io.ringmaster.connection.TcpState}, each 1 to 2,678,400. Copied.
     * @param udpSec of UDP connections.
     */
    public Timeouts(final int[] tcpSec, final int udpSec) {
        this.tcpSec = tcpSec.clone();
        this.udpSec = udpSec;
    }

    /** Seconds a TCP connection in this state lives without a packet. */
    public int tcpSec(final int state) {
        return tcpSec[state];
    }

    /** Seconds a UDP connection lives without a packet. */
    public int udpSec() {
        return udpSec;
    }

    /** A copy with another time-out for one TCP state. */
    public Timeouts withTcp(final int state, final int sec) {
        final int[] changed = Arrays.copyOf(tcpSec, tcpSec.length);
        changed[state] = sec;
        return new Timeouts(changed, udpSec);
    }

    /** A copy with another time-out for UDP. */
    public Timeouts withUdp(final int sec) {
        return new Timeouts(tcpSec, sec);
    }
}
