package io.ringmaster.connection;

/**
 * The value word of a persistence template, as static functions on a long: that of {@link ConnectionValue} with other
 * uses for the fields that a template has no need of.
 * <pre>
 *    63  62 61 60 ... 56 55              42 41 ... 8 7       5    4      3 ... 0
 *  +----+-----+---------+------------------+--------+---------+---------+-------+
 *  |flag|time |  flags  | children, low 14 |        | high 3  | assured |       |
 *  +----+-----+---------+------------------+--------+---------+---------+-------+
 * </pre>
 * The time is the number of the time-out that it was made with and keeps, among those that its service has had; it lies
 * where connections have their forwarding method.
 * <p>
 * Children are the living connections that were made by the template. While it has some it does not end: its deadline
 * is set 60 s ahead each time that it passes (ip_vs_conn.c, ip_vs_conn_expire). A count that reached
 * {@link #MAX_CHILDREN} stays there, so that such a template stays until a client of it finds its real server removed.
 */
public final class TemplateValue {
    /** Where counting of children stops. */
    public static final int MAX_CHILDREN = (1 << 17) - 1;
    private static final int REARM_SEC = 60;
    /** A pass of the sweep, but for the largest tables, and a half. */
    private static final int CHILDREN_FIRST_MS = 1_500;
    private static final int MS_PER_SEC = 1000;
    private static final int LOW_SHIFT = 42;
    private static final int LOW_BITS = 14;
    private static final int HIGH_SHIFT = 5;
    private static final long LOW_MASK = (1L << LOW_BITS) - 1;
    private static final long HIGH_MASK = 7;
    private static final long CHILDREN_MASK = LOW_MASK << LOW_SHIFT | HIGH_MASK << HIGH_SHIFT;
    private static final long ASSURED = 1L << 4;

    private TemplateValue() {
    }

    /** A new template without children, which is not assured; see {@link ConnectionValue#of}. */
    public static long of(final int realServer, final int timeoutSec, final long nowMs) {
        return ConnectionValue.of(0, realServer, 0, ConnectionValue.TEMPLATE, timeoutSec, nowMs);
    }

    /** The same template with the number of its time-out, 0 to 3. */
    public static long withTime(final long template, final int number) {
        return ConnectionValue.withMethod(template, number);
    }

    /** The number of its time-out among those of its service. */
    public static int time(final long template) {
        return ConnectionValue.method(template);
    }

    /** Connections made by it that have not ended, up to {@link #MAX_CHILDREN}. */
    public static int children(final long template) {
        return (int) (template >>> LOW_SHIFT & LOW_MASK | (template >>> HIGH_SHIFT & HIGH_MASK) << LOW_BITS);
    }

    /** The same template with one child more. */
    public static long withChild(final long template) {
        final int children = children(template);
        return children == MAX_CHILDREN ? template : withChildren(template, children + 1);
    }

    /** The same template with one child less, if it has any and they are counted. */
    public static long withoutChild(final long template) {
        final int children = children(template);
        return children == 0 || children == MAX_CHILDREN ? template : withChildren(template, children - 1);
    }

    /** The same template with so many children more, or fewer if that is negative. */
    public static long withChildrenAdded(final long template, final int more) {
        final int children = children(template);
        return children == MAX_CHILDREN ? template
            : withChildren(template, Math.clamp(children + (long) more, 0, MAX_CHILDREN));
    }

    private static long withChildren(final long template, final long children) {
        return template & ~CHILDREN_MASK | (children & LOW_MASK) << LOW_SHIFT | children >> LOW_BITS << HIGH_SHIFT;
    }

    /**
     * The client port in the key of a template that is of no use any more, since its real server is not to have new
     * connections: another for each real server. Those that are of use have port 0.
     */
    public static int unusedPort(final long template) {
        return ConnectionValue.realServer(template);
    }

    /** The same template, of which a connection was established. */
    public static long withAssured(final long template) {
        return template | ASSURED;
    }

    /** The state of listings: ASSURED or NONE. */
    public static String word(final long template) {
        return (template & ASSURED) != 0 ? "ASSURED" : "NONE";
    }

    /** Whether nobody misses it in a full table: it has no child and never had one that was established. */
    static boolean isDispensable(final long template) {
        return (template & ASSURED) == 0 && children(template) == 0;
    }

    /**
     * Whether its deadline has passed, so long ago that children of the same deadline have been ended (the kernel ends
     * these first: UDP connections of 300 s of a template of 300 s), and it stays for its children.
     */
    static boolean toBeRearmed(final long template, final long nowMs) {
        return isLate(template, nowMs) && ConnectionValue.remainingMs(template, nowMs) < -CHILDREN_FIRST_MS;
    }

    private static boolean isLate(final long template, final long nowMs) {
        return ConnectionValue.isTemplate(template) && children(template) > 0
            && ConnectionValue.remainingMs(template, nowMs) < 0;
    }

    /** What is left of a template's time, as listings tell: none is late. Of a connection, too. */
    static long listedMs(final long value, final long nowMs) {
        return ConnectionValue.remainingMs(isLate(value, nowMs) ? rearmed(value, nowMs) : value, nowMs);
    }

    /** The same template with its deadline moved on by whole minutes into the future. */
    static long rearmed(final long template, final long nowMs) {
        final long lateSec = -ConnectionValue.remainingMs(template, nowMs) / MS_PER_SEC;
        return ConnectionValue.withDeadline(template, REARM_SEC - (int) (lateSec % REARM_SEC), nowMs);
    }
}
