package io.ringmaster.bench.stress;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.WorkerShare;
import io.ringmaster.connection.WorkerTable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The ways of a packet of a batch through the narrow form, which begin at the home line and end there as a rule; see
 * {@link ConnectionTableStress}.
 */
public final class ConnectionTableHomeStress {
    private ConnectionTableHomeStress() {
    }

    /** What a worker does with one packet of a batch: the look-up that locates its key first, and an insert. */
    private static final class Batch {
        private final long[] homes = new long[1];
        private final long[] hashes = new long[1];
        private final long[] keys = new long[1];
        private final int[] slots = new int[1];
        private long folded;

        /** Whether a connection is there, which the worker has then found. */
        private boolean find(final TableFixture t, final WorkerShare worker, final int endpoint) {
            hashes[0] = t.hash;
            keys[0] = t.narrowKey(endpoint);
            folded ^= t.table.touch(hashes, 1, homes);
            folded ^= t.table.locate(homes, keys, 1, slots);
            return ((WorkerTable) worker).findAt(homes[0], slots[0], keys[0], t.hash, 1_000);
        }

        /** The real server of the connection, which is made if it is not there. */
        private int open(final TableFixture t, final WorkerShare worker, final int endpoint, final int server) {
            return find(t, worker, endpoint) ? ConnectionValue.realServer(worker.value())
                : t.insertAt(worker, endpoint, server);
        }
    }

    /** Two workers insert one connection at its home line: one entry, and both use its real server. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first worker's entry")
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the second worker's entry")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two entries, none, or two real servers")
    @State
    public static class InsertAtTwins {
        private final TableFixture t = new TableFixture(TableForm.NARROW);

        public InsertAtTwins() {
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = t.insertAt(t.first, 1, 1);
        }

        @Actor
        public void second(final III_Result r) {
            r.r2 = t.insertAt(t.second, 1, 2);
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r3 = t.count(1);
        }
    }

    /** The same where one worker finds no slot there, marks the line and goes on. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first worker's entry, in the home line")
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the second worker's entry, in the next line")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two entries, none, or two real servers")
    @State
    public static class InsertAtAndBehind {
        private final TableFixture t = new TableFixture(TableForm.NARROW);

        public InsertAtAndBehind() {
            t.fillForSecond();
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = t.insertAt(t.first, 1, 1);
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

    /** Both look first, as for two packets of one connection; who finds nothing inserts. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first worker's entry")
    @Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the second worker's entry")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two entries, none, or two real servers")
    @State
    public static class OpenTwins {
        private final TableFixture t = new TableFixture(TableForm.NARROW);
        private final Batch one = new Batch();
        private final Batch other = new Batch();

        public OpenTwins() {
            t.fillForSecond();
            t.second.beginCycle();
        }

        @Actor
        public void first(final III_Result r) {
            r.r1 = one.open(t, t.first, 1, 1);
        }

        @Actor
        public void second(final III_Result r) {
            r.r2 = other.open(t, t.second, 1, 2);
        }

        @Arbiter
        public void both(final III_Result r) {
            r.r3 = t.count(1);
        }
    }

    /** A slot that was located goes to another connection: what is found is never that one's value. */
    @JCStressTest
    @Outcome(id = "-1, 0", expect = Expect.ACCEPTABLE, desc = "the connection had ended")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "found, and ended afterwards")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "its own value, and still")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the value of another connection")
    @State
    public static class LocateReuse {
        private final TableFixture t = new TableFixture(TableForm.NARROW);
        private final Batch batch = new Batch();

        public LocateReuse() {
            t.insert(t.first, 1, 1);
        }

        @Actor
        public void first() {
            t.remove(t.first, 1);
            t.cycles(t.first);
            t.insert(t.first, 2, 2);
        }

        @Actor
        public void second(final II_Result r) {
            t.second.beginCycle();
            r.r1 = TableFixture.NOT_FOUND;
            if (batch.find(t, t.second, 1)) {
                r.r1 = ConnectionValue.realServer(t.second.value());
                final long now = ((WorkerTable) t.second).reloaded();
                r.r2 = ConnectionValue.isLive(now) ? ConnectionValue.realServer(now) : TableFixture.ENDED;
            }
            t.second.goAbsent();
        }
    }
}
