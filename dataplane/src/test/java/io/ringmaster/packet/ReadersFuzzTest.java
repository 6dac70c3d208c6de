package io.ringmaster.packet;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/**
 * What reads strangers' bytes, by jazzer: nothing is thrown, and nothing is read behind the packet, whose end is that
 * of its memory. As a test each is run on the inputs among the resources, in a folder of its name: frames of recordings
 * and what was found. To look for more, one at a time, a minute each:
 * <pre>
 *   JAZZER_FUZZ=1 mvn -pl dataplane -am test -Djazzer.hooks=true -Dtest=ReadersFuzzTest#frames
 *       -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
@Tag("fuzz")
class ReadersFuzzTest {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int ICMP = 8;
    private static final int MOST_BYTES = 3_800;
    private static final int LEAST_MTU = 1280;

    /** Any frame. */
    @FuzzTest(maxDuration = "1m")
    void frames(final byte[] frame) {
        read(frame);
    }

    /** What an ICMP error quotes; the first byte chooses type and family. */
    @FuzzTest(maxDuration = "1m")
    void quotes(final byte[] data) {
        if (data.length == 0 || data.length > MOST_BYTES) {
            return;
        }
        final boolean six = (data[0] & 1) != 0;
        final int header = ETHERNET + (six ? IPV6 : IPV4);
        final byte[] frame = new byte[header + ICMP + data.length - 1];
        System.arraycopy(data, 1, frame, header + ICMP, data.length - 1);
        frame[header] = (byte) (six ? 1 + (data[0] >> 1 & 3) : new int[] {3, 11, 4, 12}[data[0] >> 1 & 3]);
        frame[header + 1] = (byte) (six ? 0 : data[0] >> 3 & 7);
        frame[header + 6] = LEAST_MTU >> 8;
        ip(frame, six, six ? 58 : 1);
        read(frame);
    }

    /** What stands behind an IPv6 header; the first byte is the next header. */
    @FuzzTest(maxDuration = "1m")
    void extensions(final byte[] data) {
        if (data.length == 0 || data.length > MOST_BYTES) {
            return;
        }
        final byte[] frame = new byte[ETHERNET + IPV6 + data.length - 1];
        System.arraycopy(data, 1, frame, ETHERNET + IPV6, data.length - 1);
        ip(frame, true, data[0]);
        read(frame);
    }

    /** A right header in front, so that what is behind it is looked at. */
    private static void ip(final byte[] frame, final boolean six, final int protocol) {
        final int room = frame.length - ETHERNET;
        frame[12] = (byte) (six ? 0x86 : 0x08);
        frame[13] = (byte) (six ? 0xdd : 0);
        frame[ETHERNET] = (byte) (six ? 0x60 : 0x45);
        final int length = six ? room - IPV6 : room;
        final int at = ETHERNET + (six ? 4 : 2);
        frame[at] = (byte) (length >> 8);
        frame[at + 1] = (byte) length;
        frame[ETHERNET + (six ? 6 : 9)] = (byte) protocol;
        frame[ETHERNET + (six ? 7 : 8)] = 64;
        frame[ETHERNET + (six ? 8 : 12)] = (byte) (six ? 0xfd : 10);
        frame[ETHERNET + (six ? 24 : 16)] = (byte) (six ? 0xfd : 10);
        if (!six) {
            final int sum = SlowChecksum.of(Arrays.copyOfRange(frame, ETHERNET, ETHERNET + IPV4));
            frame[ETHERNET + 10] = (byte) (sum >> 8);
            frame[ETHERNET + 11] = (byte) sum;
        }
    }

    private static void read(final byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(Math.max(1, frame.length));
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
            final Packet packet = new Packet(memory);
            packet.wrap(0, frame.length, 0);
            final ParseResult result = PacketParser.parse(packet);
            assertNotNull(result);
            if (result == ParseResult.OK) {
                assertTrue(packet.network() + packet.networkLengthBytes() <= frame.length, "longer than its frame");
                assertTrue(packet.networkHeaderBytes() <= packet.networkLengthBytes(), "shorter than its header");
                if (packet.protocol() == Ipv4.PROTOCOL_ICMP || packet.protocol() == Ipv6.PROTOCOL_ICMPV6) {
                    quote(packet);
                }
            }
        }
    }

    private static void quote(final Packet packet) {
        final IcmpQuote quote = new IcmpQuote();
        ParseResult result = quote.parse(packet);
        for (int depth = 0; depth < 2 && result == ParseResult.OK && quote.mayBeTunnel(); depth++) {
            assertTrue(quote.transport() <= packet.lengthBytes(), "a quoted header that ends behind the frame");
            result = quote.descend(packet);
        }
    }
}
