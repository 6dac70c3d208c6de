package io.ringmaster.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser on whole packets, on wrong ones, on every truncation and on noise. */
class PacketParserTest {
    private static final String ETHERNET = "020000000001" + "0200000100fe" + "0800";
    private static final String TCP = ETHERNET + "45b8002c00004000400600000a0901010a010064"
        + "0fa0005000000001000000026012ffff00000000" + "01020304";
    private static final String UDP = ETHERNET + "4500001d12340000401100000a0901010a010064" + "115c003500090000" + "78";
    private static final String ICMP = ETHERNET + "4500001c00000000400100000a0901010a010064" + "0800f7fc00010002";
    private static final int NETWORK = Ethernet.HEADER_BYTES;
    private final PacketMemory chunk = new PacketMemory();

    @Test
    void tcp() {
        final Packet packet = chunk.receive(frame(TCP));
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(4, packet.version());
        assertEquals(PacketMemory.HEADROOM_BYTES + 14, packet.network());
        assertEquals(20, packet.networkHeaderBytes());
        assertEquals(44, packet.networkLengthBytes());
        assertEquals(PacketMemory.HEADROOM_BYTES + 34, packet.transport());
        assertEquals(6, packet.protocol());
        assertEquals(0, packet.sourceHigh());
        assertEquals(0xffff_0a09_0101L, packet.sourceLow());
        assertEquals(0xffff_0a01_0064L, packet.destinationLow());
        assertEquals(4000, packet.sourcePort());
        assertEquals(80, packet.destinationPort());
        assertEquals(Tcp.SYN | Tcp.ACK, packet.tcpFlags());
        assertTrue(packet.dontFragment());
        assertEquals(64, packet.timeToLive());
    }

    @Test
    void udpAfterTcpLeavesNoFlags() {
        assertEquals(ParseResult.OK, PacketParser.parse(chunk.receive(frame(TCP))));
        final Packet packet = chunk.receive(frame(UDP));
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(17, packet.protocol());
        assertEquals(4444, packet.sourcePort());
        assertEquals(53, packet.destinationPort());
        assertEquals(0, packet.tcpFlags());
        assertFalse(packet.dontFragment());
    }

    @Test
    void icmpHasNoPorts() {
        final Packet packet = chunk.receive(frame(ICMP));
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(1, packet.protocol());
        assertEquals(0, packet.sourcePort());
        assertEquals(0, packet.destinationPort());
    }

    @Test
    void optionsMoveTheTransportHeader() {
        final byte[] frame = HexFormat.of().parseHex(ETHERNET + "4700003300004000400600000a0901010a010064"
            + "0707040000000000" + "0fa0005000000065000001f55010ffff00000000" + "6f7074");
        final Packet packet = chunk.receive(fixHeader(frame));
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(28, packet.networkHeaderBytes());
        assertEquals(80, packet.destinationPort());
        assertEquals(Tcp.ACK, packet.tcpFlags());
    }

    @Test
    void ethernetPaddingIsNotPartOfThePacket() {
        final Packet packet = chunk.receive(Arrays.copyOf(frame(UDP), 60));
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(60, packet.lengthBytes());
        assertEquals(29, packet.networkLengthBytes());
    }

    static Stream<Arguments> wrongOnes() {
        return Stream.of(
            wrong("VLAN tag", TCP, f -> ethernetType(f, 0x8100), ParseResult.NOT_IP),
            wrong("ARP", TCP, f -> ethernetType(f, 0x0806), ParseResult.NOT_IP),
            wrong("IPv6 by its type only", TCP, f -> ethernetType(f, 0x86dd), ParseResult.BAD_HEADER),
            wrong("version 6 in an IPv4 frame", TCP, f -> f[NETWORK] = 0x65, ParseResult.BAD_HEADER),
            wrong("ihl 4", TCP, f -> f[NETWORK] = 0x44, ParseResult.BAD_HEADER),
            wrong("ihl 15 in a short frame", ICMP, f -> f[NETWORK] = 0x4f, ParseResult.TRUNCATED),
            wrong("total length below the header", TCP, f -> totalLength(f, 19), ParseResult.BAD_HEADER),
            wrong("total length beyond the frame", TCP, f -> totalLength(f, 45), ParseResult.TRUNCATED),
            wrong("total length 65,535", TCP, f -> totalLength(f, 0xffff), ParseResult.TRUNCATED),
            wrong("first fragment", UDP, f -> f[NETWORK + 6] = 0x20, ParseResult.FRAGMENT),
            wrong("last fragment", UDP, f -> f[NETWORK + 7] = 1, ParseResult.FRAGMENT),
            wrong("ESP", TCP, f -> f[NETWORK + 9] = 50, ParseResult.UNKNOWN_PROTOCOL),
            wrong("SCTP in which no chunk has room", UDP, f -> f[NETWORK + 9] = (byte) 132,
                ParseResult.TRANSPORT_CUT),
            wrong("source 127.0.0.1", TCP, f -> source(f, 0x7f00_0001), ParseResult.MARTIAN_SOURCE),
            wrong("source 0.0.0.0", TCP, f -> source(f, 0), ParseResult.MARTIAN_SOURCE),
            wrong("source 0.0.0.1", TCP, f -> source(f, 1), ParseResult.OK),
            wrong("source multicast", TCP, f -> source(f, 0xe000_0001), ParseResult.MARTIAN_SOURCE),
            wrong("source broadcast", TCP, f -> source(f, -1), ParseResult.MARTIAN_SOURCE),
            wrong("source 240.0.0.1", TCP, f -> source(f, 0xf000_0001), ParseResult.OK),
            wrong("TCP without ports", TCP, f -> totalLength(f, 23), ParseResult.TRANSPORT_MISSING),
            wrong("TCP ports only", TCP, f -> totalLength(f, 24), ParseResult.TRANSPORT_CUT),
            wrong("TCP one byte short", TCP, f -> totalLength(f, 39), ParseResult.TRANSPORT_CUT),
            wrong("TCP header only", TCP, f -> totalLength(f, 40), ParseResult.OK),
            wrong("TCP data offset 3", TCP, f -> f[NETWORK + 32] = 0x30, ParseResult.OK),
            wrong("UDP without ports", UDP, f -> totalLength(f, 23), ParseResult.TRANSPORT_MISSING),
            wrong("UDP ports only", UDP, f -> totalLength(f, 24), ParseResult.TRANSPORT_CUT),
            wrong("UDP header only", UDP, f -> totalLength(f, 28), ParseResult.OK),
            wrong("ICMP cut", ICMP, f -> totalLength(f, 27), ParseResult.TRANSPORT_MISSING),
            wrong("header alone", TCP, f -> totalLength(f, 20), ParseResult.TRANSPORT_MISSING));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("wrongOnes")
    void wrongPacketsHaveTheirReason(final String name, final byte[] frame, final ParseResult expected) {
        assertEquals(expected, PacketParser.parse(chunk.receive(fixHeader(frame))));
    }

    @Test
    void cutTransportStillTellsItsPorts() {
        final byte[] frame = frame(TCP);
        totalLength(frame, 24);
        final Packet packet = chunk.receive(fixHeader(frame));
        assertEquals(ParseResult.TRANSPORT_CUT, PacketParser.parse(packet));
        assertEquals(4000, packet.sourcePort());
        assertEquals(80, packet.destinationPort());
        assertEquals(0, packet.tcpFlags());
    }

    @Test
    void everyBitOfTheHeaderIsUnderTheChecksum() {
        for (int bit = NETWORK * 8; bit < (NETWORK + 20) * 8; bit++) {
            final byte[] frame = frame(TCP);
            frame[bit / 8] ^= (byte) (1 << bit % 8);
            final ParseResult result = PacketParser.parse(chunk.receive(frame));
            assertTrue(result != ParseResult.OK, "bit " + bit + " of the frame");
        }
    }

    @Test
    void everyTruncationIsTruncated() {
        for (final String hex : List.of(TCP, UDP, ICMP)) {
            final byte[] whole = frame(hex);
            for (int length = 0; length < whole.length; length++) {
                assertEquals(ParseResult.TRUNCATED, PacketParser.parse(chunk.receive(Arrays.copyOf(whole, length))),
                    "first " + length + " bytes of " + hex);
            }
        }
    }

    @Test
    void nothingBehindTheLastByteIsRead() {
        for (final String hex : List.of(TCP, UDP, ICMP)) {
            final byte[] whole = frame(hex);
            for (int length = 0; length <= whole.length; length++) {
                final byte[] exact = Arrays.copyOf(whole, length);
                final Packet packet = new Packet(java.lang.foreign.MemorySegment.ofArray(exact));
                packet.wrap(0, length, 0);
                assertNotNull(PacketParser.parse(packet));
            }
        }
    }

    @Test
    void noiseAndDamageNeverThrow() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<byte[]> good = new ArrayList<>(List.of(frame(TCP), frame(UDP), frame(ICMP)));
        FixtureFile.read("icmp-nat").exchanges().forEach(e -> good.add(e.in()));
        final IcmpQuote quote = new IcmpQuote();
        for (int i = 0; i < 200_000; i++) {
            final byte[] frame = damaged(good.get(random.nextInt(good.size())), random);
            final Packet packet = new Packet(java.lang.foreign.MemorySegment.ofArray(frame));
            packet.wrap(0, frame.length, 0);
            try {
                final ParseResult result = PacketParser.parse(packet);
                if (result == ParseResult.OK && packet.protocol() == Ipv4.PROTOCOL_ICMP
                    && quote.parse(packet) == ParseResult.OK && quote.protocol() == Ipv4.PROTOCOL_IPIP) {
                    assertNotNull(quote.descend(packet));
                }
            } catch (final RuntimeException e) {
                throw new AssertionError("seed " + seed + ", frame " + HexFormat.of().formatHex(frame), e);
            }
        }
    }

    /** A copy with a random length and a few random bytes, its header checksum put right half of the time. */
    private static byte[] damaged(final byte[] good, final Random random) {
        final byte[] frame = Arrays.copyOf(good, random.nextInt(good.length + 8));
        for (int i = random.nextInt(4); i > 0 && frame.length > 12; i--) {
            frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt();
        }
        return random.nextBoolean() ? fixHeader(frame) : frame;
    }

    private static Arguments wrong(final String name, final String hex, final Consumer<byte[]> change,
        final ParseResult expected) {
        final byte[] frame = frame(hex);
        change.accept(frame);
        return Arguments.of(name, frame, expected);
    }

    private static byte[] frame(final String hex) {
        return fixHeader(HexFormat.of().parseHex(hex));
    }

    private static byte[] fixHeader(final byte[] frame) {
        final int headerBytes = frame.length > NETWORK ? (frame[NETWORK] & 0xf) * 4 : 0;
        if (headerBytes < 20 || frame.length < NETWORK + headerBytes) {
            return frame;
        }
        frame[NETWORK + 10] = 0;
        frame[NETWORK + 11] = 0;
        final int checksum = SlowChecksum.of(Arrays.copyOfRange(frame, NETWORK, NETWORK + headerBytes));
        frame[NETWORK + 10] = (byte) (checksum >> 8);
        frame[NETWORK + 11] = (byte) checksum;
        return frame;
    }

    private static void ethernetType(final byte[] frame, final int type) {
        frame[12] = (byte) (type >> 8);
        frame[13] = (byte) type;
    }

    private static void totalLength(final byte[] frame, final int length) {
        frame[NETWORK + 2] = (byte) (length >> 8);
        frame[NETWORK + 3] = (byte) length;
    }

    private static void source(final byte[] frame, final int address) {
        for (int i = 0; i < 4; i++) {
            frame[NETWORK + 12 + i] = (byte) (address >> 24 - 8 * i);
        }
    }
}
