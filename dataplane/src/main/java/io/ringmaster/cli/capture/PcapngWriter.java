package io.ringmaster.cli.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes blocks of a pcapng file (draft-ietf-opsawg-pcapng) into memory, little-endian, times in nanoseconds. A block:
 * <pre>
 *   type u32 | total length u32 | body | options | total length u32        all padded to 4 bytes
 *   an option:   code u16 | length u16 | value, padded to 4 bytes;  the last one is 0, 0
 * </pre>
 * Owned by one thread.
 */
public final class PcapngWriter {
    /** Bit of {@link #packet}'s flags: received. */
    public static final int INBOUND = 1;
    /** Bit of {@link #packet}'s flags: sent. */
    public static final int OUTBOUND = 2;
    private static final int SECTION = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int COMMENT = 1;
    private static final int SECTION_HARDWARE_TO_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;
    private static final int PACKET_FLAGS = 2;
    private static final int PACKET_ID = 5;
    private static final int STATISTICS_DROPPED = 7;
    private static final int LONGEST_OPTION_BYTES = 0xffff;
    private static final int FIRST_BYTES = 1 << 16;
    private static final ValueLayout.OfInt I32 =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[FIRST_BYTES];
    private MemorySegment memory = MemorySegment.ofArray(bytes);
    private int length;
    private int start;

    /** What was written; only the first {@link #lengthBytes} are. */
    byte[] bytes() {
        return bytes;
    }

    /** How much was written since {@link #clear}. */
    int lengthBytes() {
        return length;
    }

    /** Begins anew with empty memory: what was written went elsewhere. */
    void clear() {
        length = 0;
    }

    /**
     * The beginning of a file.
     *
     * @param application what writes it.
     * @param comment     about the whole.
     */
    void section(final String application, final String comment) {
        begin(SECTION);
        i32(BYTE_ORDER);
        // Version 1.0; then the length of the section, -1: it is not known.
        i16(1);
        i16(0);
        i32(-1);
        i32(-1);
        option(SECTION_HARDWARE_TO_APPLICATION, application);
        option(COMMENT, comment);
        endOptions();
        end();
    }

    /** An interface; the first one has number 0. */
    void networkInterface(final String name, final int snapBytes) {
        begin(INTERFACE);
        i16(LINKTYPE_ETHERNET);
        i16(0);
        i32(snapBytes);
        option(INTERFACE_NAME, name);
        optionHeader(INTERFACE_RESOLUTION, 1);
        padded(new byte[] {NANOSECONDS});
        endOptions();
        end();
    }

    /**
     * A packet, with as many bytes as were captured.
     *
     * @param epochNs nanoseconds since 1970.
     * @param from    where it lies.
     * @param captured bytes that are there.
     * @param wireBytes bytes that it had.
     * @param flags   {@link #INBOUND} or {@link #OUTBOUND}; 0 for neither.
     * @param number  the same for what is one packet in several places.
     */
    void packet(final int interfaceNumber, final long epochNs, final MemorySegment from, final long offset,
                final int captured, final int wireBytes, final int flags, final long number, final String comment) {
        begin(ENHANCED_PACKET);
        i32(interfaceNumber);
        time(epochNs);
        i32(captured);
        i32(wireBytes);
        reserve(captured + Integer.BYTES);
        MemorySegment.copy(from, offset, memory, length, captured);
        length += captured;
        pad();
        option(COMMENT, comment);
        optionHeader(PACKET_FLAGS, Integer.BYTES);
        i32(flags);
        optionHeader(PACKET_ID, Long.BYTES);
        i64(number);
        endOptions();
        end();
    }

    /** How many packets of an interface could not be captured, until a time. */
    void statistics(final int interfaceNumber, final long epochNs, final long missed) {
        begin(STATISTICS);
        i32(interfaceNumber);
        time(epochNs);
        optionHeader(STATISTICS_DROPPED, Long.BYTES);
        i64(missed);
        endOptions();
        end();
    }

    private void begin(final int type) {
        start = length;
        i32(type);
        i32(0);
    }

    private void end() {
        final int total = length - start + Integer.BYTES;
        i32(total);
        memory.set(I32, start + Integer.BYTES, total);
    }

    private void time(final long epochNs) {
        i32((int) (epochNs >>> Integer.SIZE));
        i32((int) epochNs);
    }

    private void option(final int code, final String text) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        if (value.length > LONGEST_OPTION_BYTES) {
            value = Arrays.copyOf(value, LONGEST_OPTION_BYTES);
        }
        optionHeader(code, value.length);
        padded(value);
    }

    private void optionHeader(final int code, final int lengthBytes) {
        i16(code);
        i16(lengthBytes);
    }

    private void endOptions() {
        i32(0);
    }

    private void padded(final byte[] value) {
        reserve(value.length + Integer.BYTES);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        pad();
    }

    private void pad() {
        while (length % Integer.BYTES != 0) {
            bytes[length++] = 0;
        }
    }

    private void i16(final int value) {
        reserve(Short.BYTES);
        memory.set(I16, length, (short) value);
        length += Short.BYTES;
    }

    private void i32(final int value) {
        reserve(Integer.BYTES);
        memory.set(I32, length, value);
        length += Integer.BYTES;
    }

    private void i64(final long value) {
        i32((int) value);
        i32((int) (value >>> Integer.SIZE));
    }

    private void reserve(final int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
            memory = MemorySegment.ofArray(bytes);
        }
    }
}
