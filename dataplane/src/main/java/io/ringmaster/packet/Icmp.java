package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The ICMP header of an error (RFC 792; the MTU field RFC 1191 §4), at the offset given to each accessor.
 * <pre>
 *  0               1               2               3
 *  +---------------+---------------+-------------------------------+
 *  |     type      |     code      |           checksum            |
 *  +---------------+---------------+-------------------------------+
 *  |  "rest": 0, but type 3 code 4 |    MTU of the next hop        |
 *  +-------------------------------+-------------------------------+
 *  |  quote: IP header and at least 8 bytes of the packet it is about
 *  +-------------------------------------------------- - -
 * </pre>
 */
public final class Icmp {
    /** Length of the header in bytes. */
    public static final int HEADER_BYTES = 8;
    /** Type: destination unreachable. */
    public static final int DESTINATION_UNREACHABLE = 3;
    /** Type: source quench (RFC 6633 made it obsolete; the kernel still relays it). */
    public static final int SOURCE_QUENCH = 4;
    /** Type: redirect. */
    public static final int REDIRECT = 5;
    /** Type: time exceeded. */
    public static final int TIME_EXCEEDED = 11;
    /** Type: parameter problem. */
    public static final int PARAMETER_PROBLEM = 12;
    /** Code of time exceeded: fragments did not become a whole datagram in time. */
    public static final int REASSEMBLY = 1;
    /** Code of destination unreachable: no route leads to the host. */
    public static final int HOST_UNREACHABLE = 1;
    /** Code of destination unreachable: no process listens on the port. */
    public static final int PORT_UNREACHABLE = 3;
    /** Code of destination unreachable: too big, and must not be fragmented. */
    public static final int FRAGMENTATION_NEEDED = 4;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int REST = 4;

    private Icmp() {
    }

    public static int type(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + TYPE);
    }

    public static void type(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + TYPE, value);
    }

    public static int code(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + CODE);
    }

    public static void code(final MemorySegment memory, final long offset, final int value) {
        BigEndian.u8(memory, offset + CODE, value);
    }

    public static int checksum(final MemorySegment memory, final long offset) {
        return BigEndian.u16(memory, offset + CHECKSUM);
    }

    /** Computes the checksum over header and quote afresh and writes it. */
    public static void writeChecksum(final MemorySegment memory, final long offset, final int lengthBytes) {
        BigEndian.u16(memory, offset + CHECKSUM, 0);
        BigEndian.u16(memory, offset + CHECKSUM, Checksum.of(memory, offset, lengthBytes));
    }

    /** The second word: for fragmentation needed the MTU in its low 16 bits. */
    public static int rest(final MemorySegment memory, final long offset) {
        return BigEndian.i32(memory, offset + REST);
    }

    public static void rest(final MemorySegment memory, final long offset, final int value) {
        BigEndian.i32(memory, offset + REST, value);
    }

    /** Whether the type reports an error, so that no error may be sent about it (RFC 1122 §3.2.2). */
    public static boolean isError(final int type) {
        return type == DESTINATION_UNREACHABLE || type == SOURCE_QUENCH || type == REDIRECT || type == TIME_EXCEEDED
            || type == PARAMETER_PROBLEM;
    }

    /** Whether errors of the type are relayed between client and real server, as kernel IPVS relays them. */
    public static boolean isRelayed(final int type) {
        return type == DESTINATION_UNREACHABLE || type == SOURCE_QUENCH || type == TIME_EXCEEDED;
    }
}
