package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The GRE header (RFC 2784 §2.1), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +-+---------------------+-------+-------------------------------+
 *  |C|       zeros         |version|  Ethernet type of the packet  |
 *  +-+---------------------+-------+-------------------------------+
 *  |      checksum, if C           |            zeros              |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
public final class Gre {
    /** Length of the header without a checksum, in bytes. */
    public static final int HEADER_BYTES = 4;
    /** Length of the header with a checksum. */
    public static final int CHECKSUM_HEADER_BYTES = 8;

    private static final int CHECKSUM_PRESENT = 0x8000;
    private static final int TYPE = 2;
    private static final int CHECKSUM = 4;

    private Gre() {
    }

    /** Writes a header without a checksum. */
    public static void write(final MemorySegment memory, final long offset, final int etherType) {
        BigEndian.i32(memory, offset, etherType);
    }

    /**
     * Writes a header with the checksum over itself and what follows.
     *
     * @param lengthBytes bytes of header and packet.
     */
    public static void writeWithChecksum(final MemorySegment memory, final long offset, final int etherType,
                                         final int lengthBytes) {
        BigEndian.i32(memory, offset, CHECKSUM_PRESENT << 16 | etherType);
        BigEndian.i32(memory, offset + CHECKSUM, 0);
        BigEndian.u16(memory, offset + CHECKSUM, Checksum.of(memory, offset, lengthBytes));
    }

    /** Length of the header, or -1 if it has more than a checksum or another version: not ours. */
    public static int headerBytes(final MemorySegment memory, final long offset) {
        return switch (BigEndian.u16(memory, offset)) {
            case 0 -> HEADER_BYTES;
            case CHECKSUM_PRESENT -> CHECKSUM_HEADER_BYTES;
            default -> -1;
        };
    }

    /** Ethernet type of what it carries. */
    public static int type(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + TYPE);
    }
}
