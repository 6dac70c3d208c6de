package io.ringmaster.bpf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the XDP program of a director knows, as the control thread tells it: by these sets it decides which frames leave
 * the kernel's path. Owned by the control thread.
 * <p>
 * Entries are sets: adding what is there and removing what is not are no errors, and nothing is counted. Addresses are
 * two longs, IPv4 as ::ffff:a.b.c.d; a MAC is the lower 48 bits of a long, its first byte on the wire the highest.
 */
public interface XdpMaps {
    /**
     * In place of a protocol, with port 0: fragments of TCP and UDP to a service's address, or from a real server's.
     * Only the first of a datagram has ports.
     */
    int FRAGMENTS = 0;

    /**
     * In place of a protocol, with port 0: data connections of FTP, to a service's address or from a real server's, of
     * the ports that {@link #dataPorts} counts.
     */
    int DATA_EXPECTED = 254;
    /** In place of a protocol, with port 0: the same, of all ports that such connections may have. */
    int DATA_LASTING = 253;
    /** Bytes of {@link #dataPorts}: a long for each port. */
    long DATA_PORTS_BYTES = (1 << 16) * (long) Long.BYTES;

    /**
     * Memory that the program reads: how many data connections there are by each of their ports, a long in this
     * machine's byte order for each; that of port 0, which is written here, is 0 as long as no address has
     * {@link #DATA_EXPECTED}. Any thread may write the others, as long as the program is there.
     */
    MemorySegment dataPorts();

    /** Frames to this MAC that come in by this interface are looked at; those to others stay with the kernel. */
    void addMac(int interfaceIndex, long mac48);

    /** Undoes {@link #addMac}. */
    void removeMac(int interfaceIndex, long mac48);

    /** Takes packets to this address and port, to all ports if it is 0; after the workers know the service. */
    void addService(int protocol, long vipHigh, long vipLow, int vport);

    /** Undoes {@link #addService}; before the workers forget the service. */
    void removeService(int protocol, long vipHigh, long vipLow, int vport);

    /** Takes packets from this address and port, from all if it is 0: those of a masqueraded real server. */
    void addReply(int protocol, long ripHigh, long ripLow, int rport);

    /** Undoes {@link #addReply}. */
    void removeReply(int protocol, long ripHigh, long ripLow, int rport);

    /** Takes fragments: those from a real server's address, or those to a service's. */
    default void addFragments(final boolean ofReplies, final long high, final long low) {
        add(ofReplies, FRAGMENTS, high, low);
    }

    /** Undoes {@link #addFragments}. */
    default void removeFragments(final boolean ofReplies, final long high, final long low) {
        remove(ofReplies, FRAGMENTS, high, low);
    }

    /** Takes packets of data connections: those from a real server's address, or those to a service's. */
    default void addData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        add(ofReplies, lasting ? DATA_LASTING : DATA_EXPECTED, high, low);
        countData(lasting ? 0 : 1);
    }

    /** Undoes {@link #addData}. */
    default void removeData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        countData(lasting ? 0 : -1);
        remove(ofReplies, lasting ? DATA_LASTING : DATA_EXPECTED, high, low);
    }

    private void countData(final int change) {
        dataPorts().set(ValueLayout.JAVA_LONG, 0, dataPorts().get(ValueLayout.JAVA_LONG, 0) + change);
    }

    private void add(final boolean ofReplies, final int what, final long high, final long low) {
        if (ofReplies) {
            addReply(what, high, low, 0);
        } else {
            addService(what, high, low, 0);
        }
    }

    private void remove(final boolean ofReplies, final int what, final long high, final long low) {
        if (ofReplies) {
            removeReply(what, high, low, 0);
        } else {
            removeService(what, high, low, 0);
        }
    }

    /** Packets to this address, an own one that is no VIP, are never taken as replies. */
    void addLocalAddress(long high, long low);

    /** Undoes {@link #addLocalAddress}. */
    void removeLocalAddress(long high, long low);

    /** Takes ICMP errors about tunnel packets to this real server. */
    void addTunnelServer(long ripHigh, long ripLow);

    /** Undoes {@link #addTunnelServer}. */
    void removeTunnelServer(long ripHigh, long ripLow);

    /** Takes packets of a firewall mark, and ICMP errors about replies to them; at most {@link MarkFilter#MOST}. */
    void addMark(MarkFilter filter);

    /** Undoes {@link #addMark}. */
    void removeMark(MarkFilter filter);
}
