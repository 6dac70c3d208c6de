package io.ringmaster.bench.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.report.Json;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenariosTest {
    private static final int CONNECTIONS = 20_000;
    private static final int FRAMES = 256;

    @TempDir
    private Path folder;

    @Test
    void asManyConnectionsEndAsAreMade() throws IOException {
        final Map<String, Object> found = run(Plan.Scenario.EXPIRY, 100, 0);
        final long made = (Long) found.get("made");
        final long ended = (Long) found.get("ended");
        assertTrue(made > 0 && ended > made / 2 && ended < made * 2, made + " made, " + ended + " ended");
        assertTrue(Json.number(found, "ratioToPeer") > 0);
        assertEquals("the same without expiry", found.get("peer"));
    }

    @Test
    void floodFillsTheTableAndHurtsNoEstablishedConnection() throws IOException {
        final Map<String, Object> found = run(Plan.Scenario.FLOOD, 500, 2);
        assertTrue(Json.number(found, "flood.syns") >= 2 * Json.number(found, "flood.capacity"));
        assertTrue(Json.number(found, "flood.refused") + Json.number(found, "flood.evicted") > 0);
        assertEquals(0, Json.number(found, "flood.lostOfEstablished"));
        // All were there at the end: the established ones and half-open ones beside them.
        assertTrue(Json.number(found, "ending.connections") > 2 * CONNECTIONS);
    }

    @Test
    void eachBatchIsTimedBesideAControlLoop() throws IOException {
        final Map<String, Object> found = run(Plan.Scenario.TAIL, 0, 1);
        for (final String side : List.of("doWorkNs", "controlNs")) {
            double before = 0;
            for (final String name : List.of("p50", "p99", "p99_9", "p99_99", "max")) {
                final double ns = Json.number(found, side + "." + name);
                assertTrue(ns >= before && ns > 0, side + " " + name);
                before = ns;
            }
        }
        assertEquals(Json.number(found, "doWorkNs.steps"), Json.number(found, "controlNs.steps"));
    }

    @Test
    void twoWorkersAreComparedWithOne() throws IOException {
        final Map<String, Object> found = measure(new Plan(CONNECTIONS, Plan.Method.DR, FRAMES, 0, 3, -1, 2,
            Plan.Scenario.KNOWN, 0, 0));
        assertEquals(2L, found.get("workers"));
        assertTrue(Json.number(found, "speedup.median") > 0);
        assertEquals(3, Json.number(found, "nsPerPacket.rounds"));
    }

    private Map<String, Object> run(final Plan.Scenario scenario, final int newPerMille, final int amount)
        throws IOException {
        return measure(new Plan(CONNECTIONS, Plan.Method.NAT, FRAMES, newPerMille, 3, -1, 1, scenario, amount, 0));
    }

    private Map<String, Object> measure(final Plan plan) throws IOException {
        final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        final Run run = new Run(plan, Machine.look(), null, new Progress(nowhere, false));
        final Outcome outcome = run.measure();
        assertFalse(outcome.failed());
        final Path file = folder.resolve("result.json");
        outcome.results().write(file);
        return Json.read(file);
    }

    @Test
    void safepointsAreReadFromTheLogOfTheJvm() {
        final List<JvmLog.Safepoint> found = JvmLog.parse(List.of("[5000000ns][info][safepoint] Safepoint \"Cleanup\", "
            + "Time since last: 100 ns, Reaching safepoint: 1000 ns, At safepoint: 2000 ns, Total: 3000000 ns",
            "[6ns][info][gc] GC(0) Pause Young (Allocation Failure) 1M->1M(7M) 0.5ms", "nothing"));
        assertEquals(List.of(new JvmLog.Safepoint("Cleanup", 2_000_000, 5_000_000)), found);
        assertTrue(JvmLog.explains(found, new TailSide.Pause(1_000_000, 4_000_000)));
        assertFalse(JvmLog.explains(found, new TailSide.Pause(5_000_000, 4_000_000)));
        assertFalse(JvmLog.explains(found, new TailSide.Pause(4_900_000, 4_000_000)));
    }
}
