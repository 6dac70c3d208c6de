package io.ringmaster.bench.stress;

import io.ringmaster.connection.TableForm;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The claim of {@link ConnectionTableStress.ClearMarkInsert} for the marks in the other slots of a line, which entries
 * set that pass it further away from their home lines. A line of the wide form has two marks, one of the narrow form
 * four.
 */
public final class ConnectionTableMarkStress {
    private ConnectionTableMarkStress() {
    }

    @JCStressTest
    @JCStressMeta(ConnectionTableStress.ClearMarkInsert.class)
    @State
    public static class SecondMark {
        private final ConnectionTableStress.ClearMarkInsert claim =
            new ConnectionTableStress.ClearMarkInsert(TableForm.NARROW, 2);

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
    @JCStressMeta(ConnectionTableStress.ClearMarkInsert.class)
    @State
    public static class ThirdMark {
        private final ConnectionTableStress.ClearMarkInsert claim =
            new ConnectionTableStress.ClearMarkInsert(TableForm.NARROW, 4);

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
    @JCStressMeta(ConnectionTableStress.ClearMarkInsert.class)
    @State
    public static class FourthMark {
        private final ConnectionTableStress.ClearMarkInsert claim =
            new ConnectionTableStress.ClearMarkInsert(TableForm.NARROW, 8);

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
    @JCStressMeta(ConnectionTableStress.ClearMarkInsert.class)
    @State
    public static class WideSecondMark {
        private final ConnectionTableStress.ClearMarkInsert claim =
            new ConnectionTableStress.ClearMarkInsert(TableForm.WIDE, 4);

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
}
