package io.ringmaster.fragment;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts IPv4 datagrams together that arrive in fragments (RFC 791 §3.2, RFC 815), in any order. Owned by one worker: all
 * fragments of a datagram must come to one worker, and do, since NICs spread fragments over queues by their addresses.
 * <p>
 * All memory is that of {@link #DATAGRAMS} places, taken at the start. When they are full the oldest datagram gives
 * way, and one that is not complete after {@link #TIMEOUT_MS} is forgotten, as soon as its place is looked at.
 * <p>
 * Nothing is ever overwritten: of fragments that overlap, all that came of the datagram is forgotten, and a repeated
 * one is left out (as the kernel does since CVE-2018-5391; RFC 5722 for IPv6). Headers are read of the whole only, so a
 * first fragment that ends within the TCP header (RFC 1858) shows no rule anything else than the rest of it would.
 */
public final class Reassembly {
    /** Datagrams that can be incomplete at once. */
    public static final int DATAGRAMS = 64;
    /** How long the fragments of a datagram may take, as Linux's ipfrag_time. */
    public static final long TIMEOUT_MS = 30_000;
    /** Most fragments of one datagram: one of 65,535 bytes over an MTU of 576 has 119. */
    public static final int FRAGMENTS_MAX = 500;
    /** Bytes in front of a datagram's Ethernet header that are free for others. */
    public static final int HEADROOM_BYTES = 256;
    private static final int UNIT_BYTES = 8;

    private final Datagram[] datagrams = new Datagram[DATAGRAMS];
    private final Packet whole;
    private long expired;
    private long gaveWay;

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
        /** It carries nothing, or contradicts others; its datagram is forgotten. */
        MALFORMED,
        /** Its datagram has more than {@link #FRAGMENTS_MAX}, and is forgotten. */
        TOO_MANY
    }

    /** With memory of its own. */
    public Reassembly() {
        final MemorySegment memory = Arena.ofAuto().allocate((long) DATAGRAMS * Datagram.PLACE_BYTES, 64);
        for (int i = 0; i < DATAGRAMS; i++) {
            datagrams[i] = new Datagram(memory, (long) i * Datagram.PLACE_BYTES);
        }
        this.whole = new Packet(memory);
    }

    /**
     * Takes in a fragment, whose frame is the caller's again afterwards.
     *
     * @param fragment as the parser answers FRAGMENT about it: all of its IP packet lies within its frame.
     * @param nowMs    the worker's clock.
     */
    public Answer take(final Packet fragment, final long nowMs) {
        final int word = Ipv4.fragmentWord(fragment.memory(), fragment.network());
        final boolean last = (word & Ipv4.MORE_FRAGMENTS) == 0;
        final int offset = (word & Ipv4.FRAGMENT_OFFSET) * UNIT_BYTES;
        final int payloadBytes = fragment.networkLengthBytes() - fragment.networkHeaderBytes();
        // What follows a fragment begins at a multiple of 8: the kernel cuts off what is more.
        final int bytes = last ? payloadBytes : payloadBytes & -UNIT_BYTES;
        final Datagram datagram = find(fragment, nowMs);
        final Answer answer = bytes == 0 || offset + bytes > Packet.LENGTH_BYTES_MAX - fragment.networkHeaderBytes()
            ? Answer.MALFORMED : datagram.add(fragment, offset, bytes, last);
        if (answer == Answer.COMPLETE) {
            datagram.show(whole, fragment.port());
        }
        if (answer != Answer.WAITING && answer != Answer.DUPLICATE) {
            datagram.end();
        }
        return answer;
    }

    private Datagram find(final Packet fragment, final long nowMs) {
        final long addresses = (long) Addresses.ipv4(fragment.sourceLow()) << Integer.SIZE
            | Addresses.ipv4(fragment.destinationLow()) & 0xffff_ffffL;
        final int id = Ipv4.identification(fragment.memory(), fragment.network()) << Byte.SIZE | fragment.protocol();
        Datagram next = datagrams[0];
        for (final Datagram datagram : datagrams) {
            if (datagram.used() && nowMs - datagram.startedMs() > TIMEOUT_MS) {
                datagram.end();
                expired++;
            }
            if (datagram.is(addresses, id)) {
                return datagram;
            }
            if (next.used() && (!datagram.used() || datagram.startedMs() < next.startedMs())) {
                next = datagram;
            }
        }
        gaveWay += next.used() ? 1 : 0;
        next.begin(addresses, id, nowMs);
        return next;
    }

    /** The datagram that the last {@link #take} completed, not parsed yet; until the next one. */
    public Packet whole() {
        return whole;
    }

    /** Datagrams that were forgotten since the last call because they took too long. */
    public long takeExpired() {
        final long taken = expired;
        expired = 0;
        return taken;
    }

    /** Datagrams that were forgotten since the last call to make room. */
    public long takeGaveWay() {
        final long taken = gaveWay;
        gaveWay = 0;
        return taken;
    }
}
