package io.ringmaster.director;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Sctp;
import io.ringmaster.packet.Tcp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Frames made by hand, from one client to one address of the director, with right checksums. */
final class RawFrames {
    private static final int TTL = 64;
    private static final int WINDOW = 14;
    private static final int PAYLOAD = 4;
    private static final int SCTP_CHECKSUM = 8;

    private final long fromMac;
    private final long toMac;
    private final int from;
    private final int to;

    RawFrames(final long fromMac, final String from, final long toMac, final String to) {
        this.fromMac = fromMac;
        this.toMac = toMac;
        this.from = ipv4(from);
        this.to = ipv4(to);
    }

    static int ipv4(final String address) {
        try {
            return Addresses.ipv4(Addresses.low(InetAddress.getByName(address)));
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A TCP segment of four bytes of payload; its sequence number is 1,000, what it acknowledges 2,000. */
    byte[] tcp(final int sourcePort, final int destinationPort, final int flags) {
        final MemorySegment frame = ipv4(Ipv4.PROTOCOL_TCP, Tcp.HEADER_BYTES + PAYLOAD);
        final long tcp = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        Tcp.sourcePort(frame, tcp, sourcePort);
        Tcp.destinationPort(frame, tcp, destinationPort);
        BigEndian.i32(frame, tcp + 4, 1_000);
        BigEndian.i32(frame, tcp + 8, 2_000);
        BigEndian.u16(frame, tcp + 12, Tcp.HEADER_BYTES / 4 << 12 | flags);
        BigEndian.u16(frame, tcp + WINDOW, 1_000);
        Tcp.checksum(frame, tcp, Checksum.ofTransport(frame, tcp, Tcp.HEADER_BYTES + PAYLOAD, from, to,
            Ipv4.PROTOCOL_TCP));
        return bytes(frame);
    }

    /** A datagram with four bytes of payload. */
    byte[] udp(final int sourcePort, final int destinationPort) {
        final int length = 8 + PAYLOAD;
        final MemorySegment frame = ipv4(Ipv4.PROTOCOL_UDP, length);
        final long udp = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        BigEndian.u16(frame, udp, sourcePort);
        BigEndian.u16(frame, udp + 2, destinationPort);
        BigEndian.u16(frame, udp + 4, length);
        BigEndian.u16(frame, udp + 6, Checksum.ofTransport(frame, udp, length, from, to, Ipv4.PROTOCOL_UDP));
        return bytes(frame);
    }

    /** An SCTP packet (RFC 9260 §3) with chunks, the last of them padded. */
    byte[] sctp(final int sourcePort, final int destinationPort, final int tag, final byte[] chunks) {
        final int length = Sctp.HEADER_BYTES + chunks.length;
        final MemorySegment frame = ipv4(Ipv4.PROTOCOL_SCTP, length);
        final long sctp = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        BigEndian.u16(frame, sctp, sourcePort);
        BigEndian.u16(frame, sctp + 2, destinationPort);
        BigEndian.i32(frame, sctp + 4, tag);
        MemorySegment.copy(MemorySegment.ofArray(chunks), 0, frame, sctp + Sctp.HEADER_BYTES, chunks.length);
        BigEndian.i32(frame, sctp + SCTP_CHECKSUM, sctpChecksum(frame));
        return bytes(frame);
    }

    /** What the checksum of an SCTP packet without IP options must be, by the JDK's CRC32c. */
    static int sctpChecksum(final MemorySegment frame) {
        final int sctp = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        final int end = Ethernet.HEADER_BYTES + Ipv4.totalLength(frame, Ethernet.HEADER_BYTES);
        final byte[] packet = frame.asSlice(sctp, end - sctp).toArray(ValueLayout.JAVA_BYTE);
        Arrays.fill(packet, SCTP_CHECKSUM, SCTP_CHECKSUM + Integer.BYTES, (byte) 0);
        final CRC32C crc = new CRC32C();
        crc.update(packet);
        // The least significant byte goes first (RFC 9260, appendix A).
        return Integer.reverseBytes((int) crc.getValue());
    }

    /** A ping. */
    byte[] echoRequest(final int identifier) {
        final int length = Icmp.HEADER_BYTES + PAYLOAD;
        final MemorySegment frame = ipv4(Ipv4.PROTOCOL_ICMP, length);
        final long icmp = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        Icmp.type(frame, icmp, 8);
        Icmp.rest(frame, icmp, identifier << 16 | 1);
        Icmp.writeChecksum(frame, icmp, length);
        return bytes(frame);
    }

    /** An ICMP error (port unreachable) about a packet that the director's address sent from a port of its own. */
    byte[] portUnreachable(final int protocol, final int quotedSourcePort, final int quotedDestinationPort) {
        final int length = Icmp.HEADER_BYTES + Ipv4.HEADER_BYTES + 8;
        final MemorySegment frame = ipv4(Ipv4.PROTOCOL_ICMP, length);
        final long icmp = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
        final long quoted = icmp + Icmp.HEADER_BYTES;
        Icmp.type(frame, icmp, Icmp.DESTINATION_UNREACHABLE);
        Icmp.code(frame, icmp, Icmp.PORT_UNREACHABLE);
        header(frame, quoted, protocol, Ipv4.HEADER_BYTES + 8, to, from);
        BigEndian.u16(frame, quoted + Ipv4.HEADER_BYTES, quotedSourcePort);
        BigEndian.u16(frame, quoted + Ipv4.HEADER_BYTES + 2, quotedDestinationPort);
        Icmp.writeChecksum(frame, icmp, length);
        return bytes(frame);
    }

    /** Asks for the MAC of the director's address (RFC 826). */
    byte[] arpRequest() {
        final MemorySegment frame = MemorySegment.ofArray(new byte[42]);
        Ethernet.destination(frame, 0, 0xffff_ffff_ffffL);
        Ethernet.source(frame, 0, fromMac);
        Ethernet.type(frame, 0, 0x0806);
        BigEndian.i32(frame, 14, 0x0001_0800);
        BigEndian.i32(frame, 18, 0x0604_0001);
        BigEndian.u48(frame, 22, fromMac);
        BigEndian.i32(frame, 28, from);
        BigEndian.i32(frame, 38, to);
        return bytes(frame);
    }

    private MemorySegment ipv4(final int protocol, final int lengthBytes) {
        final int total = Ipv4.HEADER_BYTES + lengthBytes;
        final MemorySegment frame = MemorySegment.ofArray(new byte[Ethernet.HEADER_BYTES + total]);
        Ethernet.destination(frame, 0, toMac);
        Ethernet.source(frame, 0, fromMac);
        Ethernet.type(frame, 0, Ethernet.TYPE_IPV4);
        header(frame, Ethernet.HEADER_BYTES, protocol, total, from, to);
        return frame;
    }

    private static void header(final MemorySegment frame, final long offset, final int protocol, final int totalBytes,
                               final int source, final int destination) {
        Ipv4.versionAndIhl(frame, offset, Ipv4.VERSION_4_IHL_5);
        Ipv4.totalLength(frame, offset, totalBytes);
        Ipv4.fragmentWord(frame, offset, Ipv4.DONT_FRAGMENT);
        Ipv4.timeToLive(frame, offset, TTL);
        Ipv4.protocol(frame, offset, protocol);
        Ipv4.source(frame, offset, source);
        Ipv4.destination(frame, offset, destination);
        Ipv4.writeChecksum(frame, offset);
    }

    private static byte[] bytes(final MemorySegment frame) {
        return (byte[]) frame.heapBase().orElseThrow();
    }
}
