package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers in network byte order (RFC 1700: most significant byte first) at any offset of packet memory. The layouts are
 * unaligned because an Ethernet header of 14 bytes leaves everything behind it on odd halves of a word.
 */
public final class BigEndian {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private BigEndian() {
    }

    /** The byte at the offset, 0 to 255. */
    public static int u8(final MemorySegment memory, final long offset) {
        return memory.get(BYTE, offset) & 0xff;
    }

    /** Writes the low 8 bits of the value. */
    public static void u8(final MemorySegment memory, final long offset, final int value) {
        memory.set(BYTE, offset, (byte) value);
    }

    /** The two bytes at the offset, 0 to 65,535. */
    public static int u16(final MemorySegment memory, final long offset) {
        return memory.get(SHORT, offset) & 0xffff;
    }

    /** Writes the low 16 bits of the value. */
    public static void u16(final MemorySegment memory, final long offset, final int value) {
        memory.set(SHORT, offset, (short) value);
    }

    /** The four bytes at the offset. */
    public static int i32(final MemorySegment memory, final long offset) {
        return memory.get(INT, offset);
    }

    /** Writes four bytes. */
    public static void i32(final MemorySegment memory, final long offset, final int value) {
        memory.set(INT, offset, value);
    }

    /** The eight bytes at the offset. */
    public static long i64(final MemorySegment memory, final long offset) {
        return memory.get(LONG, offset);
    }

    /** The six bytes at the offset in the low 48 bits, the first one highest. */
    public static long u48(final MemorySegment memory, final long offset) {
        return (long) u16(memory, offset) << 32 | i32(memory, offset + 2) & 0xffff_ffffL;
    }

    /** Writes the low 48 bits of the value, the highest byte first. */
    public static void u48(final MemorySegment memory, final long offset, final long value) {
        u16(memory, offset, (int) (value >>> 32));
        i32(memory, offset + 2, (int) value);
    }
}
