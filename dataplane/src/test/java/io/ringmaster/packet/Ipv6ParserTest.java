package io.ringmaster.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** IPv6 packets, whole, odd and cut off at every byte. */
class Ipv6ParserTest {
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int PAYLOAD = 14 + 40;
    private static final byte[] SEGMENT = ByteBuffer.allocate(24).putShort((short) 4000).putShort((short) 80)
        .put(13, (byte) 0x12).array();

    private final PacketMemory memory = new PacketMemory();

    /** An Ethernet frame of fd09::1 to fd01::100 with this behind the IPv6 header. */
    private static byte[] frame(final int next, final byte[] payload) {
        return ByteBuffer.allocate(PAYLOAD + payload.length).putLong(0x0200_0000_0001_0200L).putInt(0x0001_00fe)
            .putShort((short) 0x86dd).putInt(0x60000000).putShort((short) payload.length).put((byte) next)
            .put((byte) 64).putLong(0xfd09L << 48).putLong(1).putLong(0xfd01L << 48).putLong(0x100).put(payload)
            .array();
    }

    /** An extension header of so many bytes before another. */
    private static byte[] extension(final int next, final int length, final int bytes, final byte[] behind) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(next);
        all.write(length);
        all.writeBytes(new byte[bytes - 2]);
        all.writeBytes(behind);
        return all.toByteArray();
    }

    private static byte[] with(final byte[] frame, final int offset, final int value) {
        final byte[] copy = frame.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    private void assertSegment(final byte[] frame, final int transport) {
        final Packet packet = memory.receive(frame);
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(6, packet.version());
        assertEquals(TCP, packet.protocol());
        assertEquals(PacketMemory.HEADROOM_BYTES + transport, packet.transport());
        assertEquals(transport - 14, packet.networkHeaderBytes());
        assertEquals(0xfd09L << 48, packet.sourceHigh());
        assertEquals(1, packet.sourceLow());
        assertEquals(0xfd01L << 48, packet.destinationHigh());
        assertEquals(0x100, packet.destinationLow());
        assertEquals(4000, packet.sourcePort());
        assertEquals(80, packet.destinationPort());
        assertEquals(0x12, packet.tcpFlags());
        assertEquals(64, packet.timeToLive());
    }

    @Test
    void aSegmentAndWhatMayStandBeforeIt() {
        assertSegment(frame(TCP, SEGMENT), PAYLOAD);
        assertSegment(frame(HOP_BY_HOP, extension(TCP, 0, 8, SEGMENT)), PAYLOAD + 8);
        assertSegment(frame(DESTINATION_OPTIONS, extension(TCP, 2, 24, SEGMENT)), PAYLOAD + 24);
        assertSegment(frame(AUTHENTICATION, extension(TCP, 4, 24, SEGMENT)), PAYLOAD + 24);
        assertSegment(frame(HOP_BY_HOP, extension(ROUTING, 0, 8, extension(TCP, 1, 16, SEGMENT))), PAYLOAD + 24);
        assertSegment(Arrays.copyOf(frame(TCP, SEGMENT), PAYLOAD + 40), PAYLOAD);
    }

    @Test
    void extensionHeadersAreBounded() {
        byte[] payload = SEGMENT;
        int next = TCP;
        for (int i = 0; i < Ipv6Extensions.MOST_HEADERS; i++) {
            payload = extension(next, 0, 8, payload);
            next = DESTINATION_OPTIONS;
        }
        assertSegment(frame(next, payload), PAYLOAD + 8 * Ipv6Extensions.MOST_HEADERS);
        assertEquals(ParseResult.TRANSPORT_MISSING, parse(frame(next, extension(next, 0, 8, payload))));
        assertEquals(ParseResult.TRANSPORT_MISSING, parse(frame(HOP_BY_HOP, extension(TCP, 200, 8, SEGMENT))));
    }

    private ParseResult parse(final byte[] frame) {
        return PacketParser.parse(memory.receive(frame));
    }

    @Test
    void whatItIsNot() {
        final byte[] good = frame(TCP, SEGMENT);
        assertEquals(ParseResult.BAD_HEADER, parse(with(good, 14, 0x45)));
        assertEquals(ParseResult.TRUNCATED, parse(with(good, 14 + 5, SEGMENT.length + 1)));
        assertEquals(ParseResult.FRAGMENT, parse(frame(FRAGMENT, extension(TCP, 0, 8, SEGMENT))));
        assertEquals(ParseResult.UNKNOWN_PROTOCOL, parse(frame(50, SEGMENT)));
        assertEquals(ParseResult.UNKNOWN_PROTOCOL, parse(frame(59, SEGMENT)));
        assertEquals(ParseResult.TRANSPORT_CUT, parse(frame(TCP, Arrays.copyOf(SEGMENT, 19))));
        assertEquals(ParseResult.TRANSPORT_CUT, parse(frame(UDP, Arrays.copyOf(SEGMENT, 7))));
        assertEquals(ParseResult.TRANSPORT_MISSING, parse(frame(UDP, Arrays.copyOf(SEGMENT, 3))));
        assertEquals(ParseResult.TRANSPORT_MISSING, parse(frame(58, Arrays.copyOf(SEGMENT, 7))));
    }

    @Test
    void sourcesThatNobodyCanAnswer() {
        final UnaryOperator<byte[]> zero = frame -> {
            Arrays.fill(frame, 14 + 8, 14 + 24, (byte) 0);
            return frame;
        };
        assertEquals(ParseResult.MARTIAN_SOURCE, parse(with(frame(TCP, SEGMENT), 14 + 8, 0xff)), "multicast");
        assertEquals(ParseResult.MARTIAN_SOURCE, parse(zero.apply(frame(TCP, SEGMENT))), "unspecified");
        assertEquals(ParseResult.MARTIAN_SOURCE, parse(with(zero.apply(frame(TCP, SEGMENT)), 14 + 23, 1)), "loopback");
        final byte[] mapped = with(with(zero.apply(frame(TCP, SEGMENT)), 14 + 18, 0xff), 14 + 19, 0xff);
        assertEquals(ParseResult.MARTIAN_SOURCE, parse(mapped), "IPv4-mapped");
    }

    @Test
    void cutOffAnywhereNothingIsReadBeyond() {
        final byte[] whole = frame(HOP_BY_HOP, extension(TCP, 0, 8, SEGMENT));
        for (int length = 14; length < whole.length; length++) {
            assertEquals(ParseResult.TRUNCATED, parse(Arrays.copyOf(whole, length)), length + " bytes");
            if (length >= PAYLOAD) {
                // The same with a length that says so.
                final ParseResult result = parse(with(Arrays.copyOf(whole, length), 14 + 5, length - PAYLOAD));
                assertEquals(length < PAYLOAD + 12 ? ParseResult.TRANSPORT_MISSING : length < PAYLOAD + 28
                    ? ParseResult.TRANSPORT_CUT : ParseResult.OK, result, length + " bytes");
            }
        }
    }
}
