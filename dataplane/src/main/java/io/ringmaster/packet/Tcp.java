package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The TCP header (RFC 9293 §3.1), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +-------------------------------+-------------------------------+
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+
 *  |                        sequence number                        |
 *  +---------------------------------------------------------------+
 *  |                     acknowledgment number                     |
 *  +-------+-------+---------------+-------------------------------+
 *  |d. off.| 0     |C E U A P R S F|            window             |
 *  +-------+-------+---------------+-------------------------------+
 *  |           checksum            |        urgent pointer         |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
public final class Tcp {
    /** Length of a header without options, in bytes. */
    public static final int HEADER_BYTES = 20;
    /** Flag: no more data from the sender. */
    public static final int FIN = 0x01;
    /** Flag: start of a connection. */
    public static final int SYN = 0x02;
    /** Flag: reset. */
    public static final int RST = 0x04;
    /** Flag: the acknowledgment number counts. */
    public static final int ACK = 0x10;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int CHECKSUM = 16;

    private Tcp() {
    }

    public static int sourcePort(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + SOURCE_PORT);
    }

    public static void sourcePort(final MemorySegment memory, final long offset, final int port) {
        BigEndian.u16(memory, offset + SOURCE_PORT, port);
    }

    public static int destinationPort(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + DESTINATION_PORT);
    }

    public static void destinationPort(final MemorySegment memory, final long offset, final int port) {
        BigEndian.u16(memory, offset + DESTINATION_PORT, port);
    }

    /** Number of the segment's first byte of data, all 32 bits. */
    public static int sequence(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + SEQUENCE);
    }

    public static void sequence(final MemorySegment memory, final long offset, final int number) {
        BigEndian.i32(memory, offset + SEQUENCE, number);
    }

    /** Number of the next byte that the sender waits for, all 32 bits; of no meaning without {@link #ACK}. */
    public static int acknowledgment(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + ACKNOWLEDGMENT);
    }

    public static void acknowledgment(final MemorySegment memory, final long offset, final int number) {
        BigEndian.i32(memory, offset + ACKNOWLEDGMENT, number);
    }

    /** Bytes of header and options as the header tells: 0 to 60, of which less than 20 is no header. */
    public static int headerBytes(final MemorySegment memory, final long offset) {
        return (BigEndian.u8(memory, offset + DATA_OFFSET) >> 4) * Integer.BYTES;
    }

    /** The flags byte: CWR 128, ECE 64, URG 32, ACK 16, PSH 8, RST 4, SYN 2, FIN 1. */
    public static int flags(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + FLAGS);
    }

    public static int checksum(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + CHECKSUM);
    }

    public static void checksum(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u16(memory, offset + CHECKSUM, value);
    }
}
