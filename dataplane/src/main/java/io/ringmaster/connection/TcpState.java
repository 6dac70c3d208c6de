package io.ringmaster.connection;

import io.ringmaster.service.Timeouts;
import java.util.Arrays;

/**
 * States of connections. The first eleven are those of kernel IPVS in its order, with its normal transition table and
 * that of secure_tcp (net/netfilter/ipvs/ip_vs_proto_tcp.c); UDP connections have the one state {@link #UDP}, and a
 * connection whose first packet has not been counted yet is {@link #NEW}.
 */
public enum TcpState {
    NONE("NONE", 2),
    ESTABLISHED("ESTABLISHED", 900),
    SYN_SENT("SYN_SENT", 120),
    SYN_RECV("SYN_RECV", 60),
    FIN_WAIT("FIN_WAIT", 120),
    TIME_WAIT("TIME_WAIT", 120),
    CLOSE("CLOSE", 10),
    CLOSE_WAIT("CLOSE_WAIT", 60),
    LAST_ACK("LAST_ACK", 30),
    LISTEN("LISTEN", 120),
    SYNACK("SYNACK", 120),
    /** The state of every UDP connection; ipvsadm prints it as UDP. */
    UDP("UDP", 300),
    /** Before the first transition: the kernel's state NONE with its initial 3 s; its transitions are those of NONE. */
    NEW("NONE", 3);

    /** Direction: from the client, where replies pass the director, too (masquerading). */
    public static final int INPUT = 0;
    /** Direction: from the real server. */
    public static final int OUTPUT = 1;
    /** Direction: from the client, where no reply was ever seen (direct routing, tunneling). */
    public static final int INPUT_ONLY = 2;

    /** Added to a direction: the stricter transitions of secure_tcp, in which no client alone opens a connection. */
    public static final int SECURE = 3;

    // RFC 9293 §3.1
    private static final int FIN_FLAG = 1;
    private static final int SYN_FLAG = 2;
    private static final int RST_FLAG = 4;
    private static final int ACK_FLAG = 16;

    private static final int MS_PER_SEC = 1_000;
    private static final int STATE_BITS = 4;
    // FIN, SYN, RST, PSH, ACK: the low bits of the flags byte.
    private static final int FLAG_BITS = 5;
    private static final int FLAGS_MASK = (1 << FLAG_BITS) - 1;
    private static final int DIRECTIONS = 2 * SECURE;
    private static final int SYN = 0;
    private static final int FIN = 1;
    private static final int ACK = 2;
    private static final int RST = 3;
    private static final int EVENTS = 4;
    private static final int NONE_OF_THEM = 4;

    // Columns: the state now, NO ES SS SR FW TW CL CW LA LI SA; cells: the next one.
    private static final String[] ROWS = {
        /* INPUT      syn */ "SR ES ES SR SR SR SR SR SR SR SR",
        /*            fin */ "CL CW SS TW TW TW CL CW LA LI TW",
        /*            ack */ "ES ES SS ES FW TW CL CW CL LI ES",
        /*            rst */ "CL CL CL SR CL CL CL CL LA LI SR",
        /* OUTPUT     syn */ "SS ES SS SR SS SS SS SS SS LI SR",
        /*            fin */ "TW FW SS TW FW TW CL TW LA LI TW",
        /*            ack */ "ES ES SS ES FW TW CL CW LA ES ES",
        /*            rst */ "CL CL SS CL CL TW CL CL CL CL CL",
        /* INPUT_ONLY syn */ "SR ES ES SR SR SR SR SR SR SR SR",
        /*            fin */ "CL FW SS TW FW TW CL CW LA LI TW",
        /*            ack */ "ES ES SS ES FW TW CL CW CL LI ES",
        /*            rst */ "CL CL CL SR CL CL CL CL LA LI CL",
        /* the same, of secure_tcp */
        /* INPUT      syn */ "SR ES ES SR SR SR SR SR SR SR SA",
        /*            fin */ "CL CW SS TW TW TW CL CW LA LI SA",
        /*            ack */ "ES ES SS SR FW TW CL CW CL LI SA",
        /*            rst */ "CL CL CL SR CL CL CL CL LA LI CL",
        /* OUTPUT     syn */ "SS ES SS SA SS SS SS SS SS LI SA",
        /*            fin */ "TW FW SS TW FW TW CL TW LA LI TW",
        /*            ack */ "ES ES SS ES FW TW CL CW LA ES ES",
        /*            rst */ "CL CL SS CL CL TW CL CL CL CL CL",
        /* INPUT_ONLY syn */ "SA ES ES SR SA SA SA SA SA SA SA",
        /*            fin */ "CL FW SS TW FW TW CL CW LA LI TW",
        /*            ack */ "ES ES SS ES FW TW CL CW CL LI ES",
        /*            rst */ "CL CL CL SR CL CL CL CL LA LI CL",
    };
    private static final String COLUMNS = "NO ES SS SR FW TW CL CW LA LI SA";
    /** By direction, low flags and state: one load says what is next. */
    private static final byte[] NEXT = table();
    private static final int ACTIVE = bit(ESTABLISHED) | bit(SYN_SENT) | bit(SYN_RECV) | bit(SYNACK);
    private static final int EXPECTS_SYN = bit(NONE) | bit(NEW) | bit(SYN_RECV) | bit(SYN_SENT) | bit(LISTEN);
    private static final int EXPECTS_DATA = bit(ESTABLISHED) | bit(FIN_WAIT) | bit(CLOSE_WAIT) | bit(LAST_ACK)
        | bit(SYNACK) | bit(UDP);

    private final String word;
    private final int timeoutSec;

    TcpState(final String word, final int timeoutSec) {
        this.word = word;
        this.timeoutSec = timeoutSec;
    }

    /** What ipvsadm prints. */
    public String word() {
        return word;
    }

    /** What ipvsadm prints for the state of this number. */
    public static String word(final int state) {
        return state < values().length ? values()[state].word : "?";
    }

    /** The kernel's time-outs for all states; UDP 300 s. */
    public static Timeouts defaults() {
        final int[] seconds = new int[values().length];
        for (final TcpState state : values()) {
            seconds[state.ordinal()] = state.timeoutSec;
        }
        return new Timeouts(seconds, UDP.timeoutSec);
    }

    /**
     * The state after a segment. Which row of the table: RST before SYN before FIN before ACK; a segment with none of
     * them closes the connection, as in the kernel.
     *
     * @param direction {@link #INPUT}, {@link #OUTPUT} or {@link #INPUT_ONLY}; {@link #SECURE} more under secure_tcp.
     * @param state     number of the state now.
     * @param tcpFlags  flags byte of the TCP header; anything for UDP, whose state stays.
     * @return number of the state from now on.
     */
    public static int next(final int direction, final int state, final int tcpFlags) {
        return NEXT[(direction << FLAG_BITS | tcpFlags & FLAGS_MASK) << STATE_BITS | state];
    }

    /** Whether connections in this state count as active (ipvsadm's ActiveConn); all others are inactive. */
    public static boolean isActive(final int state) {
        return (ACTIVE >>> state & 1) != 0;
    }

    /**
     * The time-out of a half-open state, of whose connections no more than the client's first packet was seen; they
     * give way when the table is full, the oldest first. 0 for all other states.
     */
    static int halfOpenTimeoutMs(final int state) {
        return state == SYN_RECV.ordinal() ? SYN_RECV.timeoutSec * MS_PER_SEC
            : state == NEW.ordinal() ? NEW.timeoutSec * MS_PER_SEC : 0;
    }

    /**
     * Whether a segment from the real server is what a connection in this state waits for; decides between connections
     * of one client port with one real server.
     */
    static boolean expectsReply(final int state, final int tcpFlags) {
        final int expecting = (tcpFlags & SYN_FLAG) != 0 ? EXPECTS_SYN
            : (tcpFlags & RST_FLAG) != 0 ? EXPECTS_SYN | EXPECTS_DATA : EXPECTS_DATA;
        return (expecting >>> state & 1) != 0;
    }

    private static int bit(final TcpState state) {
        return 1 << state.ordinal();
    }

    private static byte[] table() {
        final String[] columns = COLUMNS.split(" ");
        final byte[] next = new byte[DIRECTIONS << FLAG_BITS + STATE_BITS];
        for (int row = 0; row < next.length >> STATE_BITS; row++) {
            final int event = event(row & FLAGS_MASK);
            final String[] cells = event == NONE_OF_THEM ? null
                : ROWS[(row >> FLAG_BITS) * EVENTS + event].split(" ");
            for (int state = 0; state < columns.length; state++) {
                next[row << STATE_BITS | state] = (byte) (event == NONE_OF_THEM ? CLOSE.ordinal()
                    : Arrays.asList(columns).indexOf(cells[state]));
            }
            next[row << STATE_BITS | NEW.ordinal()] = next[row << STATE_BITS | NONE.ordinal()];
            next[row << STATE_BITS | UDP.ordinal()] = (byte) UDP.ordinal();
        }
        return next;
    }

    private static int event(final int tcpFlags) {
        if ((tcpFlags & RST_FLAG) != 0) {
            return RST;
        }
        if ((tcpFlags & SYN_FLAG) != 0) {
            return SYN;
        }
        if ((tcpFlags & FIN_FLAG) != 0) {
            return FIN;
        }
        return (tcpFlags & ACK_FLAG) != 0 ? ACK : NONE_OF_THEM;
    }
}
