package io.ringmaster.worker;

import io.ringmaster.packet.SlowChecksum;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Makes frames field by field, with right checksums by the slow way; each call gives a changed copy. */
final class Frames {
    static final int SYN = 2;
    static final int ACK = 16;
    static final int FIN = 1;
    static final int RST = 4;
    static final int IP = 14;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private Frames() {
    }

    /** The 32 bits of a dotted address. */
    static int ip(final String dotted) {
        int address = 0;
        for (final String part : dotted.split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    /** A TCP segment; places are address:port. */
    static byte[] tcp(final long fromMac, final long toMac, final String from, final String to, final int flags,
                      final int payloadBytes) {
        final byte[] segment = new byte[20 + payloadBytes];
        final ByteBuffer at = ByteBuffer.wrap(segment);
        at.putShort((short) port(from)).putShort((short) port(to)).putInt(1000).putInt(2000)
            .put((byte) 0x50).put((byte) flags).putShort((short) 0xffff);
        Arrays.fill(segment, 20, segment.length, (byte) 'x');
        return ip(fromMac, toMac, from, to, TCP, segment);
    }

    /** A UDP datagram; places are address:port. */
    static byte[] udp(final long fromMac, final long toMac, final String from, final String to,
                      final int payloadBytes) {
        final byte[] datagram = new byte[8 + payloadBytes];
        ByteBuffer.wrap(datagram).putShort((short) port(from)).putShort((short) port(to))
            .putShort((short) datagram.length);
        Arrays.fill(datagram, 8, datagram.length, (byte) 'u');
        return ip(fromMac, toMac, from, to, UDP, datagram);
    }

    /** An ICMP error that quotes the IP packet of a frame. */
    static byte[] icmp(final long fromMac, final long toMac, final String from, final String to, final int type,
                       final int code, final int rest, final byte[] about) {
        return icmp(fromMac, toMac, from, to, type, code, rest, about, 28);
    }

    /** As above, with so much of the packet quoted. */
    static byte[] icmp(final long fromMac, final long toMac, final String from, final String to, final int type,
                       final int code, final int rest, final byte[] about, final int mostBytes) {
        final byte[] message = new byte[8 + Math.min(about.length - IP, mostBytes)];
        ByteBuffer.wrap(message).put((byte) type).put((byte) code).putShort((short) 0).putInt(rest)
            .put(about, IP, message.length - 8);
        return ip(fromMac, toMac, from + ":0", to + ":0", 1, message);
    }

    private static byte[] ip(final long fromMac, final long toMac, final String from, final String to,
                             final int protocol, final byte[] content) {
        final ByteBuffer at = ByteBuffer.allocate(IP + 20 + content.length);
        at.putShort((short) (toMac >> 32)).putInt((int) toMac).putShort((short) (fromMac >> 32)).putInt((int) fromMac)
            .putShort((short) 0x0800).put((byte) 0x45).put((byte) 0).putShort((short) (20 + content.length))
            .putShort((short) 0x1234).putShort((short) 0x4000).put((byte) 64).put((byte) protocol).putShort((short) 0)
            .putInt(ip(address(from))).putInt(ip(address(to))).put(content);
        return sealed(at.array());
    }

    private static String address(final String place) {
        return place.substring(0, place.indexOf(':'));
    }

    private static int port(final String place) {
        return Integer.parseInt(place.substring(place.indexOf(':') + 1));
    }

    /** A copy with one byte of the frame set and the checksums made anew. */
    static byte[] with(final byte[] frame, final int offset, final int value) {
        final byte[] copy = frame.clone();
        copy[offset] = (byte) value;
        return sealed(copy);
    }

    /** A copy with another time to live. */
    static byte[] timeToLive(final byte[] frame, final int hops) {
        return with(frame, IP + 8, hops);
    }

    /** A copy that may be fragmented. */
    static byte[] mayFragment(final byte[] frame) {
        return with(frame, IP + 6, 0);
    }

    /** Makes all checksums right, in place. */
    static byte[] sealed(final byte[] frame) {
        final int l4 = IP + (frame[IP] & 0xf) * 4;
        put16(frame, IP + 10, 0);
        put16(frame, IP + 10, SlowChecksum.of(Arrays.copyOfRange(frame, IP, l4)));
        final int protocol = frame[IP + 9];
        final int end = IP + u16(frame, IP + 2);
        final int at = l4 + (protocol == TCP ? 16 : protocol == UDP ? 6 : 2);
        put16(frame, at, 0);
        put16(frame, at, protocol == 1 ? SlowChecksum.of(Arrays.copyOfRange(frame, l4, end))
            : SlowChecksum.ofTransport(frame, IP));
        return frame;
    }

    /** Whether all checksums of an IPv4 frame hold, those of a packet inside an IPIP tunnel included. */
    static boolean holds(final byte[] frame) {
        return holds(frame, IP);
    }

    private static boolean holds(final byte[] frame, final int network) {
        final int l4 = network + (frame[network] & 0xf) * 4;
        if (SlowChecksum.of(Arrays.copyOfRange(frame, network, l4)) != 0) {
            return false;
        }
        final int end = network + u16(frame, network + 2);
        return switch (frame[network + 9]) {
            case 4 -> holds(frame, l4);
            case 1 -> SlowChecksum.of(Arrays.copyOfRange(frame, l4, end)) == 0;
            case UDP -> u16(frame, l4 + 6) == 0 || SlowChecksum.ofTransport(frame, network) == 0;
            default -> SlowChecksum.ofTransport(frame, network) == 0;
        };
    }

    static int u16(final byte[] frame, final int offset) {
        return (frame[offset] & 0xff) << 8 | frame[offset + 1] & 0xff;
    }

    private static void put16(final byte[] frame, final int offset, final int value) {
        frame[offset] = (byte) (value >> 8);
        frame[offset + 1] = (byte) value;
    }

    /** What a person wants to know of a frame: MACs, addresses, ports, time to live, kind. */
    static String text(final byte[] frame) {
        return mac(frame, 6) + ">" + mac(frame, 0) + " " + text(frame, IP);
    }

    private static String mac(final byte[] frame, final int offset) {
        return String.format("%02x%02x%02x", frame[offset + 3], frame[offset + 4], frame[offset + 5]);
    }

    private static String text(final byte[] frame, final int network) {
        final int l4 = network + (frame[network] & 0xf) * 4;
        final int protocol = frame[network + 9];
        final String source = dotted(frame, network + 12);
        final String destination = dotted(frame, network + 16);
        final String head = "ttl=" + (frame[network + 8] & 0xff) + " len=" + u16(frame, network + 2) + " ";
        return head + switch (protocol) {
            case 4 -> "ipip " + source + ">" + destination + " [" + text(frame, l4) + "]";
            case 1 -> "icmp " + frame[l4] + "/" + frame[l4 + 1] + " mtu=" + u16(frame, l4 + 6) + " " + source + ">"
                + destination;
            default -> (protocol == TCP ? "tcp " : "udp ") + source + ":" + u16(frame, l4) + ">" + destination + ":"
                + u16(frame, l4 + 2);
        };
    }

    private static String dotted(final byte[] frame, final int offset) {
        return (frame[offset] & 0xff) + "." + (frame[offset + 1] & 0xff) + "." + (frame[offset + 2] & 0xff) + "."
            + (frame[offset + 3] & 0xff);
    }
}
