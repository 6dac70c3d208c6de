package io.ringmaster.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Full and incremental checksums against the slow one, whose every step can be followed by hand. */
class ChecksumTest {
    private static final int WORD = 0xffff;

    @Test
    void exampleOfRfc1071() {
        final byte[] bytes = HexFormat.of().parseHex("0001f203f4f5f6f7");
        assertEquals(~0xddf2 & WORD, Checksum.of(MemorySegment.ofArray(bytes), 0, bytes.length));
    }

    @Test
    void exampleOfRfc1624() {
        assertEquals(0x0000, Checksum.update16(0xdd2f, 0x5555, 0x3285));
    }

    @Test
    void longestPacketOfOnesDoesNotOverflow() {
        final byte[] bytes = new byte[WORD];
        Arrays.fill(bytes, (byte) 0xff);
        assertEquals(SlowChecksum.of(bytes), Checksum.of(MemorySegment.ofArray(bytes), 0, bytes.length));
    }

    @Property
    void fullEqualsSlow(@ForAll final byte[] bytes, @ForAll @IntRange(max = 9) final int offset) {
        final byte[] shifted = new byte[offset + bytes.length];
        System.arraycopy(bytes, 0, shifted, offset, bytes.length);
        assertEquals(SlowChecksum.of(bytes), Checksum.of(MemorySegment.ofArray(shifted), offset, bytes.length));
    }

    @Property
    void headerEqualsSlow(@ForAll @Size(min = 20, max = 60) final byte[] bytes) {
        final byte[] header = Arrays.copyOf(bytes, bytes.length & ~3);
        assertEquals(SlowChecksum.of(header),
            Checksum.ofIpv4Header(MemorySegment.ofArray(header), 0, header.length));
    }

    @Property
    void transportEqualsSlow(@ForAll @Size(max = 200) final byte[] segment, @ForAll final int source,
        @ForAll final int destination, @ForAll @IntRange(max = 255) final int protocol) {
        final byte[] packet = new byte[Ipv4.HEADER_BYTES + segment.length];
        final MemorySegment memory = MemorySegment.ofArray(packet);
        Ipv4.versionAndIhl(memory, 0, Ipv4.VERSION_4_IHL_5);
        Ipv4.totalLength(memory, 0, packet.length);
        Ipv4.protocol(memory, 0, protocol);
        Ipv4.source(memory, 0, source);
        Ipv4.destination(memory, 0, destination);
        System.arraycopy(segment, 0, packet, Ipv4.HEADER_BYTES, segment.length);
        assertEquals(SlowChecksum.ofTransport(packet, 0),
            Checksum.ofTransport(memory, Ipv4.HEADER_BYTES, segment.length, source, destination, protocol));
    }

    @Property
    void correctionOfOneWordEqualsComputingAfresh(@ForAll @Size(min = 4, max = 100) final byte[] bytes,
        @ForAll @IntRange(max = 49) final int place, @ForAll @IntRange(max = WORD) final int word) {
        final int offset = place * 2 % (bytes.length - 1) & ~1;
        final MemorySegment memory = MemorySegment.ofArray(bytes);
        final int before = SlowChecksum.of(bytes);
        final int old = BigEndian.u16(memory, offset);
        BigEndian.u16(memory, offset, word);
        assertSameSum(SlowChecksum.of(bytes), Checksum.update16(before, old, word));
    }

    @Property
    void correctionOfAnAddressEqualsComputingAfresh(@ForAll @Size(min = 8, max = 100) final byte[] bytes,
        @ForAll final int address) {
        final MemorySegment memory = MemorySegment.ofArray(bytes);
        final int before = SlowChecksum.of(bytes);
        final int old = BigEndian.i32(memory, 4);
        BigEndian.i32(memory, 4, address);
        assertSameSum(SlowChecksum.of(bytes), Checksum.update32(before, old, address));
    }

    @Property
    void wrongChecksumStaysAsWrong(@ForAll @IntRange(max = WORD) final int checksum, @ForAll final int old,
        @ForAll final int now) {
        final int there = Checksum.update32(checksum, old, now);
        assertSameSum(checksum, Checksum.update32(there, now, old));
    }

    @Property
    void anAddressIsTwoWords(@ForAll @IntRange(max = WORD) final int checksum, @ForAll final int old,
        @ForAll final int now) {
        final int half = Checksum.update16(checksum, old >>> 16, now >>> 16);
        assertSameSum(Checksum.update16(half, old & WORD, now & WORD), Checksum.update32(checksum, old, now));
    }

    /** Equal as one's complement numbers, in which 0 and 0xffff are the same. */
    private static void assertSameSum(final int expected, final int actual) {
        assertEquals(expected % WORD, actual % WORD);
    }
}
