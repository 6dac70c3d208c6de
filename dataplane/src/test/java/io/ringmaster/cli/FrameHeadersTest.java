package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.explain.MadePacket;
import io.ringmaster.explain.Question;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Vlan;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Headers in words, those within tunnels, too. */
class FrameHeadersTest {
    private static final String ETHERNET = "ethernet 02:00:00:00:00:0b > 02:00:00:00:00:01";
    private static final String INNER = "ipv4 10.1.0.11 > 10.1.0.100 ttl 64 bytes 40, tcp 4001 > 80 flags S";
    /** 10.2.0.1 > 10.2.0.11, up to the protocol and behind it. */
    private static final String OUTER = "45000000000000003f";
    private static final String OUTER_ADDRESSES = "00000a0200010a02000b";

    private static byte[] made(final int tags) {
        return MadePacket.of(new Question(6, new Question.End(0, Addresses.ipv4Low(0x0a01000b), 4001),
            new Question.End(0, Addresses.ipv4Low(0x0a010064), 80), 2, 40,
            new Question.Arrival(0, tags, 0x02_00_00_00_00_0bL, 0x02_00_00_00_00_01L)));
    }

    private static String text(final byte[] frame, final int guePort) {
        final List<FrameHeaders> headers = FrameHeaders.of(frame, guePort);
        return String.join(", ", headers.stream().map(FrameHeaders::text).toList());
    }

    /** The made packet in a tunnel. */
    private static byte[] wrapped(final String protocolHex, final String between) {
        final String frame = HexFormat.of().formatHex(made(0));
        return HexFormat.of().parseHex(frame.substring(0, 28) + OUTER + protocolHex + OUTER_ADDRESSES + between
            + frame.substring(28));
    }

    @Test
    void aPlainOneAndOneOfAVlan() {
        assertEquals(ETHERNET + ", " + INNER, text(made(0), 0));
        assertEquals(ETHERNET + ", vlan protocol 802.1ad id 200, vlan protocol 802.1Q id 100, " + INNER,
            text(made(Vlan.both(Vlan.tag(Vlan.TYPE_SERVICE, 200), Vlan.tag(Vlan.TYPE_CUSTOMER, 100))), 0));
    }

    @Test
    void tunnelsOfEachKind() {
        final String outer = ETHERNET + ", ipv4 10.2.0.1 > 10.2.0.11 ttl 63 bytes 0, ";
        assertEquals(outer + INNER, text(wrapped("04", ""), 0));
        assertEquals(outer + "gre, " + INNER, text(wrapped("2f", "00000800"), 0));
        assertEquals(outer + "gre, " + INNER, text(wrapped("2f", "8000080000000000"), 0));
        final String gue = "c35017c000000000" + "00040000";
        assertEquals(outer + "udp 50000 > 6080, gue, " + INNER, text(wrapped("11", gue), 6080));
        assertEquals(outer + "udp 50000 > 6080", text(wrapped("11", gue), 0));
    }

    @Test
    void errorsHaveNames() {
        final String ethernet = "020000000001" + "02000000000b";
        final String ipv4 = ethernet + "0800" + OUTER + "01" + OUTER_ADDRESSES;
        assertEquals("icmp type 3 code 4 error fragmentation needed mtu 1468",
            last(ipv4 + "03040000000005bc"));
        assertEquals("icmp type 3 code 1 error host unreachable", last(ipv4 + "0301000000000000"));
        assertEquals("icmp type 11 code 0 error time exceeded", last(ipv4 + "0b00000000000000"));
        assertEquals("icmp type 8 code 0", last(ipv4 + "0800000000000000"));
        final String ipv6 = ethernet + "86dd" + "6000000000083a40" + "fd".repeat(32);
        assertEquals("icmpv6 type 2 code 0 error packet too big mtu 1280", last(ipv6 + "0200000000000500"));
        assertEquals("icmpv6 type 1 code 4 error port unreachable", last(ipv6 + "0104000000000000"));
    }

    private static String last(final String hex) {
        return FrameHeaders.of(HexFormat.of().parseHex(hex), 0).getLast().text();
    }
}
