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

/**
 * Half-open connections that a flood's relief ends together, while others look up, refresh, insert or claim; see
 * {@link ConnectionTableStress}. If the relief ended nothing, the outcomes would be forbidden ones.
 */
public final class ConnectionTableReliefStress {
    private ConnectionTableReliefStress() {
    }

    /** One that gives way is found whole, or not at all. */
    @JCStressTest
    @Outcome(id = "-1, -1, 0", expect = Expect.ACCEPTABLE, desc = "it had given way")
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "it gave way between look-up and load")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "found, with its value")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a value that is not its own, or still there")
    @State
    public static class ReliefLookup {
        private final TableFixture t;

        public ReliefLookup() {
            this(TableForm.NARROW);
        }

        ReliefLookup(final TableForm form) {
            t = new TableFixture(form);
            t.flood();
            t.second.beginCycle();
        }

        @Actor
        public void first() {
            t.relieve();
        }

        @Actor
        public void second(final III_Result r) {
            r.r1 = t.find(t.second, 1);
            r.r2 = r.r1 < 0 ? TableFixture.NOT_FOUND : ConnectionValue.realServer(t.second.value());
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r3 = t.count(1);
        }
    }

    /** A packet that comes in time saves it; what is refreshed never gives way. */
    @JCStressTest
    @Outcome(id = "-1, 0, 1", expect = Expect.ACCEPTABLE, desc = "it had given way")
    @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "found, and gave way before it was refreshed")
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "saved")
    @Outcome(expect = Expect.FORBIDDEN, desc = "refreshed and gone, or counted as evicted and there")
    @State
    public static class ReliefRefresh {
        private final TableFixture t;

        public ReliefRefresh() {
            this(TableForm.NARROW);
        }

        ReliefRefresh(final TableForm form) {
            t = new TableFixture(form);
            t.flood();
            t.second.beginCycle();
        }

        @Actor
        public void first() {
            t.relieve();
        }

        @Actor
        public void second(final III_Result r) {
            final long slot = t.slot(t.second, 1, 1_000);
            r.r1 = slot < 0 ? TableFixture.NOT_FOUND : t.table.compareAndSetValue(slot, t.second.value(),
                TableFixture.established(t.second.value())) ? 1 : 0;
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r2 = t.count(1);
            r.r3 = (int) t.first.evicted();
        }
    }

    /** It ends once: it gives way, or somebody else ends it. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "it gave way")
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "the second worker ended it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "counted out twice, or not at all")
    @State
    public static class ReliefDelete {
        private final TableFixture t;

        public ReliefDelete() {
            this(TableForm.NARROW);
        }

        ReliefDelete(final TableForm form) {
            t = new TableFixture(form);
            t.flood();
            t.second.beginCycle();
        }

        @Actor
        public void first() {
            t.relieve();
        }

        @Actor
        public void second(final III_Result r) {
            r.r2 = t.remove(t.second, 1) ? 1 : 0;
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r1 = (int) t.first.evicted();
            r.r3 = t.count(1);
        }
    }

    /** The same connection comes again while it gives way: what its inserter was told agrees with what is there. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the old one answered, and gave way afterwards")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "a new one, since the old one had given way")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none although inserted, or two")
    @State
    public static class ReliefInsert {
        private final TableFixture t;

        public ReliefInsert() {
            this(TableForm.NARROW);
        }

        ReliefInsert(final TableForm form) {
            t = new TableFixture(form);
            t.flood();
            t.second.beginCycle();
        }

        @Actor
        public void first() {
            t.relieve();
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

    /** Another worker claims a slot that gave way, in a later cycle, as soon as it can: the new entry stays whole. */
    @JCStressTest
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "in another slot")
    @Outcome(id = "102, 2, 1", expect = Expect.ACCEPTABLE, desc = "in the slot that gave way")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled, or with another's value")
    @State
    public static class ReliefClaim {
        private static final int IN_ITS_SLOT = 100;

        private final TableFixture t;
        private final long old;

        public ReliefClaim() {
            this(TableForm.NARROW);
        }

        ReliefClaim(final TableForm form) {
            t = new TableFixture(form);
            t.flood();
            old = t.slot(t.first, 1, 1_000);
        }

        @Actor
        public void first() {
            t.relieve();
            t.first.beginCycle();
        }

        @Actor
        public void second(final III_Result r) {
            t.cycles(t.second);
            final long slot = t.insertSlot(t.second, 2, TableFixture.value(2));
            r.r1 = ConnectionValue.realServer(t.second.value()) + (slot == old ? IN_ITS_SLOT : 0);
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r2 = t.find(t.first, 2);
            r.r3 = t.count(2) + t.count(1);
        }
    }

    /** A slot that gave way goes to another connection: who found the first never gets the second's value. */
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "it had given way")
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "it gave way after the look-up")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "its own value, to the end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the value of another connection")
    @State
    public static class ReliefReuse {
        private final TableFixture t;

        public ReliefReuse() {
            this(TableForm.NARROW);
        }

        ReliefReuse(final TableForm form) {
            t = new TableFixture(form);
            t.flood();
        }

        @Actor
        public void first() {
            t.relieve();
            t.cycles(t.first);
            t.insert(t.first, 2, 2);
        }

        @Actor
        public void second(final I_Result r) {
            t.second.beginCycle();
            r.r1 = t.findAndWatch(t.second, 1);
            t.second.goAbsent();
        }
    }
}
