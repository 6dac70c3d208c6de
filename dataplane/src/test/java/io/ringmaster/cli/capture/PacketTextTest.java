package io.ringmaster.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets as text. */
class PacketTextTest {
    private static final String MACS = "020000000001020000000002";
    private static final String CLIENT = "0a090101";
    private static final String VIP = "0a000001";
    private static final String CLIENT6 = "fd090000000000000000000000000001";
    private static final String VIP6 = "fd000000000000000000000000000001";
    private static final String SYN = "0fa00050" + "000003e8" + "000007d0" + "5002ffff00000000";
    private final PacketText text = new PacketText();

    private String of(final String hex) {
        return of(hex, hex.length() / 2);
    }

    private String of(final String hex, final int captured) {
        return text.of(MemorySegment.ofArray(HexFormat.of().parseHex(hex)), 0, captured, hex.length() / 2);
    }

    private static String hex(final int value) {
        return String.format("%04x", value);
    }

    private static String ipv4(final int fragment, final int protocol, final String payload) {
        final String header = "4500" + hex(20 + payload.length() / 2) + "1234" + hex(fragment) + "40"
            + hex(protocol).substring(2);
        final ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(header + "0000" + CLIENT + VIP));
        long sum = 0;
        while (words.hasRemaining()) {
            sum += words.getShort() & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >> 16);
        return header + hex((int) (~((sum & 0xffff) + (sum >> 16)) & 0xffff)) + CLIENT + VIP + payload;
    }

    private static String ipv6(final int next, final String payload) {
        return "60000000" + hex(payload.length() / 2) + hex(next).substring(2) + "40" + CLIENT6 + VIP6 + payload;
    }

    private static String udp(final int to, final String payload) {
        return "0fa0" + hex(to) + hex(8 + payload.length() / 2) + "0000" + payload;
    }

    @Test
    void transports() {
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.80: Flags [S], seq 1000, win 65535, length 0",
            of(MACS + "0800" + ipv4(0, 6, SYN)));
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.80: Flags [P.], seq 4294967295, ack 2000, win 65535, length 3",
            of(MACS + "0800" + ipv4(0, 6, "0fa00050ffffffff000007d05018ffff00000000616263")));
        assertEquals("IP6 fd09::1.4000 > fd00::1.53: UDP, length 2", of(MACS + "86dd" + ipv6(17, udp(53, "6162"))));
        assertEquals("IP 10.9.1.1 > 10.0.0.1: ICMP echo request, id 7, seq 9, length 8",
            of(MACS + "0800" + ipv4(0, 1, "0800000000070009")));
        assertEquals("IP 10.9.1.1 > 10.0.0.1: ICMP fragmentation needed (mtu 1400) about TCP 10.9.1.1.4000 > "
            + "10.0.0.1.80, length 48", of(MACS + "0800" + ipv4(0, 1, "0304000000000578" + ipv4(0, 6, SYN))));
        assertEquals("IP6 fd09::1 > fd00::1: ICMP6 packet too big (mtu 1280) about UDP fd09::1.4000 > fd00::1.53, "
            + "length 58", of(MACS + "86dd" + ipv6(58, "0200000000000500" + ipv6(17, udp(53, "6162")))));
        assertEquals("IP 10.9.1.1 > 10.0.0.1: protocol 50, length 4", of(MACS + "0800" + ipv4(0, 50, "61626364")));
    }

    @Test
    void tunnelsAndTags() {
        final String inner = "IP 10.9.1.1.4000 > 10.0.0.1.80: Flags [S], seq 1000, win 65535, length 0";
        final String packet = ipv4(0, 6, SYN);
        assertEquals("IP 10.9.1.1 > 10.0.0.1: IPIP: " + inner, of(MACS + "0800" + ipv4(0, 4, packet)));
        assertEquals("IP 10.9.1.1 > 10.0.0.1: GRE: " + inner, of(MACS + "0800" + ipv4(0, 47, "00000800" + packet)));
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.6080: GUE: " + inner,
            of(MACS + "0800" + ipv4(0, 17, udp(6080, "00040000" + packet))));
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.6080: UDP, length 30",
            of(MACS + "0800" + ipv4(0, 17, udp(6080, "00040000" + "45".repeat(26)))), "no packet is in it");
        assertEquals("IP6 fd09::1 > fd00::1: IPIP: " + inner, of(MACS + "86dd" + ipv6(4, packet)));
        assertEquals("vlan 291, " + inner, of(MACS + "81000123" + "0800" + packet));
        assertEquals("vlan 7, vlan 9, " + inner, of(MACS + "88a80007" + "81000009" + "0800" + packet));
    }

    @Test
    void fragmentsAndWhatIsCutOrWrong() {
        assertEquals("IP 10.9.1.1 > 10.0.0.1: fragment at 1480+, UDP, length 8",
            of(MACS + "0800" + ipv4(0x2000 | 185, 17, "6162636465666768")));
        final String frame = MACS + "0800" + ipv4(0, 6, SYN);
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.80: Flags [S], seq 1000, win 65535, length 0", of(frame, 54));
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.80: TCP, cut by --snaplen", of(frame, 42));
        assertEquals("ethertype 0x0806, length 18", of(MACS + "0806" + "00010800"));
        assertEquals("IP with a wrong header checksum, length 54", of(frame.replace(VIP + "0fa0", "0a0000020fa0")));
        assertEquals("IP that ends within its headers, length 20", of(frame.substring(0, 40)));
        assertEquals("IP 10.9.1.1.4000 > 10.0.0.1.80: TCP that ends within its header, length 8",
            of(MACS + "0800" + ipv4(0, 6, "0fa00050000003e8")));
    }

    @Test
    void anyBytesHaveSomeText() {
        final Random random = new Random(7);
        final byte[] start = HexFormat.of().parseHex(MACS + "0800" + ipv4(0, 6, SYN));
        for (int i = 0; i < 50_000; i++) {
            final byte[] frame = new byte[1 + random.nextInt(120)];
            random.nextBytes(frame);
            System.arraycopy(start, 0, frame, 0, Math.min(frame.length, random.nextInt(start.length)));
            final int captured = random.nextInt(frame.length + 1);
            assertFalse(text.of(MemorySegment.ofArray(frame), 0, captured, frame.length).isEmpty());
        }
    }
}
