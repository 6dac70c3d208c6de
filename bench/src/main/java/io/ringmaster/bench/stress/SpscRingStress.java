package io.ringmaster.bench.stress;

import io.ringmaster.ring.SpscRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** What one thread may see of the messages of the other. */
public final class SpscRingStress {
    /** A ring of 64 bytes holds two messages of 24 bytes and not a third. */
    private static final int CAPACITY_BYTES = 64;
    private static final int MESSAGE_BYTES = 24;
    private static final MemorySegment MESSAGES = Arena.ofAuto().allocate(2 * MESSAGE_BYTES, 8);

    static {
        MESSAGES.fill((byte) 7);
        MESSAGES.asSlice(MESSAGE_BYTES).fill((byte) 9);
    }

    private SpscRingStress() {
    }

    private static int lastByte(final MemorySegment memory, final long offset, final int lengthBytes) {
        return memory.get(ValueLayout.JAVA_BYTE, offset + lengthBytes - 1);
    }

    /** A message that poll hands over is complete, and they come in order. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "nothing offered yet")
    @Outcome(id = "1, 124, 7", expect = Expect.ACCEPTABLE, desc = "the first message, complete")
    @Outcome(id = "2, 224, 9", expect = Expect.ACCEPTABLE, desc = "both messages, the second complete")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a message without its length, tag or bytes")
    @State
    public static class Offer {
        private final SpscRing ring = new SpscRing(CAPACITY_BYTES);

        @Actor
        public void producer() {
            ring.offer(MESSAGES, 0, MESSAGE_BYTES, 100);
            ring.offer(MESSAGES, MESSAGE_BYTES, MESSAGE_BYTES, 200);
        }

        @Actor
        public void consumer(final III_Result r) {
            r.r1 = ring.poll((memory, offset, lengthBytes, tag) -> {
                r.r2 = tag + lengthBytes;
                r.r3 = lastByte(memory, offset, lengthBytes);
            }, 2);
        }
    }

    /** A message behind a padding record is complete too. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "nothing offered yet")
    @Outcome(id = "1, 224, 9", expect = Expect.ACCEPTABLE, desc = "the message at the start of the ring, complete")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the padding was not seen as padding, or the message is not complete")
    @State
    public static class OfferPadded {
        private final SpscRing ring = new SpscRing(CAPACITY_BYTES);

        public OfferPadded() {
            ring.offer(MESSAGES, 0, 8, 100);
            ring.offer(MESSAGES, 0, MESSAGE_BYTES, 100);
            ring.poll((memory, offset, lengthBytes, tag) -> { }, 2);
        }

        @Actor
        public void producer() {
            ring.offer(MESSAGES, MESSAGE_BYTES, MESSAGE_BYTES, 200);
        }

        @Actor
        public void consumer(final III_Result r) {
            r.r1 = ring.poll((memory, offset, lengthBytes, tag) -> {
                r.r2 = tag + lengthBytes;
                r.r3 = lastByte(memory, offset, lengthBytes);
            }, 2);
        }
    }

    /** A full ring takes a message only in the place of one whose handler has returned. */
    @JCStressTest
    @Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "still full; the handler read its own message")
    @Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "offered into the place of a message that was read")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the handler read the message that took its place")
    @State
    public static class Reuse {
        private final SpscRing ring = new SpscRing(CAPACITY_BYTES);

        public Reuse() {
            ring.offer(MESSAGES, 0, MESSAGE_BYTES, 100);
            ring.offer(MESSAGES, 0, MESSAGE_BYTES, 100);
        }

        @Actor
        public void producer(final II_Result r) {
            r.r1 = ring.offer(MESSAGES, MESSAGE_BYTES, MESSAGE_BYTES, 200) ? 1 : 0;
        }

        @Actor
        public void consumer(final II_Result r) {
            ring.poll((memory, offset, lengthBytes, tag) -> r.r2 = lastByte(memory, offset, lengthBytes), 1);
        }
    }
}
