package io.ringmaster.connection;

import io.ringmaster.packet.Ipv4;

/**
 * The value word of a connection entry, as static functions on a long.
 * <pre>
 *    63   62  61 60  56 55  52 51       42 41         26 25 24 23        8 7    4 3  2 1   0
 *  +-----+------+------+------+-----------+-------------+-----+-----------+------+----+-----+
 *  |child|method|flags |in-   | next hop  | real server |scale| deadline  |state |mark|phase|
 *  |     |      |      |packet|           |             |     |           |      |    |     |
 *  +-----+------+------+------+-----------+-------------+-----+-----------+------+----+-----+
 *     1     2      5      4        10           16         2       16        4      2    2
 *
 *  flags: 56 template, 57 controlled, 58 output seen, 59 side table, 60 of a call
 * </pre>
 * Templates use some fields otherwise: {@link TemplateValue}.
 * <p>
 * Phase and mark belong to the table: the functions here keep them as they are. In phase DYING the bits from 4 on are
 * the cycle in which the key was cleared (see {@link ConnectionTable}).
 * <p>
 * The deadline counts units of its scale on the director's monotonic clock and wraps: 1/8 s (to 68 minutes ahead), 2 s
 * (18 hours), 128 s (48 days). A connection never ends before its time-out, and at most one unit after it. Past its
 * deadline an entry is known as such for half the wrap of its scale, 68 minutes and more: the sweep comes by then.
 */
public final class ConnectionValue {
    /** Flag: a persistence template, no connection. */
    public static final long TEMPLATE = 1L << 56;
    /**
     * Flag: made by a control connection, which counts it (FTP data connections). One with client port 0 in its key
     * matches whatever the client's port.
     */
    public static final long CONTROLLED = 1L << 57;
    /** Flag: packets of the real server pass the director; without it TCP follows {@link TcpState#INPUT_ONLY}. */
    public static final long OUTPUT_SEEN = 1L << 58;
    /** Flag: there is more about this connection in a side table. */
    public static final long SIDE_TABLE = 1L << 59;
    /** Flag: a template known by a call, or a connection made by such a one (see io.ringmaster.sip.Calls). */
    public static final long CALL = 1L << 60;
    /** Flag: made by a template, which counts it. */
    public static final long CHILD = 1L << 63;
    /** Number of no real server: what a connection has that goes on to where its client sent it. */
    public static final int NO_SERVER = 0;
    /** Largest next-hop number. */
    public static final int MAX_NEXT_HOP = 0x3ff;
    /** Where counting of packets stops. */
    public static final int MAX_PACKETS = 15;
    /** Longest time-out in seconds: 31 days, as ipvsadm allows. */
    public static final int MAX_TIMEOUT_SEC = 2_678_400;

    static final long PHASE_MASK = 3;
    static final long FREE = 0;
    static final long PENDING = 1;
    static final long LIVE = 2;
    static final long DYING = 3;
    static final long MARK_MASK = 3 << 2;
    static final long MARK_CLEAR = 0;
    static final long MARK_SET = 1 << 2;
    static final long MARK_CLEARING = 2 << 2;
    static final int CYCLE_SHIFT = 4;

    private static final int STATE_SHIFT = 4;
    private static final int DEADLINE_SHIFT = 8;
    static final int SCALE_SHIFT = 24;
    private static final int SERVER_SHIFT = 26;
    private static final int HOP_SHIFT = 42;
    private static final int PACKETS_SHIFT = 52;
    private static final int METHOD_SHIFT = 61;
    private static final long METHOD_MASK = 3L << METHOD_SHIFT;
    private static final long STATE_MASK = 0xfL << STATE_SHIFT;
    private static final long TIME_MASK = 0x3ffffL << DEADLINE_SHIFT;
    private static final long SERVER_MASK = 0xffffL << SERVER_SHIFT;
    private static final long HOP_MASK = (long) MAX_NEXT_HOP << HOP_SHIFT;
    private static final long PACKETS_MASK = (long) MAX_PACKETS << PACKETS_SHIFT;
    private static final long FLAGS_MASK = TEMPLATE | CONTROLLED | OUTPUT_SEEN | SIDE_TABLE | CALL
        | CHILD;
    private static final int U16 = 0xffff;

    // Milliseconds of one unit by scale; scale 3 is spare and never written.
    static final int FINE_MS = 125;
    static final int MIDDLE_MS = 2_000;
    static final int COARSE_MS = 128_000;
    private static final long MS_PER_SEC = 1_000;
    // Each a little below half the wrap, so that an entry that is past its deadline is known as such for long enough.
    private static final int FINE_LIMIT_SEC = 4_000;
    private static final int MIDDLE_LIMIT_SEC = 64_000;

    private ConnectionValue() {
    }

    /**
     * The value of a new connection, to be given to {@link WorkerTable#insert}.
     *
     * @param state      number of a {@link TcpState}.
     * @param realServer 1 to 65,535.
     * @param nextHop    0 to {@link #MAX_NEXT_HOP}.
     * @param flags      {@link #TEMPLATE} and the like, or-ed; 0 for none.
     * @param timeoutSec 0 to {@link #MAX_TIMEOUT_SEC}; 3 before the first transition ({@link TcpState#NEW}).
     * @param nowMs      the director's monotonic clock, not negative.
     */
    public static long of(final int state, final int realServer, final int nextHop, final long flags,
                          final int timeoutSec, final long nowMs) {
        assert (flags & ~FLAGS_MASK) == 0 && realServer >> 16 == 0 && nextHop >> 10 == 0 && state >> 4 == 0;
        final long value = flags | (long) nextHop << HOP_SHIFT | (long) realServer << SERVER_SHIFT
            | (long) state << STATE_SHIFT;
        return withDeadline(value, timeoutSec, nowMs);
    }

    /** Whether this is the value of a connection or template that is in the table. */
    public static boolean isLive(final long value) {
        return (value & PHASE_MASK) == LIVE;
    }

    /** Number of the {@link TcpState}. */
    public static int state(final long value) {
        return (int) (value >>> STATE_SHIFT) & 0xf;
    }

    /** Whether two values have the same state. */
    public static boolean sameState(final long value, final long other) {
        return ((value ^ other) & STATE_MASK) == 0;
    }

    /** The same value in another state. */
    public static long withState(final long value, final int state) {
        return value & ~STATE_MASK | (long) state << STATE_SHIFT;
    }

    /** Number of the real server. */
    public static int realServer(final long value) {
        return (int) (value >>> SERVER_SHIFT) & U16;
    }

    /** The same value with another real server. */
    public static long withRealServer(final long value, final int realServer) {
        return value & ~SERVER_MASK | (long) realServer << SERVER_SHIFT;
    }

    /** Number of the hop towards the client, 0 to {@link #MAX_NEXT_HOP}. */
    public static int nextHop(final long value) {
        return (int) (value >>> HOP_SHIFT) & MAX_NEXT_HOP;
    }

    /** The same value with another next hop. */
    public static long withNextHop(final long value, final int nextHop) {
        return value & ~HOP_MASK | (long) nextHop << HOP_SHIFT;
    }

    /** Number of the forwarding method that the connection was made with, 0 to 3. */
    public static int method(final long value) {
        return (int) (value >>> METHOD_SHIFT) & 3;
    }

    /** The same value with another forwarding method, 0 to 3. */
    public static long withMethod(final long value, final int method) {
        return value & ~METHOD_MASK | (long) method << METHOD_SHIFT;
    }

    /** Packets of the client so far, up to {@link #MAX_PACKETS}. */
    public static int packets(final long value) {
        return (int) (value >>> PACKETS_SHIFT) & MAX_PACKETS;
    }

    /** The same value with one packet more, unless counting has stopped. */
    public static long withPacketCounted(final long value) {
        return (value & PACKETS_MASK) == PACKETS_MASK ? value : value + (1L << PACKETS_SHIFT);
    }

    /** Whether this is a persistence template. */
    public static boolean isTemplate(final long value) {
        return (value & TEMPLATE) != 0;
    }

    /** Whether packets of the real server pass the director. */
    public static boolean outputSeen(final long value) {
        return (value & OUTPUT_SEEN) != 0;
    }

    /** Whether a template made it. */
    public static boolean isChild(final long value) {
        return (value & CHILD) != 0;
    }

    /** Whether there is more about it in the side table. */
    public static boolean hasSideTable(final long value) {
        return (value & SIDE_TABLE) != 0;
    }

    /** Whether a control connection made it. */
    public static boolean isControlled(final long value) {
        return (value & CONTROLLED) != 0;
    }

    /** Whether it is a template known by a call, or was made by one. */
    public static boolean isOfCall(final long value) {
        return (value & CALL) != 0;
    }

    /** What listings call its state, unless it is one of SCTP. */
    public static String word(final long value) {
        return word(value, 0);
    }

    /** What listings call its state; by the IP protocol number, since an entry does not tell it. */
    public static String word(final long value, final int protocol) {
        return isTemplate(value) ? TemplateValue.word(value)
            : protocol == Ipv4.PROTOCOL_SCTP ? wordOfSctp(value) : TcpState.word(state(value));
    }

    /** One that an ICMP error made has had no packet of its own yet, and so no state of SCTP. */
    private static String wordOfSctp(final long value) {
        return state(value) == SctpState.INIT1.number() && packets(value) == 0 ? TcpState.NEW.word()
            : SctpState.word(state(value));
    }

    /** The same value with a flag set. */
    public static long withFlag(final long value, final long flag) {
        return value | flag;
    }

    /**
     * The same value with its deadline a time-out from now.
     *
     * @param timeoutSec 0 to {@link #MAX_TIMEOUT_SEC}; the deadline is the end of the unit in which it is over: 1/8 s
     *                   up to 4,000 s, 2 s up to 64,000 s, 128 s beyond.
     * @param nowMs      the director's monotonic clock, not negative.
     */
    public static long withDeadline(final long value, final int timeoutSec, final long nowMs) {
        assert nowMs >= 0 && timeoutSec >= 0 && timeoutSec <= MAX_TIMEOUT_SEC : timeoutSec + " s at " + nowMs;
        final long time;
        if (timeoutSec <= FINE_LIMIT_SEC) {
            time = nowMs / FINE_MS + timeoutSec * 8L & U16;
        } else if (timeoutSec <= MIDDLE_LIMIT_SEC) {
            time = (nowMs + timeoutSec * MS_PER_SEC) / MIDDLE_MS & U16 | 1 << 16;
        } else {
            time = (nowMs + timeoutSec * MS_PER_SEC) / COARSE_MS & U16 | 2 << 16;
        }
        return value & ~TIME_MASK | time << DEADLINE_SHIFT;
    }

    /** A state and a deadline, and nothing else, for {@link #withTime}. */
    static long time(final int state, final int timeoutSec, final long nowMs) {
        return withDeadline((long) state << STATE_SHIFT, timeoutSec, nowMs);
    }

    /** The same value with another state and deadline. */
    static long withTime(final long value, final long time) {
        return value & ~(TIME_MASK | STATE_MASK) | time;
    }

    /** The same value with a deadline that has just passed: it ends at once. */
    public static long withDeadlinePassed(final long value, final long nowMs) {
        return value & ~TIME_MASK | (nowMs / FINE_MS - 1 & U16) << DEADLINE_SHIFT;
    }

    /**
     * Whether the deadline has passed, and no child keeps a template; look-ups treat such an entry as gone. What the
     * side table has more of is for the sweep to judge: children may keep it.
     */
    public static boolean isExpired(final long value, final long nowMs) {
        return remainingUnits(value, nowMs) < 0
            && (!isTemplate(value) ? !hasSideTable(value) : TemplateValue.children(value) == 0);
    }

    /** Whether it is past its deadline and the side table tells whether it stays. */
    static boolean isInQuestion(final long value, final long nowMs) {
        return hasSideTable(value) && !isTemplate(value) && remainingUnits(value, nowMs) < 0;
    }

    /** Milliseconds to the deadline in whole units of its scale, negative once it has passed. */
    public static long remainingMs(final long value, final long nowMs) {
        return remainingUnits(value, nowMs) * (long) unitMs(value);
    }

    private static int remainingUnits(final long value, final long nowMs) {
        final int scale = (int) (value >>> SCALE_SHIFT) & 3;
        // Divisions by constants, which the JIT turns into multiplications.
        final long now = scale == 0 ? nowMs / FINE_MS : scale == 1 ? nowMs / MIDDLE_MS : nowMs / COARSE_MS;
        return (short) ((int) (value >>> DEADLINE_SHIFT) - (int) now);
    }

    private static int unitMs(final long value) {
        final int scale = (int) (value >>> SCALE_SHIFT) & 3;
        return scale == 0 ? FINE_MS : scale == 1 ? MIDDLE_MS : COARSE_MS;
    }
}
