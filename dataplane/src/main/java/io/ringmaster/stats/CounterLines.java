package io.ringmaster.stats;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * Counters of one writer: a line of eight longs for each number, outside the heap, written by one worker and read by
 * all. Unchecked, since each packet counts in two lines twice; an index is in range by how it is made, and under -ea
 * every access asserts it.
 */
public final class CounterLines {
    private static final int LINE_SHIFT = 6;
    private static final int FIELD_SHIFT = 3;
    private static final int FIELDS = 1 << LINE_SHIFT - FIELD_SHIFT;

    private final int numbers;
    /** Keeps the memory reachable. */
    private final ByteBuffer memory;
    private final long start;

    CounterLines(final int numbers) {
        this.numbers = numbers;
        memory = BufferUtil.allocateDirectAligned(numbers << LINE_SHIFT, 1 << LINE_SHIFT);
        start = BufferUtil.address(memory);
    }

    /** Adds to a counter; the writer alone, so no update is lost. Opaque: readers see whole longs, soon. */
    public void add(final int number, final int field, final long delta) {
        final long at = at(number, field);
        UnsafeApi.putLongOpaque(null, at, UnsafeApi.getLong(null, at) + delta);
    }

    /** Adds one to a field of packets and some to one of bytes; the writer alone. */
    public void addPacket(final int number, final int packets, final int bytes, final int lengthBytes) {
        final long at = at(number, 0);
        final long packetsAt = at + ((long) packets << FIELD_SHIFT);
        final long bytesAt = at + ((long) bytes << FIELD_SHIFT);
        UnsafeApi.putLongOpaque(null, packetsAt, UnsafeApi.getLong(null, packetsAt) + 1);
        UnsafeApi.putLongOpaque(null, bytesAt, UnsafeApi.getLong(null, bytesAt) + lengthBytes);
    }

    /** The counter; any thread. */
    long get(final int number, final int field) {
        return UnsafeApi.getLongOpaque(null, at(number, field));
    }

    private long at(final int number, final int field) {
        assert memory != null && number >= 0 && number < numbers && field >= 0 && field < FIELDS
            : "number " + number + " field " + field;
        return start + ((long) number << LINE_SHIFT) + ((long) field << FIELD_SHIFT);
    }
}
