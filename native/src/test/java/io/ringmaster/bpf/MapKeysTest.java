package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MapKeysTest {
    private static final Arena ARENA = Arena.ofAuto();

    private static String hex(final MemorySegment key) {
        return HexFormat.of().formatHex(key.toArray(ValueLayout.JAVA_BYTE));
    }

    private static String nativeInt(final String bigEndian) {
        final int value = HexFormat.fromHexDigits(bigEndian);
        return HexFormat.of().toHexDigits(
            ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    @Test
    void endpointIsInNetworkOrder() {
        assertEquals("00000000000000000000ffff0a01006401bb0600",
            hex(MapKeys.endpoint(ARENA, 6, 0, 0xffff_0a01_0064L, 443)));
        assertEquals("20010db8000000000000000000000001ffffff00",
            hex(MapKeys.endpoint(ARENA, 255, 0x2001_0db8_0000_0000L, 1, 65_535)));
    }

    @Test
    void addressIsInNetworkOrder() {
        assertEquals("00000000000000000000ffffc0a80001", hex(MapKeys.address(ARENA, 0, 0xffff_c0a8_0001L)));
    }

    @Test
    void macFollowsTheInterface() {
        assertEquals(nativeInt("00000102") + "02aabbccddee" + "0000",
            hex(MapKeys.interfaceMac(ARENA, 0x102, 0x02aa_bbcc_ddeeL)));
    }

    @Test
    void settings() {
        assertEquals(nativeInt("00000010") + "0201aabbccdd" + "0000",
            hex(MapKeys.settings(ARENA, 16, 0x0201_aabb_ccddL, false)));
    }

    @Test
    void vlanOfAnInterface() {
        assertEquals(nativeInt("00000102") + nativeInt("90058064"),
            hex(MapKeys.interfaceVlan(ARENA, 0x102, 0x9005_8064)));
    }

    @Test
    void impossibleEndpointsAreRefusedInASentence() {
        for (final int[] wrong : new int[][]{{256, 80}, {-1, 80}, {6, 65_536}, {6, -1}}) {
            final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> MapKeys.endpoint(ARENA, wrong[0], 0, 0, wrong[1]));
            assertTrue(refused.getMessage().endsWith("."), refused.getMessage());
        }
    }
}
