package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * VLAN tags (IEEE 802.1Q clause 9), of which a frame may have two (802.1ad): taken out before a packet is parsed, put
 * in again when it leaves.
 * <pre>
 *  0                   6                  12      14      16      18
 *  +-------------------+-------------------+-------+-------+-------+--------- - -
 *  |  destination MAC  |    source MAC     | 8100  | PCP,  | type  | payload
 *  |                   |                   | 88a8  | DEI, VID      |
 *  +-------------------+-------------------+-------+-------+-------+--------- - -
 * </pre>
 * The tags of a frame in one int: the inner one, or the only one, in the lower half; 0 for none.
 * <pre>
 *   one tag (16 bits):  | 1: there | 2: 0 | 1: 88a8 | 12: VID |
 * </pre>
 * Priorities are not kept: they are of the way that the frame came.
 */
public final class Vlan {
    /** EtherType of a tag of a customer (802.1Q). */
    public static final int TYPE_CUSTOMER = 0x8100;
    /** EtherType of a tag of a provider (802.1ad), the outer one of two. */
    public static final int TYPE_SERVICE = 0x88a8;
    /** Bytes that two tags take. */
    public static final int MOST_BYTES = 8;
    /** Length of a frame with one tag and nothing behind it. */
    public static final int LEAST_BYTES = Ethernet.HEADER_BYTES + 4;
    private static final int TAG_BYTES = 4;
    private static final int TYPE = 12;
    private static final int THERE = 0x8000;
    private static final int SERVICE = 0x1000;
    private static final int IDENTIFIER = 0xfff;

    private Vlan() {
    }

    /** Whether an EtherType is that of a tag. */
    public static boolean isTag(final int type) {
        return type == TYPE_CUSTOMER || type == TYPE_SERVICE;
    }

    /** One tag in the form above. */
    public static int tag(final int type, final int identifier) {
        return THERE | (type == TYPE_SERVICE ? SERVICE : 0) | identifier & IDENTIFIER;
    }

    /** Two of them: what stands before the other on the wire, and that. */
    public static int both(final int outer, final int inner) {
        return outer << Short.SIZE | inner;
    }

    /** Whether there are two. */
    public static boolean areTwo(final int tags) {
        return tags >>> Short.SIZE != 0;
    }

    /**
     * Takes the tags out of a frame, two at most: the addresses move towards its end. A tag of VID 0 says nothing but a
     * priority (802.1Q 9.6).
     *
     * @return the tags, 0 if there are none but such.
     */
    public static int strip(final Packet packet) {
        final MemorySegment memory = packet.memory;
        int tags = 0;
        int bytes = 0;
        while (bytes < MOST_BYTES && bytes + Ethernet.HEADER_BYTES + TAG_BYTES <= packet.lengthBytes) {
            final int type = BigEndian.u16(memory, packet.frame + TYPE + bytes);
            if (!isTag(type)) {
                break;
            }
            final int identifier = BigEndian.u16(memory, packet.frame + TYPE + 2 + bytes) & IDENTIFIER;
            tags = identifier == 0 ? tags : both(tags, tag(type, identifier));
            bytes += TAG_BYTES;
        }
        move(memory, packet.frame, packet.frame + bytes);
        packet.wrap(packet.frame + bytes, packet.lengthBytes - bytes, packet.port);
        return tags;
    }

    /**
     * Puts tags into a frame, which begins so much earlier then; there must be room.
     *
     * @return bytes that they take.
     */
    public static int push(final MemorySegment memory, final long frame, final int tags) {
        final int bytes = areTwo(tags) ? 2 * TAG_BYTES : TAG_BYTES;
        move(memory, frame, frame - bytes);
        write(memory, frame + TYPE - TAG_BYTES, tags);
        if (areTwo(tags)) {
            write(memory, frame + TYPE - 2 * TAG_BYTES, tags >>> Short.SIZE);
        }
        return bytes;
    }

    private static void write(final MemorySegment memory, final long offset, final int tag) {
        BigEndian.u16(memory, offset, (tag & SERVICE) != 0 ? TYPE_SERVICE : TYPE_CUSTOMER);
        BigEndian.u16(memory, offset + 2, tag & IDENTIFIER);
    }

    private static void move(final MemorySegment memory, final long from, final long to) {
        final long first = BigEndian.i64(memory, from);
        final int second = BigEndian.i32(memory, from + Long.BYTES);
        BigEndian.i64(memory, to, first);
        BigEndian.i32(memory, to + Long.BYTES, second);
    }
}
