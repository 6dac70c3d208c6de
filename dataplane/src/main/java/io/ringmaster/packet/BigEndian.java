package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;
import org.agrona.UnsafeApi;

/**
 * Numbers in network byte order (RFC 1700: most significant byte first) at any offset of packet memory, aligned or not.
 * The only class that touches packet memory; everything else goes through flyweights over it.
 * <p>
 * Unchecked, because some thirty reads and writes of each packet go through here, and the checks of a memory segment
 * (its class, its bounds, whether it is alive and may be written) were a third of all instructions of a packet. What
 * keeps an access inside its frame is the parser, which compares every length with that of the frame before anything
 * behind it is read. With assertions on, as in every test, each access is checked against the segment.
 */
public final class BigEndian {
    private BigEndian() {
    }

    /** The byte at the offset, 0 to 255. */
    public static int u8(final MemorySegment memory, final long offset) {
        return UnsafeApi.getByte(null, at(memory, offset, Byte.BYTES)) & 0xff;
    }

    /** Writes the low 8 bits of the value. */
    public static void u8(final MemorySegment memory, final long offset, final int value) {
        UnsafeApi.putByte(null, at(memory, offset, Byte.BYTES), (byte) value);
    }

    /** The two bytes at the offset, 0 to 65,535. */
    public static int u16(final MemorySegment memory, final long offset) {
        return Short.reverseBytes(UnsafeApi.getShort(null, at(memory, offset, Short.BYTES))) & 0xffff;
    }

    /** Writes the low 16 bits of the value. */
    public static void u16(final MemorySegment memory, final long offset, final int value) {
        UnsafeApi.putShort(null, at(memory, offset, Short.BYTES), Short.reverseBytes((short) value));
    }

    /** The four bytes at the offset. */
    public static int i32(final MemorySegment memory, final long offset) {
        return Integer.reverseBytes(UnsafeApi.getInt(null, at(memory, offset, Integer.BYTES)));
    }

    /** Writes four bytes. */
    public static void i32(final MemorySegment memory, final long offset, final int value) {
        UnsafeApi.putInt(null, at(memory, offset, Integer.BYTES), Integer.reverseBytes(value));
    }

    /** The eight bytes at the offset. */
    public static long i64(final MemorySegment memory, final long offset) {
        return Long.reverseBytes(UnsafeApi.getLong(null, at(memory, offset, Long.BYTES)));
    }

    /** Writes eight bytes. */
    public static void i64(final MemorySegment memory, final long offset, final long value) {
        UnsafeApi.putLong(null, at(memory, offset, Long.BYTES), Long.reverseBytes(value));
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

    private static long at(final MemorySegment memory, final long offset, final int bytes) {
        assert holds(memory, offset, bytes) : bytes + " bytes at offset " + offset + " of " + memory;
        return memory.address() + offset;
    }

    private static boolean holds(final MemorySegment memory, final long offset, final int bytes) {
        return memory.isNative() && memory.scope().isAlive() && offset >= 0 && offset <= memory.byteSize() - bytes;
    }
}
