package io.ringmaster.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class Crc32cTest {
    @Test
    void asInTheLiterature() {
        // The check value of the catalogue of CRCs: of the nine digits.
        final byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0xe306_9283, Crc32c.of(MemorySegment.ofArray(digits), 0, digits.length));
    }

    @Test
    void asTheJdksForAllLengthsAndOffsets() {
        final byte[] bytes = new byte[300];
        new Random(5).nextBytes(bytes);
        final MemorySegment memory = MemorySegment.ofArray(bytes);
        for (int offset = 0; offset < 9; offset++) {
            for (int length = 0; offset + length <= bytes.length; length++) {
                final CRC32C expected = new CRC32C();
                expected.update(bytes, offset, length);
                assertEquals((int) expected.getValue(), Crc32c.of(memory, offset, length));
            }
        }
    }
}
