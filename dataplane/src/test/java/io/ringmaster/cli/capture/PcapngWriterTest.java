package io.ringmaster.cli.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is written is read again, by a reader that goes by the specification. */
class PcapngWriterTest {
    @Property(tries = 300)
    void anyPacketsWithAnyComments(@ForAll @Size(max = 20) final List<@Size(max = 300) byte[]> packets,
                                   @ForAll final String comment, @ForAll @LongRange(min = 0) final long epochNs,
                                   @ForAll final long number, @ForAll @IntRange(max = 9) final int offset,
                                   @ForAll @IntRange(min = 0) final int more) {
        final PcapngWriter writer = new PcapngWriter();
        // What has no form in UTF-8, half a character, is written as a question mark.
        final String written = new String(comment.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.UTF_8);
        writer.section("test", comment);
        writer.networkInterface("eth0", 65_535);
        writer.networkInterface("a-much-longer1", 96);
        for (int i = 0; i < packets.size(); i++) {
            final byte[] placed = new byte[offset + packets.get(i).length + 3];
            System.arraycopy(packets.get(i), 0, placed, offset, packets.get(i).length);
            writer.packet(i % 2, epochNs, MemorySegment.ofArray(placed), offset, packets.get(i).length, more,
                1 + i % 2, number + i, comment + i);
        }
        writer.statistics(0, epochNs, number);
        writer.statistics(1, epochNs, 7);
        final PcapngBlocks blocks = PcapngBlocks.of(writer.bytes(), writer.lengthBytes());
        assertEquals(written, blocks.comment());
        assertEquals(List.of("eth0", "a-much-longer1"), blocks.interfaces());
        assertEquals(packets.size(), blocks.packets().size());
        for (int i = 0; i < packets.size(); i++) {
            final PcapngBlocks.Packet packet = blocks.packets().get(i);
            assertArrayEquals(packets.get(i), packet.bytes());
            assertEquals(List.of(i % 2, epochNs, more, 1 + i % 2, number + i, written + i), List.of(packet.port(),
                packet.epochNs(), packet.wireBytes(), packet.flags(), packet.number(), packet.comment()));
        }
        assertEquals(List.of(number, 7L), blocks.dropped());
    }

    @Test
    void aCommentThatIsTooLongIsCut() {
        final char[] letters = new char[70_000];
        Arrays.fill(letters, 'x');
        final PcapngWriter writer = new PcapngWriter();
        writer.section("test", new String(letters));
        assertEquals(65_535, PcapngBlocks.of(writer.bytes(), writer.lengthBytes()).comment().length());
        writer.clear();
        assertEquals(0, writer.lengthBytes());
    }
}
