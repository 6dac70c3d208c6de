package io.ringmaster.transmit;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;

/** Whether a packet fits through its next hop, and what follows if it does not. */
public final class Mtu {
    /** Smallest MTU of an IPv4 link (RFC 791 §3.2): the kernel tunnels nothing into less. */
    public static final int MINIMUM_BYTES = 68;

    /** What becomes of a packet. */
    public enum Fit {
        /** It goes as it is. */
        FITS,
        /** Too big, and its sender forbade fragmenting: it is owed a "fragmentation needed" with the MTU. */
        FRAGMENTATION_NEEDED,
        /** Too big, and would have to be fragmented. */
        WOULD_FRAGMENT
    }

    private Mtu() {
    }

    /** Whether the IP packet is longer than the MTU. */
    public static boolean exceeds(final Packet packet, final int mtuBytes) {
        return packet.networkLengthBytes() > mtuBytes;
    }

    /**
     * Whether the packet is too big for a way and must not be split for it. What came in fragments over IPv6 may leave
     * in such: its largest one must fit (ip_vs_xmit.c, __mtu_check_toobig_v6).
     */
    public static boolean forbids(final Packet packet, final int mtuBytes) {
        return packet.version() == 6 && packet.largestFragmentBytes() != 0
            ? packet.largestFragmentBytes() > mtuBytes : exceeds(packet, mtuBytes) && packet.dontFragment();
    }

    /** What becomes of the packet at a hop of that MTU; for a packet to be tunneled give {@link #insideTunnel}. */
    public static Fit check(final Packet packet, final int mtuBytes) {
        if (!exceeds(packet, mtuBytes)) {
            return Fit.FITS;
        }
        return packet.dontFragment() ? Fit.FRAGMENTATION_NEEDED : Fit.WOULD_FRAGMENT;
    }

    /** Largest packet that fits into the tunnel to a real server over a way of that MTU. */
    public static int insideTunnel(final int mtuBytes, final RealServerView server) {
        return mtuBytes - server.tunnelOverheadBytes();
    }
}
