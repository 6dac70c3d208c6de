package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Listed;
import java.util.Arrays;
import java.util.List;

/**
 * The kernel's evident bugs: where a recording shows one, we do what was meant. This is the whole list; each entry
 * knows by itself what it is about and what was meant, so that it excuses the same in any recording, and nothing else.
 */
enum KernelBug {
    /** The route that it looks at was found before it took the new MTU over. */
    STALE_MTU("the first frag needed that is relayed from inside a tunnel carries the MTU of before; ours has the new "
        + "one at once") {
        @Override
        boolean frames(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
            final HostPacket router = HostPacket.read(in);
            if (!one(kernel, ours) || router == null || !router.icmp(3, 4)) {
                return false;
            }
            final HostPacket theirs = HostPacket.read(kernel.getFirst());
            final HostPacket own = HostPacket.read(ours.getFirst());
            if (theirs == null || own == null || !theirs.icmp(3, 4) || !own.icmp(3, 4)) {
                return false;
            }
            final int overhead = mtu(router) - mtu(own);
            final byte[] meant = own.frame().clone();
            copy(theirs, meant, 2, 2);
            copy(theirs, meant, 6, 2);
            copyIp(theirs, meant);
            return mtu(theirs) > mtu(own) && overhead >= 20 && overhead <= 80 && own.messageHolds()
                && Arrays.equals(meant, theirs.frame());
        }
    },

    /** The packet re-made the cached route without "known nexthop" set. */
    ARP_FOR_VIP("after a change from -m to -g it asks for the VIP by ARP or ND instead of sending to the real server") {
        @Override
        boolean frames(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
            final HostPacket asked = HostPacket.read(in);
            return one(kernel, ours) && asked != null && story.methodChanged()
                && story.host().asksForOwn(kernel.getFirst()) && HostPacket.read(ours.getFirst()) != null
                && asked.oneHopOn(HostPacket.read(ours.getFirst()));
        }
    },

    /** The connection is there, but nothing leads to it any more. */
    UNTRANSLATED("after a service was deleted the replies of its connections leave from the real server's address; "
        + "ours leave from the VIP") {
        @Override
        boolean frames(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
            final HostPacket reply = HostPacket.read(in);
            if (!one(kernel, ours) || reply == null || !story.serviceDeleted()) {
                return false;
            }
            final HostPacket theirs = HostPacket.read(kernel.getFirst());
            final HostPacket own = HostPacket.read(ours.getFirst());
            return theirs != null && own != null && reply.oneHopOn(theirs) && own.hops() == theirs.hops()
                && Arrays.equals(own.to(), theirs.to()) && own.mac() == theirs.mac()
                && story.host().owns(own.from()) && own.headerHolds() && own.sumHolds() == reply.sumHolds();
        }
    },

    /** It verifies the checksum without the pseudo header. */
    ICMP6_DROPPED("an ICMPv6 error of the real server's side about a masqueraded connection is dropped; ours is passed "
        + "on to the client") {
        @Override
        boolean frames(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
            final HostPacket error = HostPacket.read(in);
            final HostPacket own = ours.size() == 1 ? HostPacket.read(ours.getFirst()) : null;
            return kernel.isEmpty() && own != null && error != null && error.protocol() == 58 && error.type() >= 1
                && error.type() <= 4 && error.sumHolds() && own.protocol() == 58 && own.type() == error.type()
                && own.sumHolds() && Arrays.equals(own.to(), error.to()) && own.hops() == error.hops() - 1
                && story.host().owns(own.from());
        }
    },

    /** Nobody listens for errors about the tunnel packets that it makes itself. */
    BLACK_HOLE("an ICMPv6 packet too big about a tunnel packet of its own is dropped, and it goes on sending such; "
        + "ours tells the client what fits, at once and of each that does not") {
        @Override
        boolean frames(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
            final HostPacket cause = HostPacket.read(in);
            final HostPacket own = ours.size() == 1 ? HostPacket.read(ours.getFirst()) : null;
            if (cause == null || own == null || own.protocol() != 58 || !own.icmp(2, 0) || !own.sumHolds()
                || own.hops() != 64 || !story.host().owns(own.from())) {
                return false;
            }
            // What is quoted: the packet inside the one that the error is about, or the packet itself, one hop on.
            final boolean error = cause.quotesIpv6Tunnel() && cause.sumHolds();
            final int quoted = error ? cause.transport() + OUTER_QUOTE : FrameFields.ETHERNET;
            final byte[] meant = Arrays.copyOfRange(in, quoted, Math.min(cause.end(), quoted + LONGEST_QUOTE));
            meant[7] -= (byte) (error ? 0 : 1);
            return kernel.isEmpty() == error && story.tunnelMtuBytes() > 0
                && mtu(own) == Math.max(1280, story.tunnelMtuBytes() - 40) && (error || wraps(kernel, cause))
                && Arrays.equals(meant, Arrays.copyOfRange(own.frame(), own.transport() + 8, own.end()))
                && Arrays.equals(meant, 8, 24, own.to(), 0, 16) && Arrays.equals(meant, 24, 40, own.from(), 0, 16);
        }

        private boolean wraps(final List<byte[]> kernel, final HostPacket inner) {
            final HostPacket outer = kernel.size() == 1 ? HostPacket.read(kernel.getFirst()) : null;
            return outer != null && outer.from().length == 16 && (outer.protocol() == 41 || outer.protocol() == 4)
                && outer.bytes() == inner.end() - FrameFields.ETHERNET && outer.bytes() + 40 > 1280;
        }
    },

    /** It looks for the flags 40 bytes behind the packet's start, whatever lies there. */
    EXTENSION_CLOSES("a segment behind IPv6 extension headers puts its connection into CLOSE; ours has the state that "
        + "its flags lead to") {
        @Override
        boolean connection(final Listed kernel, final Listed ours, final Story story) {
            return kernel.connection().state().equals("CLOSE") && !ours.connection().state().equals("CLOSE")
                && story.behindExtensionHeaders(kernel.connection().source());
        }
    },

    /** What keeps it for its connections is kept as its time-out. */
    TEMPLATE_60_SEC("a template that was once kept for its connections lives 60 s from then on; ours as long as -p "
        + "says after each new connection") {
        @Override
        boolean connection(final Listed kernel, final Listed ours, final Story story) {
            return kernel.connection().source().endsWith(":0") && kernel.connection().equals(ours.connection())
                && kernel.expireSec() > story.persistSec() && kernel.expireSec() <= 60 && ours.expireSec() <= 60;
        }
    };

    /** From an ICMPv6 header to what is inside the tunnel packet that it quotes. */
    private static final int OUTER_QUOTE = 8 + 40;
    /** Of a packet, in an ICMPv6 error. */
    private static final int LONGEST_QUOTE = 1280 - 48;

    private final String reason;

    KernelBug(final String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    /** The reason of the one that is all that makes these frames different, or nothing. */
    static String of(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
        for (final KernelBug bug : values()) {
            if (bug.frames(in, kernel, ours, story)) {
                return bug.reason;
            }
        }
        return "";
    }

    /** Whether it is all that makes these frames different. */
    boolean frames(final byte[] in, final List<byte[]> kernel, final List<byte[]> ours, final Story story) {
        return false;
    }

    /** Whether it is all that makes these rows of one connection different. */
    boolean connection(final Listed kernel, final Listed ours, final Story story) {
        return false;
    }

    private static boolean one(final List<byte[]> kernel, final List<byte[]> ours) {
        return kernel.size() == 1 && ours.size() == 1;
    }

    private static int mtu(final HostPacket packet) {
        return (packet.frame()[packet.transport() + 6] & 0xff) << 8 | packet.frame()[packet.transport() + 7] & 0xff;
    }

    private static void copy(final HostPacket from, final byte[] to, final int offset, final int bytes) {
        System.arraycopy(from.frame(), from.transport() + offset, to, from.transport() + offset, bytes);
    }

    /** The identification that the host chose for its own packet, and the checksum over it. */
    private static void copyIp(final HostPacket from, final byte[] to) {
        System.arraycopy(from.frame(), FrameFields.ETHERNET + 4, to, FrameFields.ETHERNET + 4, 2);
        System.arraycopy(from.frame(), FrameFields.ETHERNET + 10, to, FrameFields.ETHERNET + 10, 2);
    }
}
