package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketMemory;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.SlowChecksum;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What the recordings do not reach: all lengths, options, packets that are fragments already. */
class FragmentationTest {
    private static final int IP = Ethernet.HEADER_BYTES;
    private final PacketMemory chunk = new PacketMemory();

    @Property
    void togetherTheyAreThePacket(@ForAll @IntRange(min = 69, max = 1500) final int mtuBytes,
        @ForAll @IntRange(max = 10) final int optionWords, @ForAll @IntRange(min = 1, max = 1400) final int more,
        @ForAll final boolean middle) {
        final int headerBytes = 20 + optionWords * 4;
        final int lengthBytes = Math.min(1700, mtuBytes + more);
        final byte[] frame = packet(new byte[optionWords * 4], lengthBytes, middle ? Ipv4.MORE_FRAGMENTS | 100 : 0);
        final List<byte[]> fragments = fragments(frame, mtuBytes);
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < fragments.size(); i++) {
            final byte[] each = fragments.get(i);
            final MemorySegment memory = MemorySegment.ofArray(each);
            final boolean last = i == fragments.size() - 1;
            assertTrue(each.length - IP <= mtuBytes);
            assertEquals(each.length - IP, Ipv4.totalLength(memory, IP));
            assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(each, IP, IP + headerBytes)), "header checksum");
            assertEquals(0x1234, Ipv4.identification(memory, IP));
            final int word = Ipv4.fragmentWord(memory, IP);
            assertEquals(data.size() / 8 + (middle ? 100 : 0), word & Ipv4.FRAGMENT_OFFSET);
            assertEquals(middle || !last, (word & Ipv4.MORE_FRAGMENTS) != 0);
            assertEquals(0, word & Ipv4.DONT_FRAGMENT);
            assertTrue(last || each.length - IP + 8 > mtuBytes, "as long as can be");
            data.write(each, IP + headerBytes, each.length - IP - headerBytes);
        }
        assertArrayEquals(Arrays.copyOfRange(frame, IP + headerBytes, frame.length), data.toByteArray());
    }

    @Test
    void optionsThatAreNotCopiedAreInTheFirstOnly() {
        // Record route, a no-operation, router alert (copied), the end.
        final byte[] options = HexFormat.of().parseHex("07070400000000" + "01" + "94040000" + "00000000");
        final List<byte[]> fragments = fragments(packet(options, 200, 0), 100);
        assertEquals("0707040000000001" + "9404000000000000", options(fragments.getFirst()));
        assertEquals("0101010101010101" + "9404000000000000", options(fragments.get(1)));
    }

    @Test
    void optionsThatMakeNoSenseStay() {
        for (final String hex : new String[] {"07000000", "07ff0000", "01010107", "07010000"}) {
            final List<byte[]> fragments = fragments(packet(HexFormat.of().parseHex(hex), 200, 0), 100);
            assertEquals(hex, HexFormat.of().formatHex(fragments.get(1), IP + 20, IP + 24));
        }
    }

    private static String options(final byte[] frame) {
        return HexFormat.of().formatHex(frame, IP + 20, IP + 36);
    }

    private List<byte[]> fragments(final byte[] frame, final int mtuBytes) {
        final Packet packet = chunk.receive(frame);
        final ParseResult result = PacketParser.parse(packet);
        assertTrue(result == ParseResult.OK || result == ParseResult.FRAGMENT, result::toString);
        final List<byte[]> fragments = new ArrayList<>();
        for (int i = 1; i < Fragmentation.count(packet, mtuBytes); i++) {
            fragments.add(chunk.bytes(PacketMemory.SPARE,
                Fragmentation.write(packet, mtuBytes, i, 0, PacketMemory.SPARE)));
        }
        Fragmentation.shorten(packet, mtuBytes, 0);
        fragments.addFirst(chunk.frame());
        return fragments;
    }

    private static byte[] packet(final byte[] options, final int lengthBytes, final int fragmentWord) {
        final byte[] frame = new byte[IP + lengthBytes];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (i * 7 + (i >> 8));
        }
        final MemorySegment memory = MemorySegment.ofArray(frame);
        Ethernet.type(memory, 0, Ethernet.TYPE_IPV4);
        Ipv4.versionAndIhl(memory, IP, Ipv4.VERSION_4_IHL_5 + options.length / 4);
        Ipv4.totalLength(memory, IP, lengthBytes);
        Ipv4.identification(memory, IP, 0x1234);
        Ipv4.fragmentWord(memory, IP, fragmentWord);
        Ipv4.protocol(memory, IP, Ipv4.PROTOCOL_UDP);
        Ipv4.source(memory, IP, 0x0a09_0101);
        System.arraycopy(options, 0, frame, IP + 20, options.length);
        Ipv4.writeChecksum(memory, IP);
        return frame;
    }
}
