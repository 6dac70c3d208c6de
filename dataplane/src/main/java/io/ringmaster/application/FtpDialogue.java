package io.ringmaster.application;

/**
 * What a client asked for last and whether it got its answer, as static functions on a long. In one word, since client
 * and real server may be heard by two workers.
 * <pre>
 *   63                              32 31                3     2      1         0
 *  +----------------------------------+-------------------+--------+---------------+
 *  |  sequence number of the answer   |         0         |answered|1 PASV, 2 EPSV |
 *  +----------------------------------+-------------------+--------+---------------+
 * </pre>
 * An answer that comes again, since it was lost on its way, is known by its sequence number.
 */
public final class FtpDialogue {
    /** Nothing that needs an answer. */
    public static final long NOTHING = 0;
    /** PASV. */
    public static final long PASSIVE = 1;
    /** EPSV. */
    public static final long EXTENDED_PASSIVE = 2;
    private static final long ANSWERED = 4;
    private static final long ASKED_MASK = 3;
    private static final int SEQUENCE_SHIFT = 32;

    private FtpDialogue() {
    }

    /** Whether a segment of the real server may be the answer: none came yet, or this is the one that did. */
    public static boolean waits(final long word, final int sequence) {
        return (word & ASKED_MASK) != 0 && (!answered(word) || (int) (word >>> SEQUENCE_SHIFT) == sequence);
    }

    /** Whether the answer came. */
    public static boolean answered(final long word) {
        return (word & ANSWERED) != 0;
    }

    /** Whether the client asked by EPSV. */
    public static boolean extended(final long word) {
        return (word & ASKED_MASK) == EXTENDED_PASSIVE;
    }

    /** The word once the answer came. */
    public static long withAnswer(final long word, final int sequence) {
        return (long) sequence << SEQUENCE_SHIFT | ANSWERED | word & ASKED_MASK;
    }
}
