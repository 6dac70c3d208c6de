package io.ringmaster.conformance;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames of which a recording tells only what matters in them; from port 4000 of a client, or to it. */
final class Segments {
    static final int CLIENT_PORT = 4000;
    private static final long DIRECTOR = 0x02_00_00_00_00_01L;
    private static final long CLIENT_ROUTER = 0x02_00_00_01_00_feL;
    private static final long SERVER_MACS = 0x02_00_00_02_00_00L;
    private static final String FLAGS = "FSRPAUEC";

    private Segments() {
    }

    /** A segment of a client to a service. */
    static byte[] fromClient(final String client, final String vip, final int vport, final String flags) {
        return ethernet(CLIENT_ROUTER, ipv4(6, client, vip, tcp(CLIENT_PORT, vport, flags)));
    }

    /** A segment of a real server to a client. */
    static byte[] fromServer(final String rip, final int rport, final String client, final String flags) {
        return ethernet(SERVER_MACS | Topology.ip(rip).getAddress()[3],
            ipv4(6, rip, client, tcp(rport, CLIENT_PORT, flags)));
    }

    /** A datagram of zeros without a checksum. */
    static byte[] udp(final String client, final String vip, final int vport, final int lengthBytes) {
        return ethernet(CLIENT_ROUTER, ipv4(17, client, vip, ByteBuffer.allocate(lengthBytes - 20)
            .putShort((short) CLIENT_PORT).putShort((short) vport).putShort((short) (lengthBytes - 20)).array()));
    }

    private static byte[] tcp(final int from, final int to, final String flags) {
        int bits = 0;
        for (final char flag : flags.toCharArray()) {
            bits |= flag == '-' ? 0 : 1 << FLAGS.indexOf(flag);
        }
        return ByteBuffer.allocate(20).putShort((short) from).putShort((short) to).putInt(1).putInt(1)
            .put((byte) 0x50).put((byte) bits).putShort((short) 0xffff).array();
    }

    private static byte[] ipv4(final int protocol, final String from, final String to, final byte[] content) {
        final byte[] addresses = Arrays.copyOf(Topology.ip(from).getAddress(), 8);
        System.arraycopy(Topology.ip(to).getAddress(), 0, addresses, 4, 4);
        if (protocol == 6) {
            put16(content, 16, Sums.internet(Sums.pseudo(addresses, protocol, content.length), content));
        }
        final byte[] packet = ByteBuffer.allocate(20 + content.length).put((byte) 0x45).put((byte) 0)
            .putShort((short) (20 + content.length)).putShort((short) 1).putShort((short) 0x4000).put((byte) 64)
            .put((byte) protocol).putShort((short) 0).put(addresses).put(content).array();
        put16(packet, 10, Sums.internet(Arrays.copyOf(packet, 20)));
        return packet;
    }

    private static byte[] ethernet(final long from, final byte[] packet) {
        return ByteBuffer.allocate(Math.max(60, 14 + packet.length)).putShort((short) (DIRECTOR >> 32))
            .putInt((int) DIRECTOR).putShort((short) (from >> 32)).putInt((int) from).putShort((short) 0x0800)
            .put(packet).array();
    }

    private static void put16(final byte[] bytes, final int at, final int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }
}
