package io.ringmaster.bench.stress;

import io.ringmaster.ring.RxRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** What we may see of an RX ring that the kernel fills, and what the kernel may write over. */
public final class RxRingStress {
    private RxRingStress() {
    }

    /** An entry that peek counts is complete; the two entries lie at both sides of the wrap. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "nothing received yet")
    @Outcome(id = "1, 7, 60", expect = Expect.ACCEPTABLE, desc = "first entry, complete")
    @Outcome(id = "2, 9, 61", expect = Expect.ACCEPTABLE, desc = "both entries, the second complete")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an index without its entry: a packet of another address or length")
    @State
    public static class Peek {
        private final RingMemory kernel = new RingMemory(2);
        private final RxRing rx = new RxRing(kernel.memory, RingMemory.OFFSETS, 2);

        @Actor
        public void kernel() {
            kernel.set(RingMemory.START, 7, 60);
            kernel.producer(RingMemory.START + 1);
            kernel.set(RingMemory.START + 1, 9, 61);
            kernel.producer(RingMemory.START + 2);
        }

        @Actor
        public void worker(final III_Result r) {
            final int n = rx.peek(2);
            if (n > 0) {
                r.r1 = n;
                r.r2 = (int) rx.address(n - 1);
                r.r3 = rx.length(n - 1);
            }
        }
    }

    /** The kernel writes over an entry only after release, and release comes after all our reads. */
    @JCStressTest
    @Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "the kernel found no room")
    @Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "the kernel wrote over it after we had read it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "we read an entry that was already released")
    @State
    public static class Release {
        private final RingMemory kernel = new RingMemory(1);
        private final RxRing rx = new RxRing(kernel.memory, RingMemory.OFFSETS, 1);

        public Release() {
            kernel.set(RingMemory.START, 7, 60);
            kernel.producer(RingMemory.START + 1);
            rx.peek(1);
        }

        @Actor
        public void worker(final II_Result r) {
            r.r2 = (int) rx.address(0);
            rx.release(1);
        }

        @Actor
        public void kernel(final II_Result r) {
            if (kernel.consumer() == RingMemory.START + 1) {
                r.r1 = 1;
                kernel.set(RingMemory.START + 1, 9, 61);
            }
        }
    }
}
