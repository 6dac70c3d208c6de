package io.ringmaster.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UmemTest {
    @Test
    void isAsLargeAsItsFrames() {
        try (Umem umem = Umem.allocate(1000, 4096)) {
            assertEquals(1000, umem.frames());
            assertEquals(4096, umem.frameBytes());
            assertEquals(4_096_000, umem.memory().byteSize());
            assertEquals(0, umem.memory().address() % 4096);
            assertEquals(3840, umem.longestPacketBytes());
            assertTrue(umem.describe().startsWith("1000 frames of 4096 bytes in "), umem.describe());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 2048", "-1, 2048", "64, 1024", "64, 3000", "64, 8192"})
    void otherSizesAreRefused(final int frames, final int frameBytes) {
        assertThrows(IllegalArgumentException.class, () -> Umem.allocate(frames, frameBytes));
    }

    @ParameterizedTest
    @CsvSource({"68, 2048", "1500, 2048", "1600, 2048", "1774, 2048", "1775, 4096", "3822, 4096"})
    void theFrameHoldsTheMtu(final int mtuBytes, final int frameBytes) {
        assertEquals(frameBytes, Umem.frameBytesFor("eth0", mtuBytes));
    }

    @Test
    void aJumboMtuIsRefusedInASentence() {
        assertEquals("The MTU of eth0 is 9000, and a frame holds packets of an MTU up to 3822; lower it with"
            + " \"ip link set eth0 mtu 1500\".",
            assertThrows(IllegalArgumentException.class, () -> Umem.frameBytesFor("eth0", 9000)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Umem.frameBytesFor("eth0", 3823));
    }

    @ParameterizedTest
    @CsvSource({"0, 64, 64, 64", "64, 32, 64, 64", "64, 64, 96, 64", "64, 64, 64, 131072", "64, 128, 64, 64"})
    void ringSizesThatCannotWorkAreRefused(final int rx, final int tx, final int fill, final int completion) {
        assertThrows(IllegalArgumentException.class, () -> new RingSizes(rx, tx, fill, completion));
    }
}
