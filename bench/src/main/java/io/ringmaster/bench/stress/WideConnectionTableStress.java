package io.ringmaster.bench.stress;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.WideKey;
import io.ringmaster.connection.WideWorkerTable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The claims of {@link ConnectionTableStress} and {@link ConnectionTableEndStress} on a table of the wide form. */
public final class WideConnectionTableStress {
    private WideConnectionTableStress() {
    }

    /**
     * A slot passes from one connection to another that has the same key word and another address: no mixture of the
     * two is found, nor one with an address that is not written yet.
     */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "neither was there at that moment")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the first, with its value")
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "the second, with its value")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a connection with half a key, or with another's value")
    @State
    public static class HalfKey {
        private static final long OTHER_HIGH = 7;
        private static final long OTHER_LOW = 8;
        private static final int PORT = 4_000;

        private final TableFixture t = new TableFixture(TableForm.WIDE);

        public HalfKey() {
            insert(TableFixture.HIGH, 1, 1);
        }

        private void insert(final long high, final long low, final int server) {
            ((WideWorkerTable) t.first).insert(WideKey.of(PORT, 1), high, low, t.hash, TableFixture.value(server),
                1_000);
        }

        private int find(final long high, final long low) {
            final WideWorkerTable reader = (WideWorkerTable) t.second;
            return reader.find(WideKey.of(PORT, 1), high, low, t.hash, 1_000) < 0 ? 0
                : ConnectionValue.realServer(reader.value());
        }

        @Actor
        public void first() {
            final WideWorkerTable writer = (WideWorkerTable) t.first;
            writer.remove(writer.find(WideKey.of(PORT, 1), TableFixture.HIGH, 1, t.hash, 1_000), writer.value());
            t.cycles(t.first);
            insert(OTHER_HIGH, OTHER_LOW, 2);
        }

        @Actor
        public void second(final II_Result r) {
            t.second.beginCycle();
            r.r2 = find(OTHER_HIGH, 1) + find(TableFixture.HIGH, OTHER_LOW) + find(0, 0) + find(OTHER_HIGH, 0)
                + find(0, OTHER_LOW);
            final int one = find(TableFixture.HIGH, 1);
            final int two = find(OTHER_HIGH, OTHER_LOW);
            // The first ends before the second begins, so who found the first may find the second after it.
            r.r1 = two == 0 ? one : two;
            if (one > 1 || two == 1) {
                r.r1 = TableFixture.NOT_FOUND;
            }
            t.second.goAbsent();
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.InsertTwins.class)
    @State
    public static class InsertTwins {
        private final ConnectionTableStress.InsertTwins claim = new ConnectionTableStress.InsertTwins(TableForm.WIDE);

        @Actor
        public void first(final III_Result r) {
            claim.first(r);
        }

        @Actor
        public void second(final III_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final III_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.InsertTwinsAcrossLines.class)
    @State
    public static class InsertTwinsAcrossLines {
        private final ConnectionTableStress.InsertTwinsAcrossLines claim =
            new ConnectionTableStress.InsertTwinsAcrossLines(TableForm.WIDE);

        @Actor
        public void first(final III_Result r) {
            claim.first(r);
        }

        @Actor
        public void second(final III_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final III_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.InsertLookup.class)
    @State
    public static class InsertLookup {
        private final ConnectionTableStress.InsertLookup claim = new ConnectionTableStress.InsertLookup(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final I_Result r) {
            claim.second(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ReuseLookup.class)
    @State
    public static class ReuseLookup {
        private final ConnectionTableStress.ReuseLookup claim = new ConnectionTableStress.ReuseLookup(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final I_Result r) {
            claim.second(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ReuseThereAndBack.class)
    @State
    public static class ReuseThereAndBack {
        private final ConnectionTableStress.ReuseThereAndBack claim =
            new ConnectionTableStress.ReuseThereAndBack(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final I_Result r) {
            claim.second(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ReuseRefresh.class)
    @State
    public static class ReuseRefresh {
        private final ConnectionTableStress.ReuseRefresh claim = new ConnectionTableStress.ReuseRefresh(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final II_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final II_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.EndTwice.class)
    @State
    public static class EndTwice {
        private final ConnectionTableStress.EndTwice claim = new ConnectionTableStress.EndTwice(TableForm.WIDE);

        @Actor
        public void first(final II_Result r) {
            claim.first(r);
        }

        @Actor
        public void second(final II_Result r) {
            claim.second(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ExpireRefresh.class)
    @State
    public static class ExpireRefresh {
        private final ConnectionTableStress.ExpireRefresh claim =
            new ConnectionTableStress.ExpireRefresh(TableForm.WIDE);

        @Actor
        public void first(final III_Result r) {
            claim.first(r);
        }

        @Actor
        public void second(final III_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final III_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ClearMarkInsert.class)
    @State
    public static class ClearMarkInsert {
        private final ConnectionTableStress.ClearMarkInsert claim =
            new ConnectionTableStress.ClearMarkInsert(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final II_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final II_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ClearMarkTwice.class)
    @State
    public static class ClearMarkTwice {
        private final ConnectionTableStress.ClearMarkTwice claim =
            new ConnectionTableStress.ClearMarkTwice(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second() {
            claim.second();
        }

        @Arbiter
        public void both(final I_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableEndStress.DeleteLookup.class)
    @State
    public static class DeleteLookup {
        private final ConnectionTableEndStress.DeleteLookup claim =
            new ConnectionTableEndStress.DeleteLookup(TableForm.WIDE);

        @Actor
        public void first(final II_Result r) {
            claim.first(r);
        }

        @Actor
        public void second(final II_Result r) {
            claim.second(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableEndStress.InsertDelete.class)
    @State
    public static class InsertDelete {
        private final ConnectionTableEndStress.InsertDelete claim =
            new ConnectionTableEndStress.InsertDelete(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final II_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final II_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableEndStress.InsertTwinsOverExpired.class)
    @State
    public static class InsertTwinsOverExpired {
        private final ConnectionTableEndStress.InsertTwinsOverExpired claim =
            new ConnectionTableEndStress.InsertTwinsOverExpired(TableForm.WIDE);

        @Actor
        public void first(final III_Result r) {
            claim.first(r);
        }

        @Actor
        public void second(final III_Result r) {
            claim.second(r);
        }

        @Arbiter
        public void both(final III_Result r) {
            claim.both(r);
        }
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableEndStress.ReuseListing.class)
    @State
    public static class ReuseListing {
        private final ConnectionTableEndStress.ReuseListing claim =
            new ConnectionTableEndStress.ReuseListing(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
        }

        @Actor
        public void second(final I_Result r) {
            claim.second(r);
        }
    }
}
