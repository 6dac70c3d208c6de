package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * What is told of replies of a real server that is the director itself: they leave by the kernel's own way, where the
 * egress program (native, src/main/bpf/egress.bpf.c) translates them. Everything is in network order, an address as in
 * {@link Addresses}.
 * <pre>
 *  what the program is to expect, for each packet of a client:
 *  0            16            32        34        36          37    40           56       58     64
 *  | client     | real server | cport   | rport   | protocol  | 0   | VIP        | vport  | 0    | lives ms i64 |
 *
 *  what it saw:
 *  0            16            32        34        36          37          38        40           44
 *  | client     | VIP         | cport   | vport   | protocol  | TCP flags | error 1 | length i32 | 0 |
 * </pre>
 * In place of TCP's flags an SCTP packet has the type of its first chunk.
 */
public final class LocalReply {
    /** Length of what the program is to expect, in bytes. */
    public static final int EXPECTED_BYTES = 72;
    /** Length of what it saw, in bytes. */
    public static final int SEEN_BYTES = 48;
    private static final int SERVER = 16;
    private static final int LOW = 8;
    private static final int CLIENT_PORT = 32;
    private static final int SERVER_PORT = 34;
    private static final int PROTOCOL = 36;
    private static final int FLAGS = 37;
    private static final int ERROR = 38;
    private static final int LENGTH = 40;
    private static final int VIP = 40;
    private static final int VPORT = 56;
    private static final int LIVES = 64;

    private LocalReply() {
    }

    /**
     * Writes what is to be expected because of a client's packet, which is as it was received.
     *
     * @param into      {@link #EXPECTED_BYTES}, of which those that stay zero are zero.
     * @param high      address that the real server answers from, high long.
     * @param port      port that it answers from.
     * @param livesMs   how long the connection lives without a further packet.
     */
    public static void expect(final MemorySegment into, final Packet packet, final long high, final long low,
                              final int port, final long livesMs) {
        BigEndian.i64(into, 0, packet.sourceHigh);
        BigEndian.i64(into, LOW, packet.sourceLow);
        BigEndian.i64(into, SERVER, high);
        BigEndian.i64(into, SERVER + LOW, low);
        BigEndian.u16(into, CLIENT_PORT, packet.sourcePort);
        BigEndian.u16(into, SERVER_PORT, port);
        BigEndian.u8(into, PROTOCOL, packet.protocol);
        BigEndian.i64(into, VIP, packet.destinationHigh);
        BigEndian.i64(into, VIP + LOW, packet.destinationLow);
        BigEndian.u16(into, VPORT, packet.destinationPort);
        BigEndian.i64(into, LIVES, livesMs);
    }

    /** Makes a cursor speak of a reply that was seen, in front of the client; it has no frame and no bytes. */
    public static void read(final MemorySegment memory, final long offset, final Packet packet) {
        packet.sourceHigh = BigEndian.i64(memory, offset + SERVER);
        packet.sourceLow = BigEndian.i64(memory, offset + SERVER + LOW);
        packet.destinationHigh = BigEndian.i64(memory, offset);
        packet.destinationLow = BigEndian.i64(memory, offset + LOW);
        packet.sourcePort = BigEndian.u16(memory, offset + SERVER_PORT);
        packet.destinationPort = BigEndian.u16(memory, offset + CLIENT_PORT);
        packet.version = Addresses.isIpv4(packet.sourceHigh, packet.sourceLow) ? 4 : 6;
        packet.protocol = BigEndian.u8(memory, offset + PROTOCOL);
        packet.networkLengthBytes = BigEndian.i32(memory, offset + LENGTH);
        final int flags = BigEndian.u8(memory, offset + FLAGS);
        packet.tcpFlags = packet.protocol == Ipv4.PROTOCOL_SCTP ? Sctp.flagsOf(flags) : flags;
    }

    /** Whether what was seen is an ICMP error about a connection, which changes nothing of it. */
    public static boolean isError(final MemorySegment memory, final long offset) {
        return BigEndian.u8(memory, offset + ERROR) != 0;
    }
}
