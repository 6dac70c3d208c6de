package io.ringmaster.fragment;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6FragmentHeader;
import io.ringmaster.packet.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts datagrams together that arrive in fragments (RFC 791 §3.2, RFC 815; RFC 8200 §4.5), in any order. Owned by one
 * worker: all fragments of a datagram must come to one worker, and do. NICs spread fragments over queues by their
 * addresses alone, the first one, which has ports, included: it tells by itself that it is a fragment. Where one does
 * not, a datagram is never whole, {@code ringmaster drops} shows expired ones, and spreading that protocol by addresses
 * is the remedy ({@code ethtool -N IF rx-flow-hash udp4 sd}).
 * <p>
 * All memory is that of {@link #DATAGRAMS} places, taken at the start. When they are full the one that has least time
 * left gives way.
 * <p>
 * Nothing is ever overwritten: of fragments that overlap, all that came of the datagram is forgotten, and a repeated
 * one is left out (as the kernel does since CVE-2018-5391; RFC 5722 for IPv6). Headers are read of the whole only, so a
 * first fragment that ends within the TCP header (RFC 1858) shows no rule anything else than the rest of it would; one
 * of IPv6 does not come here.
 */
public final class Reassembly {
    /** Datagrams that can be incomplete at once. */
    public static final int DATAGRAMS = 64;
    /** How long the fragments of a datagram may take, as Linux's ipfrag_time. */
    public static final long TIMEOUT_MS = 30_000;
    /** The same of IPv6, as Linux's nf_conntrack_frag6_timeout. */
    public static final long TIMEOUT6_MS = 60_000;
    /** Most fragments of one datagram: one of 65,535 bytes over an MTU of 576 has 119. */
    public static final int FRAGMENTS_MAX = 500;
    /** Bytes in front of a datagram's Ethernet header that are free for others. */
    public static final int HEADROOM_BYTES = 256;
    private static final int UNIT_BYTES = 8;
    private static final long IPV6_ID = 1L << Integer.SIZE;

    private final Datagram[] datagrams = new Datagram[DATAGRAMS];
    private final Datagram atomic;
    private final Packet whole;
    private final Packet first;
    private final int[] ends = new int[FRAGMENTS_MAX];
    private long nextDeadlineMs = Long.MAX_VALUE;
    private long gaveWay;
    private boolean firstCame;

    /** What became of a fragment. */
    public enum Answer {
        /** It was taken in; more have to come. */
        WAITING,
        /** It was the last that was missing: {@link #whole}. */
        COMPLETE,
        /** All of it had come before; it is left out. */
        DUPLICATE,
        /** Part of it had come before; its datagram is forgotten. */
        OVERLAP,
        /** It carries nothing or too much, or its datagram contradicts itself and is forgotten. */
        MALFORMED,
        /** It has another end than others; in IPv4 its datagram is forgotten. */
        CONTRADICTED,
        /** One of IPv6 that is not the last is no multiple of 8 bytes long; its datagram is forgotten. */
        ODD_LENGTH,
        /** Its datagram has more than {@link #FRAGMENTS_MAX}, and is forgotten. */
        TOO_MANY
    }

    /**
     * With 4 MiB of memory.
     *
     * @param arena gives it, and lives as long as this.
     */
    public Reassembly(final Arena arena) {
        final MemorySegment memory = arena.allocate((DATAGRAMS + 1L) * Datagram.PLACE_BYTES, 64);
        for (int i = 0; i < DATAGRAMS; i++) {
            datagrams[i] = new Datagram(memory, (long) i * Datagram.PLACE_BYTES);
        }
        this.atomic = new Datagram(memory, (long) DATAGRAMS * Datagram.PLACE_BYTES);
        this.whole = new Packet(memory);
        this.first = new Packet(memory);
    }

    /**
     * Takes in a fragment, whose frame is the caller's again afterwards.
     *
     * @param fragment as the parser answers FRAGMENT about it: all of its IP packet lies within its frame.
     * @param nowMs    the worker's clock.
     */
    public Answer take(final Packet fragment, final long nowMs) {
        return fragment.version() == 6 ? takeIpv6(fragment, nowMs) : takeIpv4(fragment, nowMs);
    }

    private Answer takeIpv4(final Packet fragment, final long nowMs) {
        final int word = Ipv4.fragmentWord(fragment.memory(), fragment.network());
        final boolean last = (word & Ipv4.MORE_FRAGMENTS) == 0;
        final int offset = (word & Ipv4.FRAGMENT_OFFSET) * UNIT_BYTES;
        final int payloadBytes = fragment.networkLengthBytes() - fragment.networkHeaderBytes();
        // What follows a fragment begins at a multiple of 8: the kernel cuts off what is more.
        final int bytes = last ? payloadBytes : payloadBytes & -UNIT_BYTES;
        final long id = Ipv4.identification(fragment.memory(), fragment.network()) << Byte.SIZE | fragment.protocol();
        final Datagram datagram = findOrBegin(fragment, id, nowMs + TIMEOUT_MS);
        final Answer answer = bytes == 0 || offset + bytes > Packet.LENGTH_BYTES_MAX - fragment.networkHeaderBytes()
            ? Answer.MALFORMED : datagram.add(fragment, offset, bytes, last);
        return settled(datagram, fragment, answer == Answer.CONTRADICTED ? Answer.MALFORMED : answer);
    }

    private Answer takeIpv6(final Packet fragment, final long nowMs) {
        final MemorySegment memory = fragment.memory();
        final boolean last = !Ipv6FragmentHeader.more(memory, fragment.fragmentHeader());
        final int offset = Ipv6FragmentHeader.offsetBytes(memory, fragment.fragmentHeader());
        final int bytes = fragment.networkLengthBytes() - fragment.networkHeaderBytes();
        final long id = IPV6_ID | Ipv6FragmentHeader.identification(memory, fragment.fragmentHeader()) & IPV6_ID - 1;
        if (bytes == 0 || offset + bytes > Packet.LENGTH_BYTES_MAX
            || fragment.networkHeaderBytes() > Datagram.HEADER_BYTES_MAX) {
            return Answer.MALFORMED;
        }
        if (last && offset == 0) {
            // A datagram by itself, whatever others of its number there are (RFC 6946).
            atomic.begin(fragment, id, nowMs);
            return settled(atomic, fragment, atomic.add(fragment, offset, bytes, true));
        }
        if (!last && bytes % UNIT_BYTES != 0) {
            final Datagram known = find(fragment, id);
            if (known != null) {
                known.end();
            }
            return Answer.ODD_LENGTH;
        }
        final Datagram datagram = findOrBegin(fragment, id, nowMs + TIMEOUT6_MS);
        return settled(datagram, fragment, datagram.add(fragment, offset, bytes, last));
    }

    private Answer settled(final Datagram datagram, final Packet fragment, final Answer answer) {
        if (answer == Answer.COMPLETE) {
            datagram.show(whole, fragment.port(), ends);
        }
        if (answer != Answer.WAITING && answer != Answer.DUPLICATE && answer != Answer.CONTRADICTED) {
            datagram.end();
        }
        return answer;
    }

    private Datagram find(final Packet fragment, final long id) {
        for (final Datagram datagram : datagrams) {
            if (datagram.is(fragment, id)) {
                return datagram;
            }
        }
        return null;
    }

    private Datagram findOrBegin(final Packet fragment, final long id, final long deadlineMs) {
        final Datagram known = find(fragment, id);
        if (known != null) {
            return known;
        }
        Datagram next = datagrams[0];
        for (final Datagram datagram : datagrams) {
            if (next.used() && (!datagram.used() || datagram.deadlineMs() < next.deadlineMs())) {
                next = datagram;
            }
        }
        gaveWay += next.used() ? 1 : 0;
        next.begin(fragment, id, deadlineMs);
        nextDeadlineMs = Math.min(nextDeadlineMs, deadlineMs);
        return next;
    }

    /** The datagram that the last {@link #take} completed, not parsed yet; until the next one. */
    public Packet whole() {
        return whole;
    }

    /** Whether {@link #expireOne} may find something. */
    public boolean expires(final long nowMs) {
        return nowMs > nextDeadlineMs;
    }

    /** Forgets a datagram that took too long; false if there is none. */
    public boolean expireOne(final long nowMs) {
        long next = Long.MAX_VALUE;
        for (final Datagram datagram : datagrams) {
            if (datagram.used() && nowMs > datagram.deadlineMs()) {
                datagram.end();
                firstCame = datagram.showFirst(first);
                return true;
            }
            next = datagram.used() ? Math.min(next, datagram.deadlineMs()) : next;
        }
        nextDeadlineMs = next;
        return false;
    }

    /** The first fragment of the datagram that expired last, as it came; null if that had not come. */
    public Packet firstOfExpired() {
        return firstCame ? first : null;
    }

    /** Datagrams that were forgotten since the last call to make room. */
    public long takeGaveWay() {
        final long taken = gaveWay;
        gaveWay = 0;
        return taken;
    }

    /** Moves an Ethernet header and what is in front of a fragment header over that, which is so linked out. */
    static void withoutFragmentHeader(final MemorySegment memory, final long frame, final int keptBytes) {
        final long network = frame + Ethernet.HEADER_BYTES;
        final long name = Ipv6FragmentHeader.naming(memory, network, keptBytes);
        BigEndian.u8(memory, name, Ipv6FragmentHeader.nextHeader(memory, network + keptBytes));
        MemorySegment.copy(memory, frame, memory, frame + Ipv6FragmentHeader.BYTES,
            (long) Ethernet.HEADER_BYTES + keptBytes);
    }
}
