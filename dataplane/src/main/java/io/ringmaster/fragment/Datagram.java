package io.ringmaster.fragment;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One datagram of which fragments have come, in a place of its own:
 * <pre>
 *  |      headroom      | Ethernet | IPv4 20 to 60 | data, up to 65,515 bytes ...
 *  place                                           dataAt: fixed, so that fragments can come in any order
 * </pre>
 * Which units of 8 bytes have come is a bit each. Owned by one worker.
 */
final class Datagram {
    private static final int UNIT_BYTES = 8;
    private static final int UNITS = (Packet.LENGTH_BYTES_MAX + UNIT_BYTES) / UNIT_BYTES;
    private static final int HEADER_BYTES_MAX = 60;
    private static final int DATA_AT = Reassembly.HEADROOM_BYTES + Ethernet.HEADER_BYTES + HEADER_BYTES_MAX;
    private static final int UNKNOWN = -1;
    // The two ECN bits (RFC 3168): not-ECT 0, ECT(1) 1, ECT(0) 2, CE 3.
    private static final int ECN_MASK = 3;
    private static final int CONGESTION = 3;

    /** What the next datagram's place begins behind. */
    static final int PLACE_BYTES = DATA_AT + Packet.LENGTH_BYTES_MAX + Reassembly.HEADROOM_BYTES & -64;

    private final MemorySegment memory;
    private final long dataAt;
    private final long[] came = new long[(UNITS + Long.SIZE - 1) / Long.SIZE];
    private boolean used;
    private long addresses;
    private int idAndProtocol;
    private long startedMs;
    private int headerBytes;
    private int dataBytes;
    private int unitsCame;
    private int fragments;
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

    long startedMs() {
        return startedMs;
    }

    boolean is(final long wantedAddresses, final int wantedIdAndProtocol) {
        return used && addresses == wantedAddresses && idAndProtocol == wantedIdAndProtocol;
    }

    void begin(final long newAddresses, final int newIdAndProtocol, final long nowMs) {
        used = true;
        addresses = newAddresses;
        idAndProtocol = newIdAndProtocol;
        startedMs = nowMs;
        headerBytes = UNKNOWN;
        dataBytes = UNKNOWN;
        unitsCame = 0;
        fragments = 0;
        largestBytes = 0;
        largestUnfragmentableBytes = 0;
        seenEcn = 0;
        Arrays.fill(came, 0);
    }

    void end() {
        used = false;
    }

    /** Takes in what a fragment carries; its data must end within {@link Packet#LENGTH_BYTES_MAX}. */
    Reassembly.Answer add(final Packet fragment, final int offset, final int bytes, final boolean last) {
        final int end = offset + bytes;
        if (last && dataBytes != UNKNOWN && dataBytes != end || dataBytes != UNKNOWN && end > dataBytes) {
            return Reassembly.Answer.MALFORMED;
        }
        final int from = offset / UNIT_BYTES;
        final int to = Math.ceilDiv(end, UNIT_BYTES);
        final int already = count(from, to);
        if (already == to - from) {
            return Reassembly.Answer.DUPLICATE;
        }
        if (already > 0 || last && count(to, UNITS) > 0) {
            return Reassembly.Answer.OVERLAP;
        }
        if (++fragments > Reassembly.FRAGMENTS_MAX) {
            return Reassembly.Answer.TOO_MANY;
        }
        mark(from, to);
        if (last) {
            dataBytes = end;
        }
        copy(fragment, offset, bytes);
        return dataBytes != UNKNOWN && unitsCame == Math.ceilDiv(dataBytes, UNIT_BYTES) ? finish()
            : Reassembly.Answer.WAITING;
    }

    private int count(final int from, final int to) {
        int count = 0;
        for (int unit = from; unit < to; unit++) {
            count += (int) (came[unit >> 6] >>> unit & 1);
        }
        return count;
    }

    private void mark(final int from, final int to) {
        for (int unit = from; unit < to; unit++) {
            came[unit >> 6] |= 1L << unit;
        }
        unitsCame += to - from;
    }

    private void copy(final Packet fragment, final int offset, final int bytes) {
        final MemorySegment from = fragment.memory();
        final int lengthBytes = fragment.networkHeaderBytes() + bytes;
        MemorySegment.copy(from, fragment.network() + fragment.networkHeaderBytes(), memory, dataAt + offset, bytes);
        if (offset == 0) {
            headerBytes = fragment.networkHeaderBytes();
            MemorySegment.copy(from, fragment.frame(), memory, frame(), Ethernet.HEADER_BYTES + headerBytes);
        }
        largestBytes = Math.max(largestBytes, lengthBytes);
        if (fragment.dontFragment()) {
            largestUnfragmentableBytes = Math.max(largestUnfragmentableBytes, lengthBytes);
        }
        seenEcn |= 1 << (Ipv4.typeOfService(from, fragment.network()) & ECN_MASK);
    }

    private long frame() {
        return dataAt - headerBytes - Ethernet.HEADER_BYTES;
    }

    /** All has come: the header of the first fragment becomes that of the whole (RFC 791 §3.2, RFC 3168 §5.3). */
    private Reassembly.Answer finish() {
        final long network = dataAt - headerBytes;
        final boolean mixedEcn = (seenEcn & 1) != 0 && seenEcn != 1;
        if (headerBytes + dataBytes > Packet.LENGTH_BYTES_MAX || mixedEcn) {
            return Reassembly.Answer.MALFORMED;
        }
        if ((seenEcn & 1 << CONGESTION) != 0) {
            Ipv4.typeOfService(memory, network, Ipv4.typeOfService(memory, network) | CONGESTION);
        }
        Ipv4.totalLength(memory, network, headerBytes + dataBytes);
        Ipv4.fragmentWord(memory, network, largestUnfragmentableBytes == largestBytes ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.writeChecksum(memory, network);
        return Reassembly.Answer.COMPLETE;
    }

    /** Points a cursor at the whole; valid until the next fragment is taken. */
    void show(final Packet whole, final int port) {
        whole.wrap(frame(), Ethernet.HEADER_BYTES + headerBytes + dataBytes, port);
        whole.cameInFragments(largestBytes);
    }
}
