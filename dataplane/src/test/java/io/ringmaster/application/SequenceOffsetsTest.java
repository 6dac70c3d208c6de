package io.ringmaster.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sequence numbers as one side counts them and as the other does. */
class SequenceOffsetsTest {
    @Test
    void nothingMovesNothing() {
        assertEquals(0, SequenceOffsets.ofSequence(0, 12345));
        assertEquals(0, SequenceOffsets.ofAcknowledgment(0, -5));
    }

    /** A stream of segments of which some change in length, across the wrap of sequence numbers. */
    @Test
    void bothSidesCountTheSameBytes() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int stream = 0; stream < 2_000; stream++) {
            int sent = -random.nextInt(3_000);
            int received = sent;
            long word = 0;
            for (int i = 0; i < 40; i++) {
                final int bytes = 20 + random.nextInt(80);
                final int change = random.nextInt(3) == 0 ? random.nextInt(25) - 12 : 0;
                word = SequenceOffsets.changed(word, sent, change);
                assertEquals(received, sent + SequenceOffsets.ofSequence(word, sent), "seed " + seed);
                // Sent again, it changes nothing.
                assertEquals(word, SequenceOffsets.changed(word, sent, change), "seed " + seed);
                assertEquals(received, sent + SequenceOffsets.ofSequence(word, sent), "seed " + seed);
                sent += bytes;
                received += bytes + change;
                final int acknowledged = received - SequenceOffsets.ofAcknowledgment(word, received);
                assertEquals(sent, acknowledged, "seed " + seed);
            }
        }
    }

    @Test
    void changesBeyondTheWordDoNotFit() {
        assertTrue(SequenceOffsets.fits(0, 127));
        assertTrue(SequenceOffsets.fits(0, -128));
        assertFalse(SequenceOffsets.fits(0, 128));
        long word = 0;
        for (int i = 1; SequenceOffsets.fits(word, 127); i++) {
            word = SequenceOffsets.changed(word, i * 200, 127);
        }
        assertTrue(SequenceOffsets.ofSequence(word, 1 << 30) > 1 << 22);
    }
}
