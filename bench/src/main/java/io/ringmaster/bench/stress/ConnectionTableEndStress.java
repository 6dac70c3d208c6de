package io.ringmaster.bench.stress;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableForm;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Connections that end while others insert, look up or list; see {@link ConnectionTableStress}. */
public final class ConnectionTableEndStress {
    private ConnectionTableEndStress() {
    }

    /** A connection ends while it is looked up: found whole, or not at all. */
    @JCStressTest
    @Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "it had ended")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found, with its value")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a value that is not its own, or not ended")
    @State
    public static class DeleteLookup {
        private final TableFixture t;

        public DeleteLookup() {
            this(TableForm.NARROW);
        }

        DeleteLookup(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
            t.second.beginCycle();
        }

        @Actor
        public void first(final II_Result r) {
            r.r2 = t.remove(t.first, 1) ? 1 : 0;
        }

        @Actor
        public void second(final II_Result r) {
            // The value that the look-up itself saw, in which nothing of an ended entry may be.
            r.r1 = t.slot(t.second, 1, 1_000) < 0 ? TableFixture.NOT_FOUND
                : ConnectionValue.realServer(t.second.value());
        }
    }

    /** A connection is inserted again while it ends: what the inserter was told agrees with what is there. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the old one answered, and it ended afterwards")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "a new one, since the old one had ended")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none although inserted, or two")
    @State
    public static class InsertDelete {
        private final TableFixture t;

        public InsertDelete() {
            this(TableForm.NARROW);
        }

        InsertDelete(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
            t.second.beginCycle();
        }

        @Actor
        public void first() {
            // Exactly the old one: a new one of the same key is none of this thread's business.
            final long slot = t.slot(t.first, 1, 1_000);
            if (slot >= 0 && ConnectionValue.realServer(t.first.value()) == 1) {
                t.first.remove(slot, t.first.value());
            }
        }

        @Actor
        public void second(final II_Result r) {
            r.r1 = t.insert(t.second, 1, 2);
        }

        @Arbiter
        public void both(final II_Result r) {
            r.r2 = t.count(1);
        }
    }

    /** Two workers insert a connection whose last one is past its deadline and still in its slot. */
    @JCStressTest
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the first worker's entry")
    @Outcome(id = "3, 3, 1", expect = Expect.ACCEPTABLE, desc = "the second worker's entry")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the old one, two, none, or two real servers")
    @State
    public static class InsertTwinsOverExpired {
        private final TableFixture t;

        public InsertTwinsOverExpired() {
            this(TableForm.NARROW);
        }

        InsertTwinsOverExpired(final TableForm form) {
            t = new TableFixture(form);
            t.insertExpired(t.first, 1, 1);
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = t.insert(t.first, 1, 2);
        }

        @Actor
        public void second(final III_Result r) {
            r.r2 = t.insert(t.second, 1, 3);
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r3 = t.count(1);
        }
    }

    /** A listing goes over a slot while it passes from one connection to another. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "between the two")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the first, with its value")
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the second, with its value")
    @Outcome(expect = Expect.FORBIDDEN, desc = "one with the other's value, or half a key")
    @State
    public static class ReuseListing {
        private final TableFixture t;

        public ReuseListing() {
            this(TableForm.NARROW);
        }

        ReuseListing(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
        }

        @Actor
        public void first() {
            t.remove(t.first, 1);
            t.cycles(t.first);
            t.insert(t.first, 2, 2);
        }

        @Actor
        public void second(final I_Result r) {
            t.list((endpoint, value) ->
                r.r1 = r.r1 >= 0 && endpoint == ConnectionValue.realServer(value) ? endpoint
                    : TableFixture.NOT_FOUND);
        }
    }
}
