package io.ringmaster.sip;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The side tables of the SIP persistence engine, shared by all workers and fixed in size: which client sent which
 * Call-ID ({@link CallTable}), and which connections a call's template made ({@link CallLinks}).
 * <p>
 * A template of the engine lies in the connection table like others, but where they have their client's address it has
 * the number of its call, as a multicast address, which no client has: two calls of one client are two templates. It
 * holds a reference to the call, and so does each link; with the last of them the number is free.
 */
public final class Calls {
    /** Answer of {@link #refer}: the packet has no Call-ID that counts. */
    public static final int NO_CALL_ID = -2;
    /** Answer of {@link #refer}: no room. */
    public static final int FULL = CallTable.FULL;
    /** Fewest that a director has room for. */
    public static final int FEWEST = 1_024;
    private static final int MOST = 1 << 22;
    /** As many as would fill the narrow form's field for the address. */
    private static final int NUMBER_MASK = (1 << 28) - 1;
    private static final int IPV4_MULTICAST = 0xe << 28;
    private static final long IPV6_MULTICAST = 0xff00L << 48;
    /** Slots for each call or link that there is room for: they are looked for one after the other. */
    private static final int SLOTS = 2;
    private static final int LINKS_PER_CALL = 2;

    private final CallTable calls;
    private final CallLinks links;
    private final int capacity;

    private Calls(final int capacity) {
        this.capacity = capacity;
        this.calls = new CallTable(capacity * SLOTS);
        this.links = new CallLinks(capacity * SLOTS * LINKS_PER_CALL, new SecureRandom().nextLong());
    }

    /**
     * Room for a number of calls, and for twice as many connections made by them.
     *
     * @param calls at least 1; beyond 4,194,304 there is room for so many.
     */
    public static Calls allocate(final long calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("Room for " + calls + " calls cannot be made; ask for at least 1");
        }
        return new Calls((int) Math.min(MOST, calls));
    }

    /** Calls that there is room for. */
    public int capacity() {
        return capacity;
    }

    /** Bytes of memory of tables for a number of calls. */
    public static long memoryBytes(final long calls) {
        return Math.min(MOST, calls) * SLOTS * (CallTable.bytesOfSlot() + LINKS_PER_CALL * CallLinks.SLOT_BYTES);
    }

    /**
     * The call of a client's packet, which has one reference more from now on.
     *
     * @param high the client's masked address, high long.
     * @param low  low long.
     * @return its number, {@link #NO_CALL_ID} if it is no datagram with one, or {@link #FULL}.
     */
    public int refer(final Packet packet, final long high, final long low) {
        final long message = packet.transport() + Udp.HEADER_BYTES;
        final int lengthBytes = (int) (packet.network() + packet.networkLengthBytes() - message);
        if (packet.protocol() != Ipv4.PROTOCOL_UDP || lengthBytes <= 0) {
            return NO_CALL_ID;
        }
        final long found = CallId.find(packet.memory(), message, lengthBytes);
        return found == CallId.NONE ? NO_CALL_ID
            : refer(packet.memory(), message + CallId.offset(found), CallId.lengthBytes(found), high, low);
    }

    int refer(final MemorySegment memory, final long offset, final int lengthBytes, final long high, final long low) {
        return calls.refer(high, low, memory, offset, lengthBytes);
    }

    /** Refers once more to a call that the caller refers to; false if that are too many. */
    public boolean retain(final int call) {
        return calls.retain(call);
    }

    /** Gives a reference back. */
    public void release(final int call) {
        calls.release(call);
    }

    /** What a template has in place of its client's address, high long, by whether that is an IPv4 one. */
    public static long addressHigh(final boolean ipv4) {
        return ipv4 ? Addresses.IPV4_HIGH : IPV6_MULTICAST;
    }

    /** The same, low long. */
    public static long addressLow(final boolean ipv4, final int call) {
        return ipv4 ? Addresses.ipv4Low(IPV4_MULTICAST | call) : call;
    }

    /** The call of a template, by the low long of what it has in place of an address. */
    public static int ofAddress(final long addressLow) {
        return (int) addressLow & NUMBER_MASK;
    }

    /**
     * Links a connection that is about to be made to the call of its template; it has one reference more from now on.
     *
     * @param key  the connection's key word.
     * @param high first word of the address in its entry, 0 in the narrow form.
     * @param low  the other.
     * @return false if there is no room.
     */
    public boolean link(final long key, final long high, final long low, final int call) {
        if (!calls.retain(call)) {
            return false;
        }
        if (links.put(key, high, low, call) < 0) {
            calls.release(call);
            return false;
        }
        return true;
    }

    /** The call of a connection; negative if it has none. */
    public int linked(final long key, final long high, final long low) {
        return links.find(key, high, low);
    }

    /** As {@link #linked}, of a connection that has ended or was not made: its reference is the caller's now. */
    public int unlink(final long key, final long high, final long low) {
        return links.take(key, high, low);
    }

    /** Number of the hop towards the client of a call, 0 if none is known. */
    public int hop(final int call) {
        return calls.hop(call);
    }

    /** Remembers the hop towards the client of a call. */
    public void setHop(final int call, final int hop) {
        if (calls.hop(call) != hop) {
            calls.setHop(call, hop);
        }
    }

    /** A call as listings show it; empty if there is none of this number any more. Any thread. */
    public Optional<Call> listed(final int call) {
        final long seen = calls.seen(call);
        if (seen < 0) {
            return Optional.empty();
        }
        final Call listed = new Call(calls.high(call), calls.low(call),
            new String(calls.bytes(call), StandardCharsets.ISO_8859_1));
        return calls.isStill(call, seen) ? Optional.of(listed) : Optional.empty();
    }

    /** Calls that something refers to, a little old. */
    public int live() {
        return calls.live();
    }

    /** Connections that have a call, a little old. */
    public int linked() {
        return links.live();
    }

    /**
     * A call.
     *
     * @param clientHigh masked address of the client, high long.
     * @param clientLow  low long.
     * @param id         its Call-ID, a character for each byte.
     */
    public record Call(long clientHigh, long clientLow, String id) {
    }
}
