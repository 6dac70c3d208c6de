package io.ringmaster.fragment;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Ipv6FragmentHeader;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * One datagram of which fragments have come, in a place of its own:
 * <pre>
 *  |      headroom      | Ethernet | IPv4 20 to 60, or IPv6 to its fragment header | data, up to 65,515 bytes ...
 *  place                                                                           dataAt: fixed, so that fragments
 *                                                                                  can come in any order
 * </pre>
 * The headers are those of the first fragment as it came, until all has come. Owned by one worker.
 */
final class Datagram {
    /** Most bytes from the IP header to a fragment's data. */
    static final int HEADER_BYTES_MAX = 512;
    private static final int UNIT_BYTES = 8;
    private static final int DATA_AT = Reassembly.HEADROOM_BYTES + Ethernet.HEADER_BYTES + HEADER_BYTES_MAX;
    private static final int UNKNOWN = -1;
    // The two ECN bits (RFC 3168): not-ECT 0, ECT(1) 1, ECT(0) 2, CE 3.
    private static final int ECN_MASK = 3;
    private static final int CONGESTION = 3;

    /** What the next datagram's place begins behind. */
    static final int PLACE_BYTES = DATA_AT + Packet.LENGTH_BYTES_MAX + Reassembly.HEADROOM_BYTES & -64;

    private final MemorySegment memory;
    private final long dataAt;
    private final Units units = new Units();
    private boolean used;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long id;
    private int version;
    private int protocol;
    private int port;
    private long deadlineMs;
    private int headerBytes;
    private int firstBytes;
    private int leastLaterHeaderBytes;
    private int dataBytes;
    private int largestBytes;
    private int largestUnfragmentableBytes;
    private int seenEcn;

    Datagram(final MemorySegment memory, final long place) {
        this.memory = memory;
        this.dataAt = place + DATA_AT;
    }

    boolean used() {
        return used;
    }

    /** When it is forgotten. */
    long deadlineMs() {
        return deadlineMs;
    }

    boolean is(final Packet fragment, final long wantedId) {
        return used && id == wantedId && sourceLow == fragment.sourceLow()
            && destinationLow == fragment.destinationLow() && sourceHigh == fragment.sourceHigh()
            && destinationHigh == fragment.destinationHigh();
    }

    void begin(final Packet fragment, final long newId, final long newDeadlineMs) {
        used = true;
        id = newId;
        sourceHigh = fragment.sourceHigh();
        sourceLow = fragment.sourceLow();
        destinationHigh = fragment.destinationHigh();
        destinationLow = fragment.destinationLow();
        version = fragment.version();
        deadlineMs = newDeadlineMs;
        headerBytes = UNKNOWN;
        dataBytes = UNKNOWN;
        leastLaterHeaderBytes = HEADER_BYTES_MAX;
        largestBytes = 0;
        largestUnfragmentableBytes = 0;
        seenEcn = 0;
        units.clear();
    }

    void end() {
        used = false;
    }

    /** Takes in what a fragment carries; its data must end within {@link Packet#LENGTH_BYTES_MAX}. */
    Reassembly.Answer add(final Packet fragment, final int offset, final int bytes, final boolean last) {
        final int end = offset + bytes;
        if (last && dataBytes != UNKNOWN && dataBytes != end || dataBytes != UNKNOWN && end > dataBytes) {
            return Reassembly.Answer.CONTRADICTED;
        }
        final int from = offset / UNIT_BYTES;
        final int to = Math.ceilDiv(end, UNIT_BYTES);
        final int already = units.count(from, to);
        if (already == to - from) {
            return Reassembly.Answer.DUPLICATE;
        }
        if (last && units.anyFrom(to)) {
            return version == 6 ? Reassembly.Answer.CONTRADICTED : Reassembly.Answer.OVERLAP;
        }
        if (already > 0) {
            return Reassembly.Answer.OVERLAP;
        }
        if (units.fragments() == Reassembly.FRAGMENTS_MAX) {
            return Reassembly.Answer.TOO_MANY;
        }
        units.mark(from, to);
        if (last) {
            dataBytes = end;
        }
        copy(fragment, offset, bytes);
        return dataBytes != UNKNOWN && units.came() == Math.ceilDiv(dataBytes, UNIT_BYTES) ? finish()
            : Reassembly.Answer.WAITING;
    }

    private void copy(final Packet fragment, final int offset, final int bytes) {
        final MemorySegment from = fragment.memory();
        final int ownHeaderBytes = fragment.networkHeaderBytes();
        final int lengthBytes = ownHeaderBytes + bytes;
        MemorySegment.copy(from, fragment.network() + ownHeaderBytes, memory, dataAt + offset, bytes);
        if (offset == 0) {
            headerBytes = ownHeaderBytes;
            firstBytes = bytes;
            protocol = fragment.protocol();
            port = fragment.port();
            MemorySegment.copy(from, fragment.frame(), memory, frame(), Ethernet.HEADER_BYTES + headerBytes);
        } else {
            leastLaterHeaderBytes = Math.min(leastLaterHeaderBytes, ownHeaderBytes);
        }
        largestBytes = Math.max(largestBytes, lengthBytes);
        if (version == 6) {
            seenEcn |= 1 << (Ipv6.trafficClass(from, fragment.network()) & ECN_MASK);
            return;
        }
        if (fragment.dontFragment()) {
            largestUnfragmentableBytes = Math.max(largestUnfragmentableBytes, lengthBytes);
        }
        seenEcn |= 1 << (Ipv4.typeOfService(from, fragment.network()) & ECN_MASK);
    }

    private long network() {
        return dataAt - headerBytes;
    }

    private long frame() {
        return network() - Ethernet.HEADER_BYTES;
    }

    /** All has come: the header of the first fragment becomes that of the whole (RFC 791 §3.2, RFC 3168 §5.3). */
    private Reassembly.Answer finish() {
        final boolean mixedEcn = (seenEcn & 1) != 0 && seenEcn != 1;
        final boolean congested = (seenEcn & 1 << CONGESTION) != 0;
        if (mixedEcn) {
            return Reassembly.Answer.MALFORMED;
        }
        return version == 6 ? finishIpv6(congested) : finishIpv4(congested);
    }

    private Reassembly.Answer finishIpv4(final boolean congested) {
        final long network = network();
        if (headerBytes + dataBytes > Packet.LENGTH_BYTES_MAX) {
            return Reassembly.Answer.MALFORMED;
        }
        if (congested) {
            Ipv4.typeOfService(memory, network, Ipv4.typeOfService(memory, network) | CONGESTION);
        }
        Ipv4.totalLength(memory, network, headerBytes + dataBytes);
        Ipv4.fragmentWord(memory, network, largestUnfragmentableBytes == largestBytes ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.writeChecksum(memory, network);
        return Reassembly.Answer.COMPLETE;
    }

    /** The fragment header goes: all in front of it moves up to the data. */
    private Reassembly.Answer finishIpv6(final boolean congested) {
        final int keptBytes = headerBytes - Ipv6FragmentHeader.BYTES;
        if (keptBytes - Ipv6.HEADER_BYTES + dataBytes > Packet.LENGTH_BYTES_MAX) {
            return Reassembly.Answer.MALFORMED;
        }
        Reassembly.withoutFragmentHeader(memory, frame(), keptBytes);
        headerBytes = keptBytes;
        Ipv6.payloadLength(memory, network(), keptBytes - Ipv6.HEADER_BYTES + dataBytes);
        if (congested) {
            Ipv6.markCongestion(memory, network());
        }
        return Reassembly.Answer.COMPLETE;
    }

    /**
     * Points a cursor at the whole; valid until the next fragment is taken.
     *
     * @param ends place for where the fragments of an IPv6 datagram end.
     */
    void show(final Packet whole, final int arrivedBy, final int[] ends) {
        whole.wrap(frame(), Ethernet.HEADER_BYTES + headerBytes + dataBytes, arrivedBy);
        if (version == 6) {
            whole.cameInFragments(largestBytes, ends, units.ends(ends, dataBytes),
                leastLaterHeaderBytes - Ipv6FragmentHeader.BYTES, (int) id);
        } else {
            whole.cameInFragments(largestBytes);
        }
    }

    /** Points a cursor at the first fragment as it came, headers and all; false if that has not come. */
    boolean showFirst(final Packet first) {
        if (headerBytes == UNKNOWN) {
            return false;
        }
        first.showFragment(frame(), headerBytes, headerBytes + firstBytes, port, version, protocol);
        first.showAddresses(sourceHigh, sourceLow, destinationHigh, destinationLow);
        return true;
    }
}
