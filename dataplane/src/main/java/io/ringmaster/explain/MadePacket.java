package io.ringmaster.explain;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Sctp;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import io.ringmaster.packet.Vlan;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes the packet that is asked about, with right checksums and zeros for data; before it is cut into the fragments
 * that it comes in, see {@link Pieces}.
 */
public final class MadePacket {
    private static final int TIME_TO_LIVE = 64;
    private static final int ECHO = 8;
    private static final int ECHO_6 = 128;
    private static final int TCP_OFFSET_AND_FLAGS = 12;
    private static final int TCP_WINDOW = 14;
    private static final int TCP_CHECKSUM = 16;
    private static final int TCP_HEADER_WORDS = 5 << 12;
    private static final int WINDOW = 0xffff;
    private static final int ICMP_CHECKSUM = 2;
    private static final int VERSION_6 = 6 << 4;
    /** SCTP: the chunk's type and its length behind the common header. */
    private static final int CHUNK_LENGTH = Sctp.HEADER_BYTES + 2;
    /** The least that an INIT has: RFC 9260, 3.3.2. */
    private static final int CHUNK_BYTES = 20;

    private MadePacket() {
    }

    /** Fewest bytes of an IP packet of a protocol: its headers, and of SCTP one chunk. */
    public static int leastBytes(final int protocol, final boolean ipv4) {
        return (ipv4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES) + switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> Tcp.HEADER_BYTES;
            case Ipv4.PROTOCOL_SCTP -> Sctp.HEADER_BYTES + CHUNK_BYTES;
            default -> Udp.HEADER_BYTES;
        };
    }

    /** Bytes of an ICMP error: of what it is about, it quotes all that {@link #leastBytes} counts. */
    public static int errorBytes(final int protocol, final boolean ipv4) {
        return (ipv4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES) + Icmp.HEADER_BYTES + leastBytes(protocol, ipv4);
    }

    /** The frame as it would come in, from its Ethernet header on, with its VLAN tags. */
    public static byte[] of(final Question question) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(
                Vlan.MOST_BYTES + Ethernet.HEADER_BYTES + question.lengthBytes(), Long.BYTES);
            final Question.Arrival arrival = question.arrival();
            long frame = Vlan.MOST_BYTES;
            final long network = frame + Ethernet.HEADER_BYTES;
            Ethernet.addresses(memory, frame, arrival.destinationMac(), arrival.sourceMac());
            Ethernet.type(memory, frame, question.ipv4() ? Ethernet.TYPE_IPV4 : Ethernet.TYPE_IPV6);
            if (question.form().error() == null) {
                write(memory, network, question);
            } else {
                error(memory, network, question);
            }
            if (arrival.tags() != 0) {
                frame -= Vlan.push(memory, frame, arrival.tags());
            }
            return memory.asSlice(frame, memory.byteSize() - frame).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static void write(final MemorySegment memory, final long network, final Question question) {
        final int headerBytes = question.ipv4() ? ipv4(memory, network, question) : ipv6(memory, network, question);
        transport(memory, network, network + headerBytes, question.lengthBytes() - headerBytes, question);
    }

    /** The error, and in it the packet that went the other way. */
    private static void error(final MemorySegment memory, final long network, final Question question) {
        final Form.Error error = question.form().error();
        final Question carrier = new Question(question.ipv4() ? Ipv4.PROTOCOL_ICMP : Ipv6.PROTOCOL_ICMPV6,
            question.from(), question.to(), 0, question.lengthBytes(), new Form(Form.Part.WHOLE, true, null),
            question.arrival());
        final int headerBytes = question.ipv4() ? ipv4(memory, network, carrier) : ipv6(memory, network, carrier);
        final long at = network + headerBytes;
        Icmp.type(memory, at, error.type());
        Icmp.code(memory, at, error.code());
        Icmp.rest(memory, at, error.mtuBytes());
        write(memory, at + Icmp.HEADER_BYTES, new Question(question.protocol(), question.to(), question.from(),
            question.flags(), leastBytes(question.protocol(), question.ipv4()), question.arrival()));
        final int icmpBytes = question.lengthBytes() - headerBytes;
        if (question.ipv4()) {
            Icmp.writeChecksum(memory, at, icmpBytes);
        } else {
            Icmpv6.writeChecksum(memory, network, at, icmpBytes);
        }
    }

    private static int ipv4(final MemorySegment memory, final long network, final Question question) {
        Ipv4.versionAndIhl(memory, network, Ipv4.VERSION_4_IHL_5);
        Ipv4.totalLength(memory, network, question.lengthBytes());
        Ipv4.fragmentWord(memory, network, question.form().mayFragment() ? 0 : Ipv4.DONT_FRAGMENT);
        Ipv4.timeToLive(memory, network, TIME_TO_LIVE);
        Ipv4.protocol(memory, network, question.protocol());
        Ipv4.source(memory, network, Addresses.ipv4(question.from().low()));
        Ipv4.destination(memory, network, Addresses.ipv4(question.to().low()));
        Ipv4.writeChecksum(memory, network);
        return Ipv4.HEADER_BYTES;
    }

    private static int ipv6(final MemorySegment memory, final long network, final Question question) {
        BigEndian.u8(memory, network, VERSION_6);
        Ipv6.payloadLength(memory, network, question.lengthBytes() - Ipv6.HEADER_BYTES);
        Ipv6.nextHeader(memory, network, question.protocol());
        Ipv6.hopLimit(memory, network, TIME_TO_LIVE);
        Ipv6.source(memory, network, question.from().high(), question.from().low());
        Ipv6.destination(memory, network, question.to().high(), question.to().low());
        return Ipv6.HEADER_BYTES;
    }

    private static void transport(final MemorySegment memory, final long network, final long at, final int lengthBytes,
                                  final Question question) {
        switch (question.protocol()) {
            case Ipv4.PROTOCOL_ICMP -> {
                Icmp.type(memory, at, ECHO);
                Icmp.writeChecksum(memory, at, lengthBytes);
                return;
            }
            case Ipv6.PROTOCOL_ICMPV6 -> {
                Icmp.type(memory, at, ECHO_6);
                BigEndian.u16(memory, at + ICMP_CHECKSUM, sum(memory, network, at, lengthBytes, question));
                return;
            }
            default -> {
                BigEndian.u16(memory, at, question.from().port());
                BigEndian.u16(memory, at + 2, question.to().port());
            }
        }
        if (question.protocol() == Ipv4.PROTOCOL_SCTP) {
            BigEndian.u8(memory, at + Sctp.HEADER_BYTES, question.flags());
            BigEndian.u16(memory, at + CHUNK_LENGTH, lengthBytes - Sctp.HEADER_BYTES);
            Sctp.writeChecksum(memory, at, lengthBytes);
        } else if (question.protocol() == Ipv4.PROTOCOL_TCP) {
            BigEndian.u16(memory, at + TCP_OFFSET_AND_FLAGS, TCP_HEADER_WORDS | question.flags());
            BigEndian.u16(memory, at + TCP_WINDOW, WINDOW);
            BigEndian.u16(memory, at + TCP_CHECKSUM, sum(memory, network, at, lengthBytes, question));
        } else {
            Udp.length(memory, at, lengthBytes);
            final int sum = sum(memory, network, at, lengthBytes, question);
            Udp.checksum(memory, at, sum == Udp.NO_CHECKSUM ? Udp.ZERO_CHECKSUM : sum);
        }
    }

    private static int sum(final MemorySegment memory, final long network, final long at, final int lengthBytes,
                           final Question question) {
        return question.ipv4() ? Checksum.ofTransport(memory, at, lengthBytes, Addresses.ipv4(question.from().low()),
            Addresses.ipv4(question.to().low()), question.protocol())
            : Checksum.ofTransport(memory, network, at, lengthBytes, question.protocol());
    }
}
