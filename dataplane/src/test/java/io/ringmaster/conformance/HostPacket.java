package io.ringmaster.conformance;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An IP packet as far as a host looks at it before it knows what to do with it.
 *
 * @param mac       destination of the frame.
 * @param from      source address, 4 or 16 bytes.
 * @param to        destination address.
 * @param hops      time to live or hop limit.
 * @param fragment  whether parts of it are elsewhere.
 * @param protocol  behind extension headers.
 * @param transport offset of what the protocol says.
 * @param end       offset of the packet's end.
 */
record HostPacket(byte[] frame, long mac, byte[] from, byte[] to, int hops, boolean fragment, int protocol,
                  int transport, int end) {
    private static final int IP = FrameFields.ETHERNET;

    /** Reads one; null for what is no whole IP packet. */
    static HostPacket read(final byte[] frame) {
        if (frame.length < IP + 20) {
            return null;
        }
        final ByteBuffer at = ByteBuffer.wrap(frame);
        return switch (at.getShort(12) & 0xffff) {
            case 0x0800 -> ipv4(frame, at);
            case 0x86dd -> frame.length < IP + 40 ? null : ipv6(frame, at);
            default -> null;
        };
    }

    private static HostPacket ipv4(final byte[] frame, final ByteBuffer at) {
        final int transport = IP + (frame[IP] & 0xf) * 4;
        final int end = IP + (at.getShort(IP + 2) & 0xffff);
        if (frame[IP] >> 4 != 4 || transport < IP + 20 || end < transport || end > frame.length) {
            return null;
        }
        return new HostPacket(frame, at.getLong(0) >>> 16, Arrays.copyOfRange(frame, IP + 12, IP + 16),
            Arrays.copyOfRange(frame, IP + 16, IP + 20), frame[IP + 8] & 0xff,
            (at.getShort(IP + 6) & 0x3fff) != 0, frame[IP + 9] & 0xff, transport, end);
    }

    private static HostPacket ipv6(final byte[] frame, final ByteBuffer at) {
        final int end = IP + 40 + (at.getShort(IP + 4) & 0xffff);
        int next = frame[IP + 6] & 0xff;
        int transport = IP + 40;
        boolean fragment = false;
        if (frame[IP] >> 4 != 6 || end > frame.length) {
            return null;
        }
        while ((next == 0 || next == 43 || next == 44 || next == 60) && transport + 8 <= end) {
            fragment |= next == 44;
            final int bytes = next == 44 ? 8 : ((frame[transport + 1] & 0xff) + 1) * 8;
            next = frame[transport] & 0xff;
            transport = Math.min(end, transport + bytes);
        }
        return new HostPacket(frame, at.getLong(0) >>> 16, Arrays.copyOfRange(frame, IP + 8, IP + 24),
            Arrays.copyOfRange(frame, IP + 24, IP + 40), frame[IP + 7] & 0xff, fragment, next, transport, end);
    }

    int bytes() {
        return end - transport;
    }

    /** Type of an ICMP message, -1 without one. */
    int type() {
        return bytes() < 8 ? -1 : frame[transport] & 0xff;
    }

    boolean icmp(final int type, final int code) {
        return (protocol == 1 || protocol == 58) && type() == type && frame[transport + 1] == code;
    }

    boolean tcpReset() {
        return bytes() >= 20 && (frame[transport + 13] & 4) != 0;
    }

    /** Whether the IP header's checksum holds; IPv6 has none. */
    boolean headerHolds() {
        return from.length == 16 || Sums.internet(Arrays.copyOfRange(frame, IP, IP + (frame[IP] & 0xf) * 4)) == 0;
    }

    /** A port, by its offset behind the IP header: 0 or 2. */
    int port(final int offset) {
        return ByteBuffer.wrap(frame).getShort(transport + offset) & 0xffff;
    }

    /** Whether something lies between the IPv6 header and the transport protocol's. */
    boolean behindExtensionHeaders() {
        return from.length == 16 && transport > IP + 40 && bytes() >= 4;
    }

    /** Whether it is an ICMPv6 packet too big about a packet that carries another. */
    boolean quotesIpv6Tunnel() {
        return protocol == 58 && icmp(2, 0) && bytes() >= 8 + 40 + 40
            && (frame[transport + 8 + 6] == 41 || frame[transport + 8 + 6] == 4);
    }

    /** Whether the checksum of an ICMP message holds. */
    boolean messageHolds() {
        return Sums.internet(Arrays.copyOfRange(frame, transport, end)) == 0;
    }

    /** Whether the checksum of TCP, UDP or ICMPv6 holds. */
    boolean sumHolds() {
        final byte[] content = Arrays.copyOfRange(frame, transport, end);
        if (protocol == 17 && content[6] == 0 && content[7] == 0) {
            return from.length == 4;
        }
        final byte[] addresses = Arrays.copyOf(from, from.length * 2);
        System.arraycopy(to, 0, addresses, from.length, to.length);
        return Sums.internet(Sums.pseudo(addresses, protocol, content.length), content) == 0;
    }

    /** Whether another packet has its ports the other way round. */
    boolean answeredBy(final HostPacket answer) {
        return Arrays.equals(frame, transport, transport + 2, answer.frame, answer.transport + 2, answer.transport + 4)
            && Arrays.equals(frame, transport + 2, transport + 4, answer.frame, answer.transport, answer.transport + 2);
    }

    /** Whether another packet is this one after one hop of ordinary routing. */
    boolean oneHopOn(final HostPacket later) {
        return Arrays.equals(from, later.from) && Arrays.equals(to, later.to) && hops == later.hops + 1
            && Arrays.equals(frame, transport, end, later.frame, later.transport, later.end);
    }
}
