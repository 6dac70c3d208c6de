package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What {@link BigEndian} does with assertions on: the memory segment checks its bounds, whether it is alive and whether
 * it may be written; and whoever watches is told.
 */
public final class CheckedAccess {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    /** Set before the threads that it is to see start. */
    private static AccessWatch watch;

    private CheckedAccess() {
    }

    /**
     * Lets somebody watch all accesses of the whole process, or nobody.
     *
     * @param newWatch null: nobody.
     * @throws IllegalStateException without assertions, when nobody would be told of anything.
     */
    public static void watch(final AccessWatch newWatch) {
        if (newWatch != null && !BigEndian.CHECKED) {
            throw new IllegalStateException("Accesses of packet memory are checked with assertions on only: java -ea");
        }
        watch = newWatch;
    }

    static byte i8(final MemorySegment memory, final long offset) {
        reads(memory, offset, Byte.BYTES);
        return memory.get(BYTE, offset);
    }

    static void i8(final MemorySegment memory, final long offset, final byte value) {
        writes(memory, offset, Byte.BYTES);
        memory.set(BYTE, offset, value);
    }

    static int u16(final MemorySegment memory, final long offset) {
        reads(memory, offset, Short.BYTES);
        return memory.get(SHORT, offset) & 0xffff;
    }

    static void u16(final MemorySegment memory, final long offset, final int value) {
        writes(memory, offset, Short.BYTES);
        memory.set(SHORT, offset, (short) value);
    }

    static int i32(final MemorySegment memory, final long offset) {
        reads(memory, offset, Integer.BYTES);
        return memory.get(INT, offset);
    }

    static void i32(final MemorySegment memory, final long offset, final int value) {
        writes(memory, offset, Integer.BYTES);
        memory.set(INT, offset, value);
    }

    static long i64(final MemorySegment memory, final long offset) {
        reads(memory, offset, Long.BYTES);
        return memory.get(LONG, offset);
    }

    static void i64(final MemorySegment memory, final long offset, final long value) {
        writes(memory, offset, Long.BYTES);
        memory.set(LONG, offset, value);
    }

    private static void reads(final MemorySegment memory, final long offset, final int bytes) {
        if (watch != null && memory.isNative()) {
            watch.reads(memory.address() + offset, bytes);
        }
    }

    private static void writes(final MemorySegment memory, final long offset, final int bytes) {
        if (watch != null && memory.isNative()) {
            watch.writes(memory.address() + offset, bytes);
        }
    }
}
