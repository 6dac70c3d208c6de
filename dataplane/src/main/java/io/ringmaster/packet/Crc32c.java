package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * CRC32c (RFC 9260 appendix A) of packet memory, eight bytes a step by eight tables. {@link java.util.zip.CRC32C} wants
 * a buffer, which would be made for each packet or copied into.
 */
final class Crc32c {
    private static final int POLYNOMIAL = 0x82f6_3b78;
    private static final int STEP = Long.BYTES;
    private static final int[][] TABLES = tables();

    private Crc32c() {
    }

    static int of(final MemorySegment memory, final long offset, final int lengthBytes) {
        int crc = -1;
        int at = 0;
        for (; at + STEP <= lengthBytes; at += STEP) {
            final long word = Long.reverseBytes(BigEndian.i64(memory, offset + at)) ^ crc & 0xffff_ffffL;
            crc = 0;
            for (int i = 0; i < STEP; i++) {
                crc ^= TABLES[STEP - 1 - i][(int) (word >>> i * Byte.SIZE) & 0xff];
            }
        }
        for (; at < lengthBytes; at++) {
            crc = crc >>> Byte.SIZE ^ TABLES[0][(crc ^ BigEndian.u8(memory, offset + at)) & 0xff];
        }
        return ~crc;
    }

    private static int[][] tables() {
        final int[][] tables = new int[STEP][1 << Byte.SIZE];
        for (int value = 0; value < tables[0].length; value++) {
            int crc = value;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
            }
            tables[0][value] = crc;
        }
        for (int step = 1; step < STEP; step++) {
            for (int value = 0; value < tables[0].length; value++) {
                final int before = tables[step - 1][value];
                tables[step][value] = before >>> Byte.SIZE ^ tables[0][before & 0xff];
            }
        }
        return tables;
    }
}
