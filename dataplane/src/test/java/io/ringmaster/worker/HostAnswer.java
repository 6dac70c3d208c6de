package io.ringmaster.worker;

import java.util.Arrays;

/**
 * Tells what a Linux host does by itself with a packet from what IPVS does: the former is the kernel's in our director,
 * too, once the packet was left with it or given back.
 */
final class HostAnswer {
    private static final int IP = Frames.IP;
    private static final int TTL = 64;

    private HostAnswer() {
    }

    /** Whether a host without IPVS would send this frame because of that packet. */
    static boolean isOne(final byte[] in, final byte[] out) {
        if (Frames.u16(out, 12) == 0x0806) {
            return true;
        }
        return reset(in, out) || icmp(in, out) || forwarded(in, out);
    }

    private static boolean swapped(final byte[] in, final byte[] out) {
        return Arrays.equals(in, IP + 12, IP + 16, out, IP + 16, IP + 20)
            && Arrays.equals(in, IP + 16, IP + 20, out, IP + 12, IP + 16);
    }

    private static boolean reset(final byte[] in, final byte[] out) {
        return in[IP + 9] == 6 && out[IP + 9] == 6 && swapped(in, out) && out[IP + 8] == TTL
            && (out[IP + 20 + 13] & Frames.RST) != 0;
    }

    /** An echo reply, or an error that the host makes with its own address. */
    private static boolean icmp(final byte[] in, final byte[] out) {
        return out[IP + 9] == 1 && out[IP + 8] == TTL && Arrays.equals(in, IP + 12, IP + 16, out, IP + 16, IP + 20);
    }

    /** The same packet one hop on, addresses and contents untouched. */
    private static boolean forwarded(final byte[] in, final byte[] out) {
        final int l4 = IP + (in[IP] & 0xf) * 4;
        final int end = IP + Frames.u16(in, IP + 2);
        return out.length >= end && (in[IP + 8] & 0xff) == (out[IP + 8] & 0xff) + 1
            && Arrays.equals(in, IP + 12, IP + 20, out, IP + 12, IP + 20)
            && Arrays.equals(in, l4, end, out, l4, end);
    }
}
