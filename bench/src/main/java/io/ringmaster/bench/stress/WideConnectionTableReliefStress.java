package io.ringmaster.bench.stress;

import io.ringmaster.connection.TableForm;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The claims of {@link ConnectionTableReliefStress} on a table of the wide form. */
public final class WideConnectionTableReliefStress {
    private WideConnectionTableReliefStress() {
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableReliefStress.ReliefLookup.class)
    @State
    public static class ReliefLookup {
        private final ConnectionTableReliefStress.ReliefLookup claim =
            new ConnectionTableReliefStress.ReliefLookup(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
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
    @JCStressMeta(ConnectionTableReliefStress.ReliefRefresh.class)
    @State
    public static class ReliefRefresh {
        private final ConnectionTableReliefStress.ReliefRefresh claim =
            new ConnectionTableReliefStress.ReliefRefresh(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
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
    @JCStressMeta(ConnectionTableReliefStress.ReliefDelete.class)
    @State
    public static class ReliefDelete {
        private final ConnectionTableReliefStress.ReliefDelete claim =
            new ConnectionTableReliefStress.ReliefDelete(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
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
    @JCStressMeta(ConnectionTableReliefStress.ReliefInsert.class)
    @State
    public static class ReliefInsert {
        private final ConnectionTableReliefStress.ReliefInsert claim =
            new ConnectionTableReliefStress.ReliefInsert(TableForm.WIDE);

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
    @JCStressMeta(ConnectionTableReliefStress.ReliefClaim.class)
    @State
    public static class ReliefClaim {
        private final ConnectionTableReliefStress.ReliefClaim claim =
            new ConnectionTableReliefStress.ReliefClaim(TableForm.WIDE);

        @Actor
        public void first() {
            claim.first();
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
    @JCStressMeta(ConnectionTableReliefStress.ReliefReuse.class)
    @State
    public static class ReliefReuse {
        private final ConnectionTableReliefStress.ReliefReuse claim =
            new ConnectionTableReliefStress.ReliefReuse(TableForm.WIDE);

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
