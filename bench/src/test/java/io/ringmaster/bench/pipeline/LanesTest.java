package io.ringmaster.bench.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.report.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanesTest {
    private static final int FRAMES = 256;

    @ParameterizedTest
    @CsvSource({"NAT, 0, 1", "DR, 0, 1", "TUN, 0, 1", "NAT, 100, 1", "DR, 100, 2"})
    void bothSidesSendTheSameBytes(final Plan.Method method, final int newPerMille, final int workers) {
        final boolean compiler = Files.isExecutable(Path.of("/usr/bin/cc"));
        assertTrue(compiler || System.getenv("CI") == null, "no /usr/bin/cc, which the C peer needs");
        Assumptions.assumeTrue(compiler, "no /usr/bin/cc, which the C peer needs");
        final Plan plan = new Plan(10 * FRAMES, method, FRAMES, newPerMille, 3, -1, workers, Plan.Scenario.KNOWN, 0, 0);
        try (JavaLane own = new JavaLane(plan); PeerLane peer = PeerLane.start(plan)) {
            for (long first = 0; first < plan.connections(); first += FRAMES) {
                assertSame(own, peer, Lane.Kind.OPEN, first, 1);
                assertSame(own, peer, Lane.Kind.FIRST, first, 1);
            }
            assertEquals(plan.connections(), own.size());
            long before = 0;
            for (int round = 0; round < 5; round++) {
                final long checksum = assertSame(own, peer, Lane.Kind.KNOWN, round, 1);
                assertNotEquals(before, checksum);
                before = checksum;
                if (workers > 1) {
                    assertNotEquals(checksum, assertSame(own, peer, Lane.Kind.KNOWN, round, 2));
                    assertSame(own, peer, Lane.Kind.KNOWN, 100 + round, 3);
                }
            }
            assertEquals(newPerMille > 0, own.size() > plan.connections());
            own.end();
            assertEquals(0, own.size());
        }
    }

    private static long assertSame(final Lane own, final Lane peer, final Lane.Kind kind, final long argument,
                                   final int who) {
        final List<Pass> mine = own.passes(kind, argument, who);
        final List<Pass> theirs = peer.passes(kind, argument, who);
        assertEquals(Integer.bitCount(who), mine.size());
        assertEquals(mine.size(), theirs.size());
        for (int i = 0; i < mine.size(); i++) {
            assertEquals(FRAMES, mine.get(i).packets());
            assertEquals(FRAMES, theirs.get(i).packets());
            assertEquals(theirs.get(i).checksum(), mine.get(i).checksum(), kind + " " + argument);
        }
        return mine.getFirst().checksum();
    }

    @Test
    void whatCannotBeIsRefusedInASentence() {
        final Plan.Method nat = Plan.Method.NAT;
        for (final Runnable wrong : new Runnable[] {
            () -> new Plan(0, nat, FRAMES, 0, 3, -1),
            () -> new Plan(1L << 40, nat, FRAMES, 0, 3, -1),
            () -> new Plan(1000, nat, 1000, 0, 3, -1),
            () -> new Plan(1000, nat, FRAMES, 1001, 3, -1),
            () -> new Plan(1000, nat, FRAMES, 0, 2, -1),
            () -> new Plan(1000, nat, FRAMES, 0, 3, 100_000),
            () -> new Plan(1000, nat, FRAMES, 0, 3, -1, 3, Plan.Scenario.KNOWN, 0, 0),
            () -> new Plan(1000, nat, FRAMES, 100, 3, -1, 2, Plan.Scenario.EXPIRY, 0, 0),
            () -> new Plan(1000, nat, FRAMES, 0, 3, -1, 1, Plan.Scenario.EXPIRY, 0, 0),
            () -> new Plan(1000, nat, FRAMES, 500, 3, -1, 1, Plan.Scenario.FLOOD, 1, 0),
            () -> new Plan(1000, nat, FRAMES, 1000, 3, -1, 1, Plan.Scenario.FLOOD, 3, 0),
            () -> new Plan(1000, nat, FRAMES, 0, 3, -1, 1, Plan.Scenario.TAIL, 0, 0)}) {
            final BenchException refused = assertThrows(BenchException.class, wrong::run);
            assertTrue(refused.getMessage().endsWith("."));
            assertEquals(2, refused.exitCode());
        }
    }
}
