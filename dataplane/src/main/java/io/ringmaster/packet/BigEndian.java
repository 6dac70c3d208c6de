package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Numbers in network byte order (RFC 1700: most significant byte first) at any offset of packet memory, aligned or not.
 * The only class that touches packet memory; everything else goes through flyweights over it.
 * <p>
 * With assertions on, as in every test, each access is one of the memory segment ({@link CheckedAccess}), which checks
 * its bounds, whether it is alive and whether it may be written; so is each access of memory on the heap. Without them
 * an access of packet memory is a plain load or store: some thirty of each packet go through here, and the segment's
 * checks were a third of all instructions of a packet. What keeps an access inside its frame then is the parser, which
 * compares every length with that of the frame before anything behind it is read.
 */
public final class BigEndian {
    /** A constant to the compiler: what is not taken leaves no trace. */
    static final boolean CHECKED = BigEndian.class.desiredAssertionStatus();

    private BigEndian() {
    }

    /** Always of memory on the heap, which has no address: captures, not packet memory. */
    private static boolean checked(final MemorySegment memory) {
        return CHECKED || !memory.isNative();
    }

    /** The byte at the offset, 0 to 255. */
    public static int u8(final MemorySegment memory, final long offset) {
        return (checked(memory) ? CheckedAccess.i8(memory, offset) : Raw.i8(memory, offset)) & 0xff;
    }

    /** Writes the low 8 bits of the value. */
    public static void u8(final MemorySegment memory, final long offset, final int value) {
        if (checked(memory)) {
            CheckedAccess.i8(memory, offset, (byte) value);
        } else {
            Raw.i8(memory, offset, (byte) value);
        }
    }

    /** The two bytes at the offset, 0 to 65,535. */
    public static int u16(final MemorySegment memory, final long offset) {
        return checked(memory) ? CheckedAccess.u16(memory, offset) : Raw.u16(memory, offset);
    }

    /** Writes the low 16 bits of the value. */
    public static void u16(final MemorySegment memory, final long offset, final int value) {
        if (checked(memory)) {
            CheckedAccess.u16(memory, offset, value);
        } else {
            Raw.u16(memory, offset, value);
        }
    }

    /** The four bytes at the offset. */
    public static int i32(final MemorySegment memory, final long offset) {
        return checked(memory) ? CheckedAccess.i32(memory, offset) : Raw.i32(memory, offset);
    }

    /** Writes four bytes. */
    public static void i32(final MemorySegment memory, final long offset, final int value) {
        if (checked(memory)) {
            CheckedAccess.i32(memory, offset, value);
        } else {
            Raw.i32(memory, offset, value);
        }
    }

    /** The eight bytes at the offset. */
    public static long i64(final MemorySegment memory, final long offset) {
        return checked(memory) ? CheckedAccess.i64(memory, offset) : Raw.i64(memory, offset);
    }

    /** Writes eight bytes. */
    public static void i64(final MemorySegment memory, final long offset, final long value) {
        if (checked(memory)) {
            CheckedAccess.i64(memory, offset, value);
        } else {
            Raw.i64(memory, offset, value);
        }
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

    /** The plain loads and stores; of native memory only. */
    static final class Raw {
        private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

        private Raw() {
        }

        static byte i8(final MemorySegment memory, final long offset) {
            return UnsafeApi.getByte(null, memory.address() + offset);
        }

        static void i8(final MemorySegment memory, final long offset, final byte value) {
            UnsafeApi.putByte(null, memory.address() + offset, value);
        }

        // Turned round as an int: the shift that follows leaves 16 bits, and so no step is needed that makes them 16.
        static int u16(final MemorySegment memory, final long offset) {
            final short value = UnsafeApi.getShort(null, memory.address() + offset);
            return LITTLE ? Integer.reverseBytes(value) >>> 16 : value & 0xffff;
        }

        static void u16(final MemorySegment memory, final long offset, final int value) {
            UnsafeApi.putShort(null, memory.address() + offset,
                (short) (LITTLE ? Integer.reverseBytes(value) >>> 16 : value));
        }

        static int i32(final MemorySegment memory, final long offset) {
            return order(UnsafeApi.getInt(null, memory.address() + offset));
        }

        static void i32(final MemorySegment memory, final long offset, final int value) {
            UnsafeApi.putInt(null, memory.address() + offset, order(value));
        }

        static long i64(final MemorySegment memory, final long offset) {
            return order(UnsafeApi.getLong(null, memory.address() + offset));
        }

        static void i64(final MemorySegment memory, final long offset, final long value) {
            UnsafeApi.putLong(null, memory.address() + offset, order(value));
        }

        private static int order(final int value) {
            return LITTLE ? Integer.reverseBytes(value) : value;
        }

        private static long order(final long value) {
            return LITTLE ? Long.reverseBytes(value) : value;
        }
    }
}
