package io.ringmaster.transmit;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Ipv6FragmentHeader;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * Splits an IPv6 packet that the director made itself, which has no extension headers (RFC 8200 §4.5), as
 * {@link Fragmentation} does an IPv4 one. Nobody else's may be split:
 * <pre>
 *  | Ethernet | IPv6 | fragment header 8, more | data ...        the packet's own frame, begun 8 bytes earlier
 *  | Ethernet | IPv6 | fragment header 8       | data ...        each further one
 * * </pre>
 */
final class Ipv6Fragmentation {
    private static final int HEADER_BYTES = Ipv6FragmentHeader.BYTES;

    private Ipv6Fragmentation() {
    }

    /** See {@link Fragmentation#count}. */
    static int count(final Packet packet, final int mtuBytes) {
        return Math.ceilDiv(packet.networkLengthBytes() - Ipv6.HEADER_BYTES, dataBytesOfEach(mtuBytes));
    }

    /** See {@link Fragmentation#write}. */
    static int write(final Packet packet, final int mtuBytes, final int number, final int identification,
                     final MemorySegment target, final long frame) {
        final MemorySegment memory = packet.memory();
        final int most = dataBytesOfEach(mtuBytes);
        final int skipped = number * most;
        final int left = packet.networkLengthBytes() - Ipv6.HEADER_BYTES - skipped;
        final int dataBytes = Math.min(most, left);
        final long network = frame + Ethernet.HEADER_BYTES;
        MemorySegment.copy(memory, packet.frame(), target, frame, Ethernet.HEADER_BYTES + Ipv6.HEADER_BYTES);
        MemorySegment.copy(memory, packet.network() + Ipv6.HEADER_BYTES + skipped, target,
            network + Ipv6.HEADER_BYTES + HEADER_BYTES, dataBytes);
        finish(target, network, dataBytes, skipped, left > most, identification);
        return Ethernet.HEADER_BYTES + Ipv6.HEADER_BYTES + HEADER_BYTES + dataBytes;
    }

    /** See {@link Fragmentation#shorten}. */
    static void shorten(final Packet packet, final int mtuBytes, final int identification) {
        final MemorySegment memory = packet.memory();
        final int dataBytes = dataBytesOfEach(mtuBytes);
        final long frame = packet.frame() - HEADER_BYTES;
        MemorySegment.copy(memory, packet.frame(), memory, frame, Ethernet.HEADER_BYTES + Ipv6.HEADER_BYTES);
        finish(memory, frame + Ethernet.HEADER_BYTES, dataBytes, 0, true, identification);
        packet.resize(frame, Ethernet.HEADER_BYTES + Ipv6.HEADER_BYTES + HEADER_BYTES + dataBytes);
    }

    private static int dataBytesOfEach(final int mtuBytes) {
        return Math.max(mtuBytes, Ipv6.MINIMUM_MTU_BYTES) - Ipv6.HEADER_BYTES - HEADER_BYTES & -HEADER_BYTES;
    }

    private static void finish(final MemorySegment memory, final long network, final int dataBytes,
                               final int offsetBytes, final boolean more, final int identification) {
        final int next = Ipv6.nextHeader(memory, network);
        Ipv6.nextHeader(memory, network, Ipv6FragmentHeader.PROTOCOL);
        Ipv6.payloadLength(memory, network, HEADER_BYTES + dataBytes);
        Ipv6FragmentHeader.write(memory, network + Ipv6.HEADER_BYTES, next, offsetBytes, more, identification);
    }
}
