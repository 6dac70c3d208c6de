package io.ringmaster.bench.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.report.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanesTest {
    private static final int FRAMES = 256;

    @ParameterizedTest
    @CsvSource({"NAT, 0", "DR, 0", "TUN, 0", "NAT, 100"})
    void bothSidesSendTheSameBytes(final Plan.Method method, final int newPerMille) {
        final boolean compiler = Files.isExecutable(Path.of("/usr/bin/cc"));
        assertTrue(compiler || System.getenv("CI") == null, "no /usr/bin/cc, which the C peer needs");
        Assumptions.assumeTrue(compiler, "no /usr/bin/cc, which the C peer needs");
        final Plan plan = new Plan(10 * FRAMES, method, FRAMES, newPerMille, 3, -1);
        try (JavaLane own = new JavaLane(plan); PeerLane peer = PeerLane.start(plan)) {
            for (long first = 0; first < plan.connections(); first += FRAMES) {
                assertSame(own, peer, Lane.Kind.OPEN, first);
                assertSame(own, peer, Lane.Kind.FIRST, first);
            }
            assertEquals(plan.connections(), own.size());
            long before = 0;
            for (int round = 0; round < 5; round++) {
                final long checksum = assertSame(own, peer, Lane.Kind.KNOWN, round);
                assertNotEquals(before, checksum);
                before = checksum;
            }
            assertEquals(newPerMille > 0, own.size() > plan.connections());
        }
    }

    private static long assertSame(final Lane own, final Lane peer, final Lane.Kind kind, final long argument) {
        final Pass mine = own.pass(kind, argument);
        final Pass theirs = peer.pass(kind, argument);
        assertEquals(FRAMES, mine.packets());
        assertEquals(FRAMES, theirs.packets());
        assertEquals(theirs.checksum(), mine.checksum(), kind + " " + argument);
        return mine.checksum();
    }

    @Test
    void whatCannotBeIsRefusedInASentence() {
        for (final Runnable wrong : new Runnable[] {
            () -> new Plan(0, Plan.Method.NAT, FRAMES, 0, 3, -1),
            () -> new Plan(1L << 40, Plan.Method.NAT, FRAMES, 0, 3, -1),
            () -> new Plan(1000, Plan.Method.NAT, 1000, 0, 3, -1),
            () -> new Plan(1000, Plan.Method.NAT, FRAMES, 1001, 3, -1),
            () -> new Plan(1000, Plan.Method.NAT, FRAMES, 0, 2, -1),
            () -> new Plan(1000, Plan.Method.NAT, FRAMES, 0, 3, 100_000)}) {
            assertTrue(assertThrows(BenchException.class, wrong::run).getMessage().endsWith("."));
        }
    }
}
