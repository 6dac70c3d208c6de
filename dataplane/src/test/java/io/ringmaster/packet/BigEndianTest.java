package io.ringmaster.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tests run with assertions, and so on checked accesses: here is the other half, what a director uses. */
class BigEndianTest {
    private static final int BYTES = 32;

    @Property
    void plainLoadsSayWhatCheckedOnesSay(@ForAll final long bits, @ForAll @IntRange(max = BYTES - 8) final int offset) {
        final MemorySegment memory = Arena.ofAuto().allocate(BYTES);
        BigEndian.i64(memory, offset, bits);
        assertEquals(bits, BigEndian.Raw.i64(memory, offset));
        assertEquals((int) (bits >>> 32), BigEndian.Raw.i32(memory, offset));
        assertEquals((int) (bits >>> 48), BigEndian.Raw.u16(memory, offset));
        assertEquals((byte) (bits >>> 56), BigEndian.Raw.i8(memory, offset));
    }

    @Property
    void plainStoresWriteWhatCheckedOnesWrite(@ForAll final long bits,
        @ForAll @IntRange(max = BYTES - 8) final int offset) {
        final MemorySegment raw = Arena.ofAuto().allocate(BYTES);
        final MemorySegment checked = Arena.ofAuto().allocate(BYTES);
        BigEndian.Raw.i64(raw, offset, bits);
        BigEndian.i64(checked, offset, bits);
        assertEquals(-1, raw.mismatch(checked));
        BigEndian.Raw.i32(raw, offset, ~(int) bits);
        BigEndian.i32(checked, offset, ~(int) bits);
        assertEquals(-1, raw.mismatch(checked));
        BigEndian.Raw.u16(raw, offset, (int) (bits >> 5));
        BigEndian.u16(checked, offset, (int) (bits >> 5));
        assertEquals(-1, raw.mismatch(checked));
        BigEndian.Raw.i8(raw, offset, (byte) (bits >> 9));
        BigEndian.u8(checked, offset, (int) (bits >> 9));
        assertEquals(-1, raw.mismatch(checked));
    }
}
