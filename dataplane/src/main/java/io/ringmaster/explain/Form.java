package io.ringmaster.explain;

/**
 * What kind of packet is asked about: one of the connection itself, in one piece or in fragments, or an ICMP error
 * about such a one. Immutable.
 *
 * @param part        what comes of it.
 * @param mayFragment whether an IPv4 packet lacks the bit that forbids routers to fragment it; fragments lack it.
 * @param error       that the packet is reported by; null for none. Its {@link Question} is that of a packet which
 *                    goes the error's way: the one that it quotes went from {@link Question#to} to
 *                    {@link Question#from}.
 */
public record Form(Part part, boolean mayFragment, Error error) {
    /** An ordinary packet. */
    public static final Form WHOLE = new Form(Part.WHOLE, false, null);

    /** What comes of a datagram. */
    public enum Part {
        /** All of it in one packet. */
        WHOLE,
        /** Its first fragment, which has the ports, and no other. */
        FIRST,
        /** Its last fragment, and no other. */
        LATER,
        /** All of its fragments, one after the other. */
        ALL
    }

    /**
     * An ICMP or ICMPv6 error.
     *
     * @param type     of the family's errors.
     * @param code     likewise.
     * @param mtuBytes that the sender names; 0 where the error has none.
     */
    public record Error(int type, int code, int mtuBytes) {
    }

    /** Whether it comes in fragments, or some come. */
    public boolean cut() {
        return part != Part.WHOLE;
    }

    /** Whether not all of its fragments come. */
    public boolean incomplete() {
        return part == Part.FIRST || part == Part.LATER;
    }
}
