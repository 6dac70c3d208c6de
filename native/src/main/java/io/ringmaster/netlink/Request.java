package io.ringmaster.netlink;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes one netlink message: begin, the fixed part as bytes and numbers, attributes. Owned by its socket's thread. */
final class Request {
    private static final int CAPACITY_BYTES = 256;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private final MemorySegment memory = Arena.ofAuto().allocate(CAPACITY_BYTES, Long.BYTES);
    private long length;

    /** Starts a message with a fixed part of zeros behind the header. */
    Request begin(final int type, final int flags, final int fixedBytes) {
        memory.fill((byte) 0);
        memory.set(SHORT, NetlinkHeader.TYPE, (short) type);
        memory.set(SHORT, NetlinkHeader.FLAGS, (short) (flags | NetlinkHeader.FLAG_REQUEST));
        length = NetlinkHeader.next(NetlinkHeader.BYTES, fixedBytes);
        return this;
    }

    /** Sets a byte of the fixed part. */
    Request byteAt(final int offset, final int value) {
        memory.set(ValueLayout.JAVA_BYTE, NetlinkHeader.BYTES + offset, (byte) value);
        return this;
    }

    /** Sets 32 bits of the fixed part. */
    Request intAt(final int offset, final int value) {
        memory.set(INT, NetlinkHeader.BYTES + offset, value);
        return this;
    }

    /** Appends an attribute. */
    Request attribute(final int type, final byte[] value) {
        attributeHeader(type, value.length);
        MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, length + Attributes.HEADER_BYTES, value.length);
        length = NetlinkHeader.next(length, Attributes.HEADER_BYTES + value.length);
        return this;
    }

    /** Appends an attribute that is a number. */
    Request attribute(final int type, final int value) {
        attributeHeader(type, Integer.BYTES);
        memory.set(INT, length + Attributes.HEADER_BYTES, value);
        length += Attributes.HEADER_BYTES + Integer.BYTES;
        return this;
    }

    /** Ends the message; the result is valid until the next begin. */
    MemorySegment finish(final int sequence) {
        memory.set(INT, NetlinkHeader.LENGTH, (int) length);
        memory.set(INT, NetlinkHeader.SEQUENCE, sequence);
        return memory.asSlice(0, length);
    }

    private void attributeHeader(final int type, final int valueBytes) {
        memory.set(SHORT, length + Attributes.LENGTH, (short) (Attributes.HEADER_BYTES + valueBytes));
        memory.set(SHORT, length + Attributes.TYPE, (short) type);
    }
}
