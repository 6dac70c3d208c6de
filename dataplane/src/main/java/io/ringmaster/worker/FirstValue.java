package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.Deadlines;
import io.ringmaster.connection.SctpState;
import io.ringmaster.connection.TcpState;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Sctp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.RealServerView;
import io.ringmaster.transmit.ClientHops;

/** The values that connections begin with, by what opens them. Owned by one worker, as part of a tracker. */
final class FirstValue {
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();
    private static final int DIRECT_ROUTING = ForwardingMethod.DIRECT_ROUTING.ordinal();
    /** Time-out of a connection before any of its packets (ip_vs_conn.c, ip_vs_conn_new). */
    private static final int INITIAL_SEC = 3;

    private final Deadlines deadlines;
    private final ClientHops clientHops;
    private int secure;

    /** Those of one tracker, with its deadlines. */
    FirstValue(final Deadlines deadlines, final ClientHops clientHops) {
        this.deadlines = deadlines;
        this.clientHops = clientHops;
    }

    /** Takes over {@link TcpState#SECURE}, or 0. */
    void use(final int secureTcp) {
        this.secure = secureTcp;
    }

    /** The value of a new connection after its client's packet that opens it. */
    long byClient(final Packet packet, final RealServerView server) {
        final int method = server.methodNumber();
        final int direction = (method == MASQUERADING ? TcpState.INPUT : TcpState.INPUT_ONLY) + secure;
        final int state = packet.protocol() == Ipv4.PROTOCOL_TCP
            ? TcpState.next(direction, TcpState.NONE.ordinal(), packet.tcpFlags())
            : ofOther(packet, method);
        final long value = ConnectionValue.withMethod(ConnectionValue.withRealServer(0, server.number()), method);
        final long counted = deadlines.renewed(ConnectionValue.withPacketCounted(value), state);
        return method == DIRECT_ROUTING ? counted : ConnectionValue.withNextHop(counted,
            clientHops.numberOf(packet.port(), Ethernet.source(packet.memory(), packet.frame())));
    }

    private static int ofOther(final Packet packet, final int method) {
        return packet.protocol() != Ipv4.PROTOCOL_SCTP ? TcpState.UDP.ordinal()
            : SctpState.first(method == MASQUERADING ? TcpState.INPUT : TcpState.INPUT_ONLY,
            (packet.tcpFlags() & Sctp.EVENT - 1) >> Sctp.EVENT_SHIFT);
    }

    /** The value of a connection that is known by an error about it only, without a way to its client. */
    static long byError(final Packet answered, final RealServerView server, final long nowMs) {
        return ConnectionValue.withMethod(ConnectionValue.of(
            (answered.protocol() == Ipv4.PROTOCOL_UDP ? TcpState.UDP : TcpState.NEW).ordinal(), server.number(), 0, 0,
            INITIAL_SEC, nowMs), server.methodNumber());
    }

    /** The value of a connection that a masqueraded real server's datagram opens, to a client at this hop. */
    long byRealServer(final RealServerView server, final int hop, final long nowMs) {
        return deadlines.renewed(ConnectionValue.withMethod(ConnectionValue.of(TcpState.UDP.ordinal(),
            server.number(), hop, ConnectionValue.OUTPUT_SEEN, 0, nowMs), MASQUERADING), TcpState.UDP.ordinal());
    }

    /** The value of a connection without real server, whose packets go on to where their client sent them. */
    long bypassing(final Packet packet) {
        final int state = packet.protocol() == Ipv4.PROTOCOL_TCP
            ? TcpState.next(TcpState.INPUT_ONLY + secure, TcpState.NONE.ordinal(), packet.tcpFlags())
            : TcpState.UDP.ordinal();
        return deadlines.renewed(ConnectionValue.withPacketCounted(ConnectionValue.withMethod(0, DIRECT_ROUTING)),
            state);
    }
}
