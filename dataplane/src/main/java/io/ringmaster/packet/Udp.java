package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The UDP header (RFC 768), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +-------------------------------+-------------------------------+
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+
 *  |            length             |           checksum            |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
public final class Udp {
    /** Length of the header in bytes. */
    public static final int HEADER_BYTES = 8;
    /** What the checksum field holds if the sender made none. */
    public static final int NO_CHECKSUM = 0;
    /** What the field holds for a computed checksum of zero: the other form of zero in one's complement. */
    public static final int ZERO_CHECKSUM = 0xffff;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int LENGTH = 4;
    private static final int CHECKSUM = 6;

    private Udp() {
    }

    public static int sourcePort(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + SOURCE_PORT);
    }

    public static void sourcePort(final MemorySegment memory, final long offset, final int port) {
        BigEndian.u16(memory, offset + SOURCE_PORT, port);
    }

    public static int destinationPort(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + DESTINATION_PORT);
    }

    public static void destinationPort(final MemorySegment memory, final long offset, final int port) {
        BigEndian.u16(memory, offset + DESTINATION_PORT, port);
    }

    /** Writes the bytes of header and data. */
    public static void length(final MemorySegment memory, final long offset, final int bytes) {
        BigEndian.u16(memory, offset + LENGTH, bytes);
    }

    public static int checksum(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + CHECKSUM);
    }

    public static void checksum(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u16(memory, offset + CHECKSUM, value);
    }
}
