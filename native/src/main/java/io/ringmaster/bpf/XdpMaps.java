package io.ringmaster.bpf;

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

    /** Frames to this MAC that come in by this interface are looked at; those to others stay with the kernel. */
    void addMac(int interfaceIndex, long mac48);

    /** Undoes {@link #addMac}. */
    void removeMac(int interfaceIndex, long mac48);

    /**
     * Frames with these VLAN tags that come in by an interface are taken as ones of another, that stands for the VLAN.
     *
     * @param tags see io.ringmaster.packet.Vlan.
     */
    void addVlan(int interfaceIndex, int tags, int vlanInterfaceIndex);

    /** Takes packets to this address and port, to all ports if it is 0; after the workers know the service. */
    void addService(int protocol, long vipHigh, long vipLow, int vport);

    /** Undoes {@link #addService}; before the workers forget the service. */
    void removeService(int protocol, long vipHigh, long vipLow, int vport);

    /** Takes packets from this address and port, from all if it is 0: those of a masqueraded real server. */
    void addReply(int protocol, long ripHigh, long ripLow, int rport);

    /** Undoes {@link #addReply}. */
    void removeReply(int protocol, long ripHigh, long ripLow, int rport);

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
