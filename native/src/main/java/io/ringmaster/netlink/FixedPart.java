package io.ringmaster.netlink;

/** Check that all rtnetlink messages share before their fields are read. */
final class FixedPart {
    static final int BOTH = 0;

    private FixedPart() {
    }

    /**
     * Where the attributes start.
     *
     * @throws MalformedMessageException if the message ends within its fixed part.
     */
    static long attributes(final String kind, final long from, final long end, final int fixedBytes) {
        if (end - from < fixedBytes) {
            throw new MalformedMessageException("A netlink message about a " + kind + " has " + (end - from)
                + " bytes behind its header, not " + fixedBytes + ".");
        }
        return from + fixedBytes;
    }

    /** Whether a message's family is the one wanted; with {@link #BOTH}, whether it is one of the two of IP. */
    static boolean isOf(final int wanted, final byte family) {
        return wanted == BOTH ? family == Attributes.IPV4 || family == Attributes.IPV6 : family == wanted;
    }
}
