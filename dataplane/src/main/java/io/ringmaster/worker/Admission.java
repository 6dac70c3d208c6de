package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.SctpState;
import io.ringmaster.connection.TcpState;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.View;

/**
 * What the settings say of packets that may make a connection: which do, which are dropped against a flood, and on
 * which connections a SYN is the beginning of another (ip_vs_core.c, ip_vs_in). Owned by one worker.
 */
final class Admission {
    private static final int MASQUERADING = ForwardingMethod.MASQUERADING.ordinal();
    /** The bit of conn_reuse_mode that is about FIN_WAIT. */
    private static final long UNANSWERED_TOO = 2;

    private View view;
    private long reuseMode;
    private boolean expiresWithServer;
    private boolean sloppyTcp;
    private boolean sloppySctp;
    private int dropRate;
    private int untilDrop;

    void useView(final View newView) {
        view = newView;
        reuseMode = newView.sysctls().value(Sysctl.CONN_REUSE_MODE);
        expiresWithServer = newView.sysctls().on(Sysctl.EXPIRE_NODEST_CONN);
        sloppyTcp = newView.sysctls().on(Sysctl.SLOPPY_TCP);
        sloppySctp = newView.sysctls().on(Sysctl.SLOPPY_SCTP);
        dropRate = newView.sysctls().defence().dropRate();
    }

    /**
     * Whether a packet of no connection opens one: any datagram, a segment with SYN and without RST, an INIT. What
     * comes from FTP's data port never does: such a connection is made by its control connection (ip_vs_core.c,
     * ip_vs_schedule).
     */
    boolean opens(final Packet packet) {
        if (packet.sourcePort() == ServiceKey.FTP_DATA_PORT) {
            return false;
        }
        if (packet.protocol() != Ipv4.PROTOCOL_TCP) {
            return packet.protocol() != Ipv4.PROTOCOL_SCTP || sloppySctp || (packet.tcpFlags() & Tcp.SYN) != 0;
        }
        final int flags = packet.tcpFlags();
        return (flags & Tcp.RST) == 0 && (sloppyTcp || (flags & Tcp.SYN) != 0);
    }

    /** Whether a packet that opens a connection is one of those that are dropped against a flood. */
    boolean drops() {
        if (dropRate == 0 || --untilDrop > 0) {
            return false;
        }
        untilDrop = dropRate;
        return true;
    }

    /** Packets that may open a connection until one is dropped, see {@link #drops}. */
    int untilDrop() {
        return untilDrop;
    }

    /** Goes on from where another was. */
    void dropAfter(final int packets) {
        untilDrop = packets;
    }

    /** Whether connections end once their real server is removed. */
    boolean expiresWithServer() {
        return expiresWithServer;
    }

    /**
     * Whether a SYN or INIT on a connection is scheduled anew. Not one that a template made, which would choose the
     * same, or a control connection, unless its real server is to take none any more.
     */
    boolean reopens(final Packet packet, final long value) {
        final RealServerView server = expiresWithServer ? view.realServer(ConnectionValue.realServer(value)) : null;
        if (server != null && server.weight() == 0) {
            return true;
        }
        if (reuseMode == 0 || ConnectionValue.isChild(value) || ConnectionValue.isControlled(value)) {
            return false;
        }
        final int state = ConnectionValue.state(value);
        if (packet.protocol() == Ipv4.PROTOCOL_SCTP) {
            return state == SctpState.CLOSED.number();
        }
        return state == TcpState.TIME_WAIT.ordinal() || state == TcpState.CLOSE.ordinal()
            || (reuseMode & UNANSWERED_TOO) != 0 && state == TcpState.FIN_WAIT.ordinal()
            && ConnectionValue.method(value) != MASQUERADING && !ConnectionValue.outputSeen(value);
    }
}
