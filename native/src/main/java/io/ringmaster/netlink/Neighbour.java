package io.ringmaster.netlink;

import java.net.InetAddress;

/**
 * An entry of the kernel's ARP or neighbour discovery table.
 *
 * @param interfaceIndex number of the interface it is seen by.
 * @param address        its IP address.
 * @param mac            48 bits, first byte on the wire highest; 0 unknown.
 * @param state          one or more of the constants here (linux/neighbour.h, NUD_*).
 */
public record Neighbour(int interfaceIndex, InetAddress address, long mac, int state) {
    /** Asked for, not yet answered. */
    public static final int INCOMPLETE = 0x01;
    /** Confirmed lately. */
    public static final int REACHABLE = 0x02;
    /** Known, not confirmed lately. */
    public static final int STALE = 0x04;
    /** Known, used since, about to be asked again. */
    public static final int DELAY = 0x08;
    /** Known, being asked again. */
    public static final int PROBE = 0x10;
    /** Did not answer. */
    public static final int FAILED = 0x20;
    /** Needs no resolution on this kind of link. */
    public static final int NOARP = 0x40;
    /** Set by an administrator. */
    public static final int PERMANENT = 0x80;
    private static final int VALID = REACHABLE | STALE | DELAY | PROBE | NOARP | PERMANENT;

    /** Whether its MAC address can be put on a packet now; one being asked again still counts, as in the kernel. */
    public boolean usable() {
        return mac != 0 && (state & VALID) != 0;
    }
}
