package io.ringmaster.connection;

/**
 * What others know of the numbers and counts that a {@link TableChecker} finds in entries. Asked on the checker's
 * thread only.
 */
public interface TableFacts {
    /** Answer where nobody has a number. */
    int UNKNOWN = -1;
    /** Answer where nobody counts. */
    long NOT_COUNTED = Long.MIN_VALUE;

    /** What is counted of a real server. */
    enum Count {
        /** Active connections now. */
        ACTIVE,
        /** Inactive connections now. */
        INACTIVE,
        /** Templates now. */
        PERSISTENT,
        /** Connections ever made. */
        MADE
    }

    /** IP protocol number of the virtual service that has an endpoint number, or {@link #UNKNOWN}. */
    int protocol(int endpoint);

    /** Whether a number is a real server's, a removed one's that still has connections included. */
    boolean knows(int realServer);

    /** Whether a real server is, or was, one of the virtual service with an endpoint number. */
    boolean belongs(int realServer, int endpoint);

    /** The netmask of a virtual service's templates, 32 bits in network order; all bits where nobody has the number. */
    int templateMask(int endpoint);

    /**
     * Whether all connections that templates made can still be with the template that made them: the real server was
     * never removed, and the service's netmask never changed.
     */
    boolean keptTemplates(int realServer);

    /** A count as it is now, or {@link #NOT_COUNTED}: all of a real server or none. */
    long counted(int realServer, Count count);

    /** What people call a real server: its address and that of its service. */
    String name(int realServer);
}
