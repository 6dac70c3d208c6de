package io.ringmaster.bpf;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames for tests, header by header, with right lengths and IPv4 and ICMP checksums unless a test spoils them. */
final class Frames {
    static final int ETHERNET_BYTES = 14;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;

    private Frames() {
    }

    static int ip(final String dotted) {
        int address = 0;
        for (final String part : dotted.split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    /** The low long of an address in its IPv6-mapped form. */
    static long mapped(final String dotted) {
        return 0xffff_0000_0000L | ip(dotted) & 0xffff_ffffL;
    }

    static byte[] ethernet(final long destination, final long source, final int type, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(ETHERNET_BYTES + payload.length);
        return frame.putShort((short) (destination >> 32)).putInt((int) destination)
            .putShort((short) (source >> 32)).putInt((int) source).putShort((short) type).put(payload).array();
    }

    static byte[] ipv4(final int protocol, final String source, final String destination, final byte[] payload) {
        return ipv4(protocol, source, destination, new byte[0], payload);
    }

    static byte[] ipv4(final int protocol, final String source, final String destination, final byte[] options,
                       final byte[] payload) {
        final int headerBytes = 20 + options.length;
        final byte[] packet = ByteBuffer.allocate(headerBytes + payload.length)
            .put((byte) (0x40 | headerBytes / 4)).put((byte) 0).putShort((short) (headerBytes + payload.length))
            .putShort((short) 7).putShort((short) 0).put((byte) 64).put((byte) protocol).putShort((short) 0)
            .putInt(ip(source)).putInt(ip(destination)).put(options).put(payload).array();
        return checksummed(packet);
    }

    /** Redoes the checksum of an IPv4 header, after a test has changed a field. */
    static byte[] checksummed(final byte[] packet) {
        final ByteBuffer bytes = ByteBuffer.wrap(packet);
        bytes.putShort(10, (short) 0);
        bytes.putShort(10, checksum(packet, 0, (packet[0] & 15) * 4));
        return packet;
    }

    static short checksum(final byte[] bytes, final int from, final int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[from + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    /** A TCP header without options, checksum not set. */
    static byte[] tcp(final int source, final int destination, final int flags) {
        return ByteBuffer.allocate(20).putShort((short) source).putShort((short) destination).putInt(1).putInt(1)
            .put((byte) 0x50).put((byte) flags).putShort((short) 1000).array();
    }

    /** A UDP datagram, checksum 0 (none, RFC 768). */
    static byte[] udp(final int source, final int destination, final byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length).putShort((short) source).putShort((short) destination)
            .putShort((short) (8 + payload.length)).putShort((short) 0).put(payload).array();
    }

    static byte[] icmp(final int type, final int code, final byte[] quote) {
        final byte[] message = ByteBuffer.allocate(8 + quote.length).put((byte) type).put((byte) code)
            .putShort((short) 0).putInt(0).put(quote).array();
        ByteBuffer.wrap(message).putShort(2, checksum(message, 0, message.length));
        return message;
    }

    /** A copy with one byte changed. */
    static byte[] with(final byte[] original, final int offset, final int value) {
        final byte[] copy = original.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    /** A copy with two bytes changed. */
    static byte[] with16(final byte[] original, final int offset, final int value) {
        return with(with(original, offset, value >> 8), offset + 1, value);
    }

    /** The first bytes, or all and zeros behind them. */
    static byte[] cut(final byte[] original, final int length) {
        return Arrays.copyOf(original, length);
    }
}
