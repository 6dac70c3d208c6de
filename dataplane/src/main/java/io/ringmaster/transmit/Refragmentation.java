package io.ringmaster.transmit;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Ipv6FragmentHeader;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * How a datagram that came in fragments leaves, one frame after the other, none of them larger than the largest it came
 * in. Owned by one worker; {@link #plan} comes first.
 * <p>
 * One of IPv6 leaves in the very fragments it came in, where they fit, as the kernel keeps them (ip6_fragment and
 * ip_do_fragment, the fast path): the first one has the headers of a tunnel in front, which must be a multiple of 8
 * bytes. Else all but the last are as long as can be, in IPv6 1,280 bytes at least. One of IPv4 is split anew always.
 * <pre>
 *  | Ethernet | IPv6 and what stays in front, or a tunnel's IPv4 | fragment header | prefix, data 0 |
 *  | Ethernet | the same                                         | fragment header | data 1         | ...
 * </pre>
 */
public final class Refragmentation {
    private Packet whole;
    private int count;
    private boolean splits;
    private boolean outerIpv6;
    private int headerBytes;
    private int dataBytes;
    /** Bytes of data in each but the last; 0 to keep the fragments as they came. */
    private int stepBytes;
    private int prefixBytes;
    private int mostBytes;

    /**
     * Decides on a datagram's fragments.
     *
     * @param datagram one that came in fragments, ready but for being split.
     * @param mtuBytes of its way; {@link Packet#LENGTH_BYTES_MAX} if it is known to fit.
     * @return how many frames it takes.
     */
    public int plan(final Packet datagram, final int mtuBytes) {
        this.whole = datagram;
        if (datagram.version() != 6) {
            mostBytes = Fragmentation.most(datagram, mtuBytes);
            count = Fragmentation.count(datagram, mostBytes);
            return count;
        }
        final int lengthBytes = datagram.networkLengthBytes();
        outerIpv6 = Ipv6.version(datagram.memory(), datagram.network()) == 6;
        splits = lengthBytes > mtuBytes || outerIpv6 && lengthBytes > datagram.largestFragmentBytes();
        count = splits ? split(mtuBytes) : 1;
        return count;
    }

    private int split(final int mtuBytes) {
        headerBytes = outerIpv6
            ? Ipv6FragmentHeader.place(whole.memory(), whole.network(), whole.networkLengthBytes())
            : Ipv4.HEADER_BYTES;
        dataBytes = whole.networkLengthBytes() - headerBytes;
        final int fragmentBytes = outerIpv6 ? Math.max(Ipv6.MINIMUM_MTU_BYTES, whole.largestFragmentBytes())
            - Ipv6FragmentHeader.BYTES : mtuBytes;
        final int most = fragmentBytes - headerBytes & -Ipv6FragmentHeader.BYTES;
        if (keeps(fragmentBytes - headerBytes)) {
            return whole.fragments();
        }
        stepBytes = most;
        return Math.ceilDiv(dataBytes, most);
    }

    /** Whether it can leave in the fragments that it came in, of so many bytes each at most. */
    private boolean keeps(final int most) {
        final int fragments = whole.fragments();
        // What came with less in front of its data cannot leave with more.
        if (fragments < 2 || whole.leastFragmentHeaderBytes() < headerBytes) {
            return false;
        }
        prefixBytes = dataBytes - whole.fragmentEnd(fragments - 1);
        if (prefixBytes < 0 || prefixBytes % Ipv6FragmentHeader.BYTES != 0) {
            return false;
        }
        stepBytes = 0;
        for (int i = 0; i < fragments; i++) {
            if (end(i) - begin(i) > most) {
                return false;
            }
        }
        return true;
    }

    private int begin(final int number) {
        return number == 0 ? 0 : end(number - 1);
    }

    private int end(final int number) {
        return stepBytes != 0 ? Math.min(dataBytes, (number + 1) * stepBytes)
            : prefixBytes + whole.fragmentEnd(number);
    }

    /**
     * Writes one of them.
     *
     * @param number         0 to {@link #plan} − 1.
     * @param identification of the fragment headers; an IPv4 packet has its own.
     * @param target         memory that the frame is in.
     * @param frame          offset there for its Ethernet header.
     * @return its bytes from the Ethernet header on.
     */
    public int write(final int number, final int identification, final MemorySegment target, final long frame) {
        if (whole.version() != 6) {
            return Fragmentation.write(whole, mostBytes, number, identification, target, frame);
        }
        if (!splits) {
            MemorySegment.copy(whole.memory(), whole.frame(), target, frame, whole.lengthBytes());
            return whole.lengthBytes();
        }
        final int ownHeaderBytes = headerBytes + (outerIpv6 ? Ipv6FragmentHeader.BYTES : 0);
        final int begin = begin(number);
        final int bytes = end(number) - begin;
        final long network = frame + Ethernet.HEADER_BYTES;
        MemorySegment.copy(whole.memory(), whole.frame(), target, frame, (long) Ethernet.HEADER_BYTES + headerBytes);
        MemorySegment.copy(whole.memory(), whole.network() + headerBytes + begin, target, network + ownHeaderBytes,
            bytes);
        final boolean more = number < count - 1;
        if (outerIpv6) {
            finishIpv6(target, network, begin, bytes, more, identification);
        } else {
            Fragmentation.finish(target, network, headerBytes + bytes, begin / Ipv6FragmentHeader.BYTES
                | (more ? Ipv4.MORE_FRAGMENTS : 0));
        }
        return Ethernet.HEADER_BYTES + ownHeaderBytes + bytes;
    }

    private void finishIpv6(final MemorySegment target, final long network, final int begin, final int bytes,
                            final boolean more, final int identification) {
        final long name = Ipv6FragmentHeader.naming(whole.memory(), whole.network(), headerBytes);
        Ipv6FragmentHeader.write(target, network + headerBytes, BigEndian.u8(whole.memory(), name), begin, more,
            identification);
        BigEndian.u8(target, network + name - whole.network(), Ipv6FragmentHeader.PROTOCOL);
        Ipv6.payloadLength(target, network, headerBytes - Ipv6.HEADER_BYTES + Ipv6FragmentHeader.BYTES + bytes);
    }
}
