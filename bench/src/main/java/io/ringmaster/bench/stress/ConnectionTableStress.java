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
 * What two workers may see of one table: each claim at the top of ConnectionTable has its case, here for the narrow
 * form, in {@link WideConnectionTableStress} for the wide one. About ends: {@link ConnectionTableEndStress}.
 */
public final class ConnectionTableStress {
    private ConnectionTableStress() {
    }

    /** Two workers insert one connection: one entry, and both use its real server. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first worker's entry")
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the second worker's entry")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two entries, none, or two real servers")
    @State
    public static class InsertTwins {
        private final TableFixture t;

        public InsertTwins() {
            this(TableForm.NARROW);
        }

        InsertTwins(final TableForm form) {
            t = new TableFixture(form);
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = t.insert(t.first, 1, 1);
        }

        @Actor
        public void second(final III_Result r) {
            r.r2 = t.insert(t.second, 1, 2);
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r3 = t.count(1);
        }
    }

    /** The same where the home line has one slot left, so that one of them lies in the next line. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first worker's entry")
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the second worker's entry")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two entries, none, or two real servers")
    @State
    public static class InsertTwinsAcrossLines {
        private final TableFixture t;

        public InsertTwinsAcrossLines() {
            this(TableForm.NARROW);
        }

        InsertTwinsAcrossLines(final TableForm form) {
            t = new TableFixture(form);
            for (int other = 1; other < t.lineEntries(); other++) {
                t.insert(t.first, 10 + other, 9);
            }
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = t.insert(t.first, 1, 1);
        }

        @Actor
        public void second(final III_Result r) {
            r.r2 = t.insert(t.second, 1, 2);
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r3 = t.count(1);
        }
    }

    /** An entry that is found is complete. */
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "there, with its value")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a key without its value")
    @State
    public static class InsertLookup {
        private final TableFixture t;

        public InsertLookup() {
            this(TableForm.NARROW);
        }

        InsertLookup(final TableForm form) {
            t = new TableFixture(form);
            t.second.beginCycle();
        }

        @Actor
        public void first() {
            t.insert(t.first, 1, 1);
        }

        @Actor
        public void second(final I_Result r) {
            r.r1 = t.find(t.second, 1);
        }
    }

    /** A slot goes from one connection to another (ABA): who found the first never gets the second's value. */
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "the connection had ended")
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "it ended after the look-up")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "its own value, to the end")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the value of another connection")
    @State
    public static class ReuseLookup {
        private final TableFixture t;

        public ReuseLookup() {
            this(TableForm.NARROW);
        }

        ReuseLookup(final TableForm form) {
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
            t.second.beginCycle();
            r.r1 = t.findAndWatch(t.second, 1);
            t.second.goAbsent();
        }
    }

    /** There and back (K1, K2, K1): a slot may be found by its key twice, but not with what was between. */
    @JCStressTest
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not there at that moment")
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "it ended between look-up and load")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "its own value, before")
    @Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "its own value, after")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the value of another connection")
    @State
    public static class ReuseThereAndBack {
        private final TableFixture t;

        public ReuseThereAndBack() {
            this(TableForm.NARROW);
        }

        ReuseThereAndBack(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
        }

        @Actor
        public void first() {
            t.remove(t.first, 1);
            t.cycles(t.first);
            t.insert(t.first, 2, 2);
            t.remove(t.first, 2);
            t.cycles(t.first);
            t.insert(t.first, 1, 3);
        }

        @Actor
        public void second(final I_Result r) {
            t.second.beginCycle();
            r.r1 = t.find(t.second, 1);
            t.second.goAbsent();
        }
    }

    /** A refresh never overwrites the connection that came into the slot after. */
    @JCStressTest
    @Outcome(id = "-1, 2", expect = Expect.ACCEPTABLE, desc = "not found, nothing refreshed")
    @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "found and ended: refused")
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "refreshed before it ended")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the next connection has another's value")
    @State
    public static class ReuseRefresh {
        private final TableFixture t;

        public ReuseRefresh() {
            this(TableForm.NARROW);
        }

        ReuseRefresh(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
        }

        @Actor
        public void first() {
            while (!t.remove(t.first, 1)) {
                Thread.onSpinWait();
            }
            t.cycles(t.first);
            t.insert(t.first, 2, 2);
        }

        @Actor
        public void second(final II_Result r) {
            t.second.beginCycle();
            final long slot = t.slot(t.second, 1, 1_000);
            r.r1 = slot < 0 ? TableFixture.NOT_FOUND : t.table.compareAndSetValue(slot, t.second.value(),
                ConnectionValue.withNextHop(t.second.value(), 77)) ? 1 : 0;
            t.second.goAbsent();
        }

        @Arbiter
        public void both(final II_Result r) {
            t.first.beginCycle();
            r.r2 = t.find(t.first, 2) + ConnectionValue.nextHop(t.first.value());
        }
    }

    /** A connection ends once. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the first ended it")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the second ended it")
    @Outcome(expect = Expect.FORBIDDEN, desc = "counted out twice, or not at all")
    @State
    public static class EndTwice {
        private final TableFixture t;

        public EndTwice() {
            this(TableForm.NARROW);
        }

        EndTwice(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
            t.second.beginCycle();
        }

        @Actor
        public void first(final II_Result r) {
            r.r1 = t.remove(t.first, 1) ? 1 : 0;
        }

        @Actor
        public void second(final II_Result r) {
            r.r2 = t.remove(t.second, 1) ? 1 : 0;
        }
    }

    /** Expiry ends a connection, or a packet refreshes it, not both. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "ended")
    @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "refreshed and still there")
    @Outcome(expect = Expect.FORBIDDEN, desc = "ended although refreshed, or lost")
    @State
    public static class ExpireRefresh {
        private final TableFixture t;

        public ExpireRefresh() {
            this(TableForm.NARROW);
        }

        ExpireRefresh(final TableForm form) {
            t = new TableFixture(form);
            t.insert(t.first, 1, 1);
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = t.first.sweep(16, 70_000);
        }

        @Actor
        public void second(final III_Result r) {
            // This worker read its clock a little earlier.
            final long slot = t.slot(t.second, 1, 60_000);
            r.r2 = slot >= 0 && t.table.compareAndSetValue(slot, t.second.value(),
                ConnectionValue.withDeadline(t.second.value(), 60, 60_000)) ? 1 : 0;
        }

        @Arbiter
        public void both(final III_Result r) {
            t.first.beginCycle();
            r.r3 = t.slot(t.first, 1, 70_000) >= 0 ? 1 : 0;
        }
    }

    /** The mark of a line is cleared while an inserter passes it: what passed is found. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "found by its inserter and by the other")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost behind a cleared mark")
    @State
    public static class ClearMarkInsert {
        private final TableFixture t;

        public ClearMarkInsert() {
            this(TableForm.NARROW);
        }

        ClearMarkInsert(final TableForm form) {
            this(form, 1);
        }

        /** With the mark of the last of so many lines, which all are full of entries of one home line. */
        ClearMarkInsert(final TableForm form, final int lines) {
            t = new TableFixture(form);
            final int full = lines * t.lineEntries();
            for (int other = 1; other <= full + 1; other++) {
                t.insert(t.first, 10 + other, 9);
            }
            t.remove(t.first, 10 + full);
            t.remove(t.first, 10 + full + 1);
            // Marked and nothing behind it; the line is full again, so the next one has to pass.
            t.cycles(t.first);
            t.insert(t.first, 10 + full, 9);
        }

        @Actor
        public void first() {
            t.cycles(t.first);
        }

        @Actor
        public void second(final II_Result r) {
            t.second.beginCycle();
            t.insert(t.second, 6, 6);
            r.r1 = t.find(t.second, 6) == 6 ? 1 : 0;
            t.second.goAbsent();
        }

        @Arbiter
        public void both(final II_Result r) {
            t.first.beginCycle();
            r.r2 = t.find(t.first, 6) == 6 ? 1 : 0;
        }
    }

    /** The last passer leaves, the mark goes, and a new one passes. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "found")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost behind a cleared mark")
    @State
    public static class ClearMarkTwice {
        private final TableFixture t;

        public ClearMarkTwice() {
            this(TableForm.NARROW);
        }

        ClearMarkTwice(final TableForm form) {
            t = new TableFixture(form);
            for (int other = 1; other <= t.lineEntries() + 1; other++) {
                t.insert(t.first, 10 + other, 9);
            }
        }

        @Actor
        public void first() {
            t.remove(t.first, 10 + t.lineEntries() + 1);
            t.remove(t.first, 10 + t.lineEntries());
            t.cycles(t.first);
            t.insert(t.first, 7, 9);
            t.cycles(t.first);
        }

        @Actor
        public void second() {
            t.second.beginCycle();
            t.insert(t.second, 6, 6);
            t.second.goAbsent();
        }

        @Arbiter
        public void both(final I_Result r) {
            t.first.beginCycle();
            r.r1 = t.find(t.first, 6) == 6 ? 1 : 0;
        }
    }
}
