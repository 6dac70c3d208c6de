package io.ringmaster.transmit;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The ways back to clients: which interface and MAC address the packets of masqueraded connections came from, each
 * under a number that fits a connection entry. Shared by all workers, without a lock: a place is empty until one CAS
 * fills it, and never changes after, so a number that was read from a connection names the same way for ever.
 * <pre>
 *   place (64 bits):  | 1: used | 15: port | 48: MAC, first byte on the wire highest |
 * </pre>
 * There are at most 1,023: one for each router and each client on the link that was ever seen since the start.
 */
public final class ClientHops {
    /** Not a number of any way: the table is full. */
    public static final int NONE = 0;
    private static final int PLACES = 1 << 10;
    private static final long USED = 1L << 63;
    private static final int PORT_SHIFT = 48;
    private static final int PORT_MASK = 0x7fff;
    private static final long MAC_MASK = (1L << 48) - 1;

    private final AtomicLongArray places = new AtomicLongArray(PLACES);

    /**
     * The number of a way, taken now if it is new. Any worker.
     *
     * @param port number of the interface or VLAN, 0 to 32,767.
     * @param mac  48 bits.
     * @return 1 to 1,023, or {@link #NONE}.
     */
    public int numberOf(final int port, final long mac) {
        final long word = word(port, mac);
        int place = (int) ((word * 0x9E3779B97F4A7C15L) >>> 54);
        for (int i = 0; i < PLACES; i++, place = place + 1 & PLACES - 1) {
            if (place == NONE) {
                continue;
            }
            final long seen = places.getAcquire(place);
            // A lost race shows the winner's word: it may be just this one.
            if (seen == word || seen == 0 && (places.compareAndSet(place, 0, word) || places.get(place) == word)) {
                return place;
            }
        }
        return NONE;
    }

    /** Whether a number already names this way; the common case of {@link #numberOf}, without a search. */
    public boolean names(final int number, final int port, final long mac) {
        return places.getAcquire(number) == word(port, mac);
    }

    /** The interface of a way. */
    public int port(final int number) {
        return (int) (places.getAcquire(number) >>> PORT_SHIFT) & PORT_MASK;
    }

    /** The MAC address of a way. */
    public long mac(final int number) {
        return places.getAcquire(number) & MAC_MASK;
    }

    /** The same ways under the same numbers, for one who may add some that nobody else is to see. */
    public ClientHops copy() {
        final ClientHops copy = new ClientHops();
        for (int i = 0; i < PLACES; i++) {
            copy.places.setPlain(i, places.getAcquire(i));
        }
        return copy;
    }

    private static long word(final int port, final long mac) {
        return USED | (long) port << PORT_SHIFT | mac;
    }
}
