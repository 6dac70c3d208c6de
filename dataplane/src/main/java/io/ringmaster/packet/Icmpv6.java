package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The ICMPv6 header of an error (RFC 4443 §2.1, §3). Its fields lie where those of ICMP do, and the accessors of
 * {@link Icmp} serve for both; types, codes and the checksum, which covers a pseudo header, are others.
 */
public final class Icmpv6 {
    /** Length of the header in bytes. */
    public static final int HEADER_BYTES = Icmp.HEADER_BYTES;
    /** Type: destination unreachable. */
    public static final int DESTINATION_UNREACHABLE = 1;
    /** Type: packet too big; the second word is the MTU. */
    public static final int PACKET_TOO_BIG = 2;
    /** Type: time exceeded. */
    public static final int TIME_EXCEEDED = 3;
    /** Type: parameter problem. */
    public static final int PARAMETER_PROBLEM = 4;
    /** Code of destination unreachable: the address does not answer. */
    public static final int ADDRESS_UNREACHABLE = 3;
    /** Code of destination unreachable: no process listens on the port. */
    public static final int PORT_UNREACHABLE = 4;

    private static final int CHECKSUM = 2;
    private static final int FIRST_INFORMATION = 128;

    private Icmpv6() {
    }

    /** Whether the type reports an error, known or not (RFC 4443 §2.1). */
    public static boolean isError(final int type) {
        return type < FIRST_INFORMATION;
    }

    /**
     * Computes the checksum over pseudo header, header and quote afresh and writes it.
     *
     * @param network     offset of the IPv6 header, which has its addresses already.
     * @param offset      of the ICMPv6 header.
     * @param lengthBytes from there to the end of the packet.
     */
    public static void writeChecksum(final MemorySegment memory, final long network, final long offset,
        final int lengthBytes) {
        BigEndian.u16(memory, offset + CHECKSUM, 0);
        BigEndian.u16(memory, offset + CHECKSUM, checksum(memory, network, offset, lengthBytes));
    }

    /** The checksum over pseudo header, header and quote; 0 if the header holds its own right one. */
    public static int checksum(final MemorySegment memory, final long network, final long offset,
        final int lengthBytes) {
        return Checksum.ofTransport(memory, network, offset, lengthBytes, Ipv6.PROTOCOL_ICMPV6);
    }
}
