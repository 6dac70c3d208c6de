package io.ringmaster.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.SlowChecksum;
import io.ringmaster.packet.Vlan;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The packet that is asked about is one that every receiver would take. */
class MadePacketTest {
    private static final int IP = 14;
    private static final int SCTP = 132;
    private static final Question.Arrival ARRIVAL = new Question.Arrival(0, 0, 0x02_00_00_00_00_0bL,
        0x02_00_00_00_00_01L);

    private static Question question(final int protocol, final boolean ipv4, final int moreBytes) {
        final int port = protocol == 1 || protocol == 58 ? 0 : 4001;
        return new Question(protocol, end(ipv4, 11, port), end(ipv4, 100, port == 0 ? 0 : 80), 2,
            MadePacket.leastBytes(protocol, ipv4) + moreBytes, ARRIVAL);
    }

    private static Question.End end(final boolean ipv4, final int last, final int port) {
        return ipv4 ? new Question.End(Addresses.IPV4_HIGH, Addresses.ipv4Low(0x0a010000 | last), port)
            : new Question.End(0xfd00_0000_0000_0000L, last, port);
    }

    @Test
    void everyKindIsReadAsItWasMeant() {
        for (final boolean ipv4 : List.of(true, false)) {
            for (final int protocol : new int[] {6, 17, SCTP, ipv4 ? 1 : 58}) {
                for (final int more : new int[] {0, 1, 100, 1333}) {
                    final Question question = question(protocol, ipv4, more);
                    final byte[] frame = MadePacket.of(question);
                    final Packet packet = parsed(frame, ParseResult.OK);
                    assertEquals(question.lengthBytes(), packet.networkLengthBytes());
                    assertEquals(protocol, packet.protocol());
                    assertEquals(question.from(), new Question.End(packet.sourceHigh(), packet.sourceLow(),
                        packet.sourcePort()));
                    assertEquals(question.to(), new Question.End(packet.destinationHigh(), packet.destinationLow(),
                        packet.destinationPort()));
                    assertChecksums(frame, ipv4, protocol, question);
                }
            }
        }
    }

    private static void assertChecksums(final byte[] frame, final boolean ipv4, final int protocol,
                                        final Question question) {
        final int transport = IP + (ipv4 ? 20 : 40);
        if (ipv4) {
            assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(frame, IP, transport)));
        }
        final byte[] rest = Arrays.copyOfRange(frame, transport, frame.length);
        if (protocol == SCTP) {
            final int sum = MemorySegment.ofArray(rest).get(ValueLayout.JAVA_INT_UNALIGNED, 8);
            Arrays.fill(rest, 8, 12, (byte) 0);
            final CRC32C expected = new CRC32C();
            expected.update(rest);
            assertEquals((int) expected.getValue(), sum);
        } else if (protocol == 1) {
            assertEquals(0, SlowChecksum.of(rest));
        } else {
            final byte[] pseudo = new byte[40 + rest.length];
            final int addressBytes = ipv4 ? 8 : 32;
            System.arraycopy(frame, IP + (ipv4 ? 12 : 8), pseudo, 0, addressBytes);
            pseudo[36] = (byte) (rest.length >> 8);
            pseudo[37] = (byte) rest.length;
            pseudo[39] = (byte) protocol;
            System.arraycopy(rest, 0, pseudo, 40, rest.length);
            assertEquals(0, SlowChecksum.of(pseudo), question::toString);
        }
    }

    @Test
    void anErrorQuotesThePacketThatWentTheOtherWay() {
        for (final boolean ipv4 : List.of(true, false)) {
            for (final int protocol : new int[] {6, 17, SCTP}) {
                final int bytes = MadePacket.errorBytes(protocol, ipv4);
                final Form.Error error = ipv4 ? new Form.Error(3, 4, 1300) : new Form.Error(2, 0, 1300);
                final Question question = new Question(protocol, end(ipv4, 11, 4001), end(ipv4, 100, 80), 2, bytes,
                    new Form(Form.Part.WHOLE, false, error), ARRIVAL);
                final byte[] frame = MadePacket.of(question);
                final Packet packet = parsed(frame, ParseResult.OK);
                assertEquals(ipv4 ? 1 : 58, packet.protocol());
                assertEquals(bytes, packet.networkLengthBytes());
                assertEquals(question.from().low(), packet.sourceLow());
                assertEquals(question.to().low(), packet.destinationLow());
                assertChecksums(frame, ipv4, packet.protocol(), question);
                final IcmpQuote quote = new IcmpQuote();
                assertEquals(ParseResult.OK, quote.parse(packet));
                assertEquals(protocol, quote.protocol());
                assertEquals(question.to(), new Question.End(quote.sourceHigh(), quote.sourceLow(),
                    quote.sourcePort()));
                assertEquals(question.from(), new Question.End(quote.destinationHigh(), quote.destinationLow(),
                    quote.destinationPort()));
                assertTrue(quote.isFragmentationNeeded());
                assertEquals(1300, quote.mtuBytes());
            }
        }
    }

    @Test
    void piecesHoldWhatTheWholeHolds() {
        for (final boolean ipv4 : List.of(true, false)) {
            for (final int protocol : new int[] {6, 17, SCTP}) {
                for (final int more : new int[] {40, 41, 55, 1000, 1500, 4000}) {
                    for (final int mtuBytes : new int[] {1280, 1500}) {
                        assertPieces(question(protocol, ipv4, more), mtuBytes);
                    }
                }
            }
        }
    }

    private static void assertPieces(final Question plain, final int mtuBytes) {
        final int plainBytes = plain.ipv4() ? 20 : 40;
        final int headerBytes = plain.ipv4() ? 20 : 48;
        final byte[] whole = MadePacket.of(plain);
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        final List<byte[]> pieces = Pieces.of(in(plain, Form.Part.ALL), mtuBytes);
        assertEquals(Pieces.count(plain, mtuBytes), pieces.size());
        assertTrue(pieces.size() > 1, () -> plain + " is in one piece");
        for (final byte[] piece : pieces) {
            final Packet packet = parsed(piece, ParseResult.FRAGMENT);
            assertTrue(packet.networkLengthBytes() <= mtuBytes);
            assertEquals(piece.length - IP, packet.networkLengthBytes());
            final int word = piece[IP + (plain.ipv4() ? 6 : 42)] << 8 & 0xff00
                | piece[IP + (plain.ipv4() ? 7 : 43)] & 0xff;
            assertEquals(data.size(), plain.ipv4() ? (word & 0x1fff) * 8 : word & 0xfff8);
            assertEquals(piece != pieces.getLast(), plain.ipv4() ? (word & 0x2000) != 0 : (word & 1) != 0);
            data.write(piece, IP + headerBytes, piece.length - IP - headerBytes);
        }
        assertArrayEquals(Arrays.copyOfRange(whole, IP + plainBytes, whole.length), data.toByteArray());
        assertArrayEquals(pieces.getFirst(), Pieces.of(in(plain, Form.Part.FIRST), mtuBytes).getFirst());
        assertArrayEquals(pieces.getLast(), Pieces.of(in(plain, Form.Part.LATER), mtuBytes).getFirst());
    }

    private static Question in(final Question plain, final Form.Part part) {
        return new Question(plain.protocol(), plain.from(), plain.to(), plain.flags(), plain.lengthBytes(),
            new Form(part, false, null), plain.arrival());
    }

    private static Packet parsed(final byte[] frame, final ParseResult expected) {
        final Packet packet = new Packet(Arena.ofAuto().allocate(frame.length, 8)
            .copyFrom(MemorySegment.ofArray(frame)));
        packet.wrap(0, frame.length, 0);
        assertEquals(expected, PacketParser.parse(packet));
        return packet;
    }

    @Test
    void tagsStandInFrontOfTheRest() {
        final Question plain = question(6, true, 0);
        final byte[] bare = MadePacket.of(plain);
        final int tags = Vlan.both(Vlan.tag(Vlan.TYPE_SERVICE, 200), Vlan.tag(Vlan.TYPE_CUSTOMER, 100));
        final byte[] tagged = MadePacket.of(new Question(6, plain.from(), plain.to(), 2, plain.lengthBytes(),
            new Question.Arrival(0, tags, ARRIVAL.sourceMac(), ARRIVAL.destinationMac())));
        assertArrayEquals(Arrays.copyOf(bare, 12), Arrays.copyOf(tagged, 12));
        assertArrayEquals(new byte[] {(byte) 0x88, (byte) 0xa8, 0, (byte) 200, (byte) 0x81, 0, 0, 100},
            Arrays.copyOfRange(tagged, 12, 20));
        assertArrayEquals(Arrays.copyOfRange(bare, 12, bare.length), Arrays.copyOfRange(tagged, 20, tagged.length));
    }
}
