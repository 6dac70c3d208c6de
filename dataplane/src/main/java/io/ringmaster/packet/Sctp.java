package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * SCTP (RFC 9260 §3): a common header, whose ports lie where those of UDP do, and chunks.
 * <pre>
 *  0               1               2               3
 *  +-------------------------------+-------------------------------+
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+
 *  |                       verification tag                        |
 *  +---------------------------------------------------------------+
 *  |        CRC32c of the whole packet, least significant first    |
 *  +---------------+---------------+-------------------------------+
 *  |  chunk type   |  chunk flags  |  chunk length, 4 and more     |
 *  +---------------+---------------+-------------------------------+
 * </pre>
 */
public final class Sctp {
    /** Length of the common header in bytes. */
    public static final int HEADER_BYTES = 12;
    /** Length of what each chunk begins with. */
    public static final int CHUNK_HEADER_BYTES = 4;
    /** Chunk type INIT: the first packet of an association. */
    public static final int INIT = 1;
    /** Chunk type ABORT. */
    public static final int ABORT = 6;

    /** In place of TCP's flags, beyond all of them: the rest is about SCTP. */
    public static final int EVENT = 0x100;
    /** How far the event lies left of {@link #EVENT}'s lowest bits, which are {@link Tcp#SYN} and {@link Tcp#RST}. */
    public static final int EVENT_SHIFT = 3;

    private static final int CHECKSUM = 8;
    private static final int COOKIE_ECHO = 10;
    private static final int COOKIE_ACK = 11;
    // Of chunk types 0 to 14: data 0, init 1, init ack 2, cookie echo 3, cookie ack 4, shutdown 5, its ack 6, its
    // end 7, error 8, abort 9; sack, heartbeats, ECN and all later types are as data (ip_vs_proto_sctp.c).
    private static final byte[] EVENTS = {0, 1, 2, 0, 0, 0, 9, 5, 6, 8, 3, 4, 0, 0, 7};

    private Sctp() {
    }

    /** Writes the checksum of a packet anew. */
    public static void writeChecksum(final MemorySegment memory, final long offset, final int lengthBytes) {
        BigEndian.i32(memory, offset + CHECKSUM, 0);
        BigEndian.i32(memory, offset + CHECKSUM, Integer.reverseBytes(Crc32c.of(memory, offset, lengthBytes)));
    }

    /**
     * What a packet means for its connection, in the form of TCP's flags: {@link #EVENT}, the event, and SYN for a
     * packet that begins an association, RST for one that aborts it.
     *
     * @param room bytes from the offset to the packet's end: the common header and one chunk's at least.
     */
    static int flags(final MemorySegment memory, final long offset, final int room) {
        final int first = BigEndian.u8(memory, offset + HEADER_BYTES);
        final int type = (first == COOKIE_ECHO || first == COOKIE_ACK) && abortFollows(memory, offset, room)
            ? ABORT : first;
        return flagsOf(type);
    }

    /** As {@link #flags}, by the type of the chunk that tells. */
    static int flagsOf(final int type) {
        final int event = type < EVENTS.length ? EVENTS[type] : 0;
        return EVENT | event << EVENT_SHIFT | (type == INIT ? Tcp.SYN : type == ABORT ? Tcp.RST : 0);
    }

    /** Control chunks may stand before an ABORT (RFC 9260 §3.3.7). */
    private static boolean abortFollows(final MemorySegment memory, final long offset, final int room) {
        final int lengthBytes = BigEndian.u16(memory, offset + HEADER_BYTES + 2);
        final int next = HEADER_BYTES + (lengthBytes + 3 & -4);
        return lengthBytes >= CHUNK_HEADER_BYTES && next + CHUNK_HEADER_BYTES <= room
            && BigEndian.u8(memory, offset + next) == ABORT;
    }
}
