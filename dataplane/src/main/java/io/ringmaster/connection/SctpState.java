package io.ringmaster.connection;

import java.util.Arrays;

/**
 * States of SCTP connections, with the transitions of kernel IPVS (net/netfilter/ipvs/ip_vs_proto_sctp.c), as seen from
 * the real server.
 * <p>
 * An entry has four bits for its state and does not tell its protocol. So the numbers are those of TCP states that are
 * treated the same: ESTABLISHED, the only active one, is ESTABLISHED; INIT1, of which only the client's first packet
 * was seen, is NEW, and gives way where room is short; all others are such as are inactive.
 */
public enum SctpState {
    INIT(0, "INIT", 61),
    ESTABLISHED(1, "ESTABLISHED", 900),
    COOKIE_SENT(4, "C-SENT", 61),
    COOKIE_REPLIED(5, "C-REPLIED", 61),
    CLOSED(6, "CLOSED", 61),
    COOKIE_WAIT(7, "C-WAIT", 61),
    COOKIE(8, "COOKIE", 61),
    SHUTDOWN_SENT(9, "S-SENT", 61),
    COOKIE_ECHOED(11, "C-ECHOED", 61),
    INIT1(12, "INIT1", 4),
    SHUTDOWN_RECEIVED(13, "S-RECEIVED", 61),
    SHUTDOWN_ACK_SENT(14, "S-ACK-SENT", 61),
    REJECTED(15, "REJECTED", 4);

    /** Added to a number in what {@link TcpState#next} and {@link #first} answer: the state is one of these. */
    public static final int SCTP = 16;

    private static final int EVENTS = 10;
    // Columns: the state now; cells: the next one. Rows: data, init, init ack, cookie echo, cookie ack, shutdown, its
    // ack, its end, error, abort; of packets of the client, of the real server, of the client without answers.
    private static final String COLUMNS = "NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL";
    private static final String[] ROWS = {
        "ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "I1 IN IN CS CR CW CO CE ES SS SR SA IN IN",
        "CW CW CW CS CR CO CO CE ES SS SR SA RJ CL",
        "CR IN IN CR CR CW CO CE ES SS SR SA RJ CL",
        "ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL",
        "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
        "CL IN IN CS CR CW CO CE ES CL SR CL RJ CL",
        "CL CL CL CS CR CW CO CE ES SS SR CL RJ CL",
        "CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL",
        "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
        "ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "CW CW CW CW CW CW CW CW ES CW CW CW CW CW",
        "CS CS CS CS CR CW CO CE ES SS SR SA RJ CL",
        "CE CE CE CE CE CE CE CE ES SS SR SA RJ CL",
        "ES ES ES ES ES ES ES ES ES SS SR SA RJ CL",
        "SS SS SS SS SS SS SS SS SS SS SR SA RJ CL",
        "SA SA SA SA SA CW CO CE ES SA SA SA RJ CL",
        "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "CL CL CL CL CL CW CO CE ES SS SR SA RJ CL",
        "CL RJ CL CL CL CL CL CL CL CL CL CL CL CL",
        "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL",
        "I1 IN IN IN IN IN CO CE ES SS SR SA IN IN",
        "CE CE CE CE CE CE CO CE ES SS SR SA RJ CL",
        "ES ES ES ES ES ES CO CE ES SS SR SA RJ CL",
        "ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL",
        "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
        "CL IN IN CS CR CW CO CE CL CL SR CL RJ CL",
        "CL CL CL CL CL CW CO CE ES SS CL CL RJ CL",
        "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
    };
    /** In the order of the columns; before the first packet there is no state. */
    private static final SctpState[] BY_COLUMN = {null, INIT1, INIT, COOKIE_SENT, COOKIE_REPLIED, COOKIE_WAIT, COOKIE,
        COOKIE_ECHOED, ESTABLISHED, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT, REJECTED, CLOSED};
    private static final SctpState[] BY_NUMBER = byNumber();

    private final int number;
    private final String word;
    private final int timeoutSec;

    SctpState(final int number, final String word, final int timeoutSec) {
        this.number = number;
        this.word = word;
        this.timeoutSec = timeoutSec;
    }

    /** The number in entries, 0 to 15. */
    public int number() {
        return number;
    }

    int timeoutSec() {
        return timeoutSec;
    }

    /** Whether a number, 0 to 15, is a state's. */
    static boolean isNumber(final int number) {
        return BY_NUMBER[number] != null;
    }

    /** What ipvsadm prints for the state of this number. */
    public static String word(final int number) {
        return BY_NUMBER[number] == null ? "?" : BY_NUMBER[number].word;
    }

    /**
     * The state of a connection after the packet that makes it.
     *
     * @param direction {@link TcpState#INPUT} or {@link TcpState#INPUT_ONLY}.
     * @param event     0 to 9, see {@link io.ringmaster.packet.Sctp}.
     * @return its number and {@link #SCTP}.
     */
    public static int first(final int direction, final int event) {
        return SCTP | cell(direction, event, 0).number;
    }

    /** The state after another packet; a number that no state has stays. */
    static int next(final int direction, final int event, final int number) {
        final SctpState state = BY_NUMBER[number];
        return SCTP | (event >= EVENTS || state == null ? number
            : cell(direction, event, Arrays.asList(BY_COLUMN).indexOf(state)).number);
    }

    private static SctpState cell(final int direction, final int event, final int column) {
        final String next = ROWS[direction * EVENTS + event].split(" ")[column];
        return BY_COLUMN[Arrays.asList(COLUMNS.split(" ")).indexOf(next)];
    }

    private static SctpState[] byNumber() {
        final SctpState[] states = new SctpState[SCTP];
        for (final SctpState state : values()) {
            states[state.number] = state;
        }
        return states;
    }
}
