package io.ringmaster.transmit;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * Splits an IPv4 packet that is larger than its way (RFC 791 §3.2) into the fragments that the Linux kernel makes: each
 * but the last as long as can be. The first stays in the packet's frame; the others are written elsewhere, and must be
 * before the packet is made the first:
 * <pre>
 *  | Ethernet | IPv4, more fragments, offset 0 | data ...        the packet's own frame
 *  | Ethernet | IPv4, offset of its data       | data ...        each further one
 * </pre>
 * A packet that is a fragment already is split as well: offsets go on from its own. An IPv6 packet is
 * {@link Ipv6Fragmentation}'s.
 */
public final class Fragmentation {
    private static final int UNIT_BYTES = 8;
    private static final int OPTION_END = 0;
    private static final int OPTION_NO_OPERATION = 1;
    private static final int OPTION_COPIED = 0x80;
    private static final int OPTION_BYTES_MIN = 2;

    private Fragmentation() {
    }

    /**
     * How many fragments it takes.
     *
     * @param mtuBytes of the way; less than {@link Mtu#MINIMUM_BYTES} is no MTU, and taken for that.
     */
    public static int count(final Packet packet, final int mtuBytes) {
        if (isIpv6(packet)) {
            return Ipv6Fragmentation.count(packet, mtuBytes);
        }
        final int dataBytes = packet.networkLengthBytes() - packet.networkHeaderBytes();
        return Math.ceilDiv(dataBytes, dataBytesOfEach(packet, mtuBytes));
    }

    /**
     * Writes a further fragment.
     *
     * @param number         1 to {@link #count} − 1.
     * @param identification of the IPv6 packet that they are the fragments of; an IPv4 packet has its own.
     * @param frame          offset in packet memory for its Ethernet header, with room for the MTU behind that.
     * @return its bytes from the Ethernet header on.
     */
    public static int write(final Packet packet, final int mtuBytes, final int number, final int identification,
                            final long frame) {
        return write(packet, mtuBytes, number, identification, packet.memory(), frame);
    }

    /**
     * Writes a fragment into another memory.
     *
     * @param number 0 to {@link #count} − 1; the only one of a packet that fits is all of it.
     * @param target memory that the frame is in.
     * @return as {@link #write(Packet, int, int, int, long)}.
     */
    public static int write(final Packet packet, final int mtuBytes, final int number, final int identification,
                            final MemorySegment target, final long frame) {
        if (packet.networkLengthBytes() <= mtuBytes) {
            MemorySegment.copy(packet.memory(), packet.frame(), target, frame, packet.lengthBytes());
            return packet.lengthBytes();
        }
        if (isIpv6(packet)) {
            return Ipv6Fragmentation.write(packet, mtuBytes, number, identification, target, frame);
        }
        final MemorySegment memory = packet.memory();
        final int headerBytes = packet.networkHeaderBytes();
        final int most = dataBytesOfEach(packet, mtuBytes);
        final int skipped = number * most;
        final int left = packet.networkLengthBytes() - headerBytes - skipped;
        final int dataBytes = Math.min(most, left);
        final long network = frame + Ethernet.HEADER_BYTES;
        MemorySegment.copy(memory, packet.frame(), target, frame, Ethernet.HEADER_BYTES + headerBytes);
        MemorySegment.copy(memory, packet.network() + headerBytes + skipped, target, network + headerBytes, dataBytes);
        if (number > 0) {
            keepCopiedOptions(target, network, headerBytes);
        }
        finish(target, network, headerBytes + dataBytes, (Ipv4.fragmentWord(target, network) & kept(packet))
            + skipped / UNIT_BYTES | (left > most ? Ipv4.MORE_FRAGMENTS : 0));
        return Ethernet.HEADER_BYTES + headerBytes + dataBytes;
    }

    /** Makes the packet the first fragment. */
    public static void shorten(final Packet packet, final int mtuBytes, final int identification) {
        if (isIpv6(packet)) {
            Ipv6Fragmentation.shorten(packet, mtuBytes, identification);
            return;
        }
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final int lengthBytes = packet.networkHeaderBytes() + dataBytesOfEach(packet, mtuBytes);
        final int word = Ipv4.fragmentWord(memory, network) & Ipv4.FRAGMENT_OFFSET;
        finish(memory, network, lengthBytes, word | Ipv4.MORE_FRAGMENTS);
        packet.resize(packet.frame(), Ethernet.HEADER_BYTES + lengthBytes);
    }

    /**
     * Longest fragment that a datagram which came in fragments leaves in: no larger than those. In a tunnel over IPv6
     * it is another packet's content, and has no such limit.
     *
     * @param mtuBytes of the way.
     */
    public static int most(final Packet whole, final int mtuBytes) {
        return isIpv6(whole) ? mtuBytes : Math.min(mtuBytes, whole.largestFragmentBytes());
    }

    /** Longest packet that the outermost header of a packet can tell of. */
    public static int longest(final Packet whole) {
        return Packet.LENGTH_BYTES_MAX + (isIpv6(whole) ? Ipv6.HEADER_BYTES : 0);
    }

    /** A datagram that came in fragments with the don't-fragment bit leaves in such. */
    private static int kept(final Packet packet) {
        return Ipv4.FRAGMENT_OFFSET | Ipv4.MORE_FRAGMENTS
            | (packet.largestFragmentBytes() == 0 ? 0 : Ipv4.DONT_FRAGMENT);
    }

    /** Of the header that is to be split, which need not be of the family that was received. */
    private static boolean isIpv6(final Packet packet) {
        return Ipv6.version(packet.memory(), packet.network()) == 6;
    }

    private static int dataBytesOfEach(final Packet packet, final int mtuBytes) {
        final int leastBytes = packet.largestFragmentBytes() == 0 ? Mtu.MINIMUM_BYTES
            : packet.networkHeaderBytes() + UNIT_BYTES;
        return Math.max(mtuBytes, leastBytes) - packet.networkHeaderBytes() & -UNIT_BYTES;
    }

    static void finish(final MemorySegment memory, final long network, final int lengthBytes,
                               final int fragmentWord) {
        Ipv4.totalLength(memory, network, lengthBytes);
        Ipv4.fragmentWord(memory, network, fragmentWord);
        Ipv4.writeChecksum(memory, network);
    }

    /** Options without the "copied" flag are for the first fragment only; the header keeps its length. */
    private static void keepCopiedOptions(final MemorySegment memory, final long network, final int headerBytes) {
        final long end = network + headerBytes;
        long at = network + Ipv4.HEADER_BYTES;
        while (at < end) {
            final int option = BigEndian.u8(memory, at);
            if (option == OPTION_END) {
                return;
            }
            if (option == OPTION_NO_OPERATION) {
                at++;
                continue;
            }
            final int bytes = at + 1 < end ? BigEndian.u8(memory, at + 1) : 0;
            if (bytes < OPTION_BYTES_MIN || at + bytes > end) {
                return;
            }
            for (int i = 0; i < bytes && (option & OPTION_COPIED) == 0; i++) {
                BigEndian.u8(memory, at + i, OPTION_NO_OPERATION);
            }
            at += bytes;
        }
    }
}
