package io.ringmaster.bench.stress;

import io.ringmaster.ring.TxRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What the kernel may see of a TX ring, and what we may see of the kernel. */
public final class TxRingStress {
    private TxRingStress() {
    }

    /** An entry is complete before its index shows it; the two entries lie at both sides of the wrap. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "nothing submitted yet")
    @Outcome(id = "1, 7, 60", expect = Expect.ACCEPTABLE, desc = "first entry, complete")
    @Outcome(id = "2, 9, 61", expect = Expect.ACCEPTABLE, desc = "both entries, the second complete")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an index without its entry: the kernel sends another packet's memory")
    @State
    public static class Submit {
        private final RingMemory kernel = new RingMemory(2);
        private final TxRing tx = new TxRing(kernel.memory, RingMemory.OFFSETS, 2);

        @Actor
        public void worker() {
            tx.reserve(1);
            tx.set(0, 7, 60);
            tx.submit(1);
            tx.reserve(1);
            tx.set(0, 9, 61);
            tx.submit(1);
        }

        @Actor
        public void kernel(final III_Result r) {
            final int n = kernel.producer() - RingMemory.START;
            if (n > 0) {
                r.r1 = n;
                r.r2 = (int) kernel.address(RingMemory.START + n - 1);
                r.r3 = kernel.length(RingMemory.START + n - 1);
            }
        }
    }

    /** An entry is not overwritten before the kernel has read it; the ring is full at first. */
    @JCStressTest
    @Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "still full; the kernel read its entry")
    @Outcome(id = "1, 7", expect = Expect.ACCEPTABLE, desc = "used again after the kernel had read it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the kernel read what was written for the next round")
    @State
    public static class Reuse {
        private final RingMemory kernel = new RingMemory(1);
        private final TxRing tx = new TxRing(kernel.memory, RingMemory.OFFSETS, 1);

        public Reuse() {
            tx.reserve(1);
            tx.set(0, 7, 60);
            tx.submit(1);
        }

        @Actor
        public void worker(final II_Result r) {
            r.r1 = tx.reserve(1);
            if (r.r1 == 1) {
                tx.set(0, 9, 61);
                tx.submit(1);
            }
        }

        @Actor
        public void kernel(final II_Result r) {
            r.r2 = (int) kernel.address(RingMemory.START);
            kernel.consumer(RingMemory.START + 1);
        }
    }

    /** Either we see that the kernel goes to sleep, or it sees our entry when it looks for the last time. */
    @JCStressTest
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "woken although it saw the entry")
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "asleep, and woken by us")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "it saw the entry by itself")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "asleep over an entry, and nobody wakes it")
    @State
    public static class NeedsWakeup {
        private final RingMemory kernel = new RingMemory(2);
        private final TxRing tx = new TxRing(kernel.memory, RingMemory.OFFSETS, 2);

        @Actor
        public void worker(final ZZ_Result r) {
            tx.reserve(1);
            tx.set(0, 7, 60);
            tx.submit(1);
            r.r1 = tx.needsWakeup();
        }

        @Actor
        public void kernel(final ZZ_Result r) {
            r.r2 = kernel.sleepAndLookAgain() != RingMemory.START;
        }
    }
}
