package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The header of generic UDP encapsulation behind the UDP header (draft-ietf-intarea-gue-09 §3.1, the kernel's
 * include/net/gue.h), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +---+-+---------+---------------+-------------------------------+
 *  |ver|C|  hlen   |   protocol    |             flags             |
 *  +---+-+---------+---------------+-------------------------------+
 *  |                optional fields, 4 * hlen bytes                |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Gue {
    /** Length of the header without optional fields, in bytes. */
    public static final int HEADER_BYTES = 4;

    private static final int VERSION_AND_CONTROL = 0xe0;
    private static final int WORDS = 0x1f;
    private static final int PROTOCOL = 1;

    private Gue() {
    }

    /** Writes a header of version 0 without optional fields. */
    public static void write(final MemorySegment memory, final long offset, final int protocol) {
        BigEndian.i32(memory, offset, protocol << 16);
    }

    /** Whether it is version 0 and carries a packet, not a control message. */
    public static boolean carriesPacket(final MemorySegment memory, final long offset) {
        return (BigEndian.u8(memory, offset) & VERSION_AND_CONTROL) == 0;
    }

    /** Length of the header with its optional fields: 4 to 128 bytes. */
    public static int headerBytes(final MemorySegment memory, final long offset) {
        return HEADER_BYTES + ((BigEndian.u8(memory, offset) & WORDS) << 2);
    }

    /** IP protocol number of what it carries. */
    public static int protocol(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + PROTOCOL);
    }
}
