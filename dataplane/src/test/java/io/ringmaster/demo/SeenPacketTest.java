package io.ringmaster.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SeenPacketTest {
    private static final String ETHERNET = "020000000101" + "02000000010b" + "0800";
    private static final String SYN = "4500002800004000400600000a4d010b0a4d0164"
        + "9c40005000000001000000005002000000000000";
    private static final String OUTER = "4500003c00004000400400000a4d02010a4d020b";

    @Test
    void tcp() {
        final SeenPacket packet = read(ETHERNET + SYN);
        assertEquals("front  >host     02:00:00:00:01:0b > 02:00:00:00:01:01  "
            + "TCP 10.77.1.11:40000 > 10.77.1.100:80 [S] ttl 64, 40 bytes", packet.toString());
        assertTrue(packet.concerns(40_000));
        assertFalse(packet.isReset());
    }

    @Test
    void ipip() {
        final SeenPacket packet = read(ETHERNET + OUTER + SYN);
        assertEquals("10.77.2.11", packet.destination());
        assertEquals("10.77.1.100", packet.innermost().destination());
        assertTrue(packet.concerns(80));
        assertTrue(packet.toString().endsWith("IPIP 10.77.2.1 > 10.77.2.11 ttl 64 | "
            + "TCP 10.77.1.11:40000 > 10.77.1.100:80 [S] ttl 64, 40 bytes"), packet.toString());
    }

    @Test
    void everyTruncationIsReadOrRefused() {
        final byte[] whole = HexFormat.of().parseHex(ETHERNET + OUTER + SYN);
        for (int length = 0; length < whole.length; length++) {
            final SeenPacket packet = SeenPacket.of("front", true, Arrays.copyOf(whole, length));
            if (length < 34) {
                assertNull(packet, "of " + length + " bytes");
            } else {
                assertEquals("10.77.2.11", packet.destination());
            }
        }
    }

    @Test
    void othersAreNotRead() {
        assertNull(read("ffffffffffff02000000010b0806" + "00".repeat(40)));
    }

    private static SeenPacket read(final String hex) {
        return SeenPacket.of("front", false, HexFormat.of().parseHex(hex));
    }
}
