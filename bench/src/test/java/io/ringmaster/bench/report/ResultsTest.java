package io.ringmaster.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    @TempDir
    private Path folder;

    @Test
    void whatProgramsReadIsUnderStableNames() throws IOException {
        final Path file = folder.resolve("result.json");
        Results.of("pipeline", Machine.look()).put("connections", 10_000_000L)
            .nsPerPacket(Samples.of(200, 100, 400)).ratioToPeer("c", Samples.of(0.5, 1, 0.75))
            .put("none", Double.NaN).honesty(0.02, "").write(file);
        final Map<String, Object> found = Json.read(file);
        assertEquals("pipeline", found.get("bench"));
        assertEquals(10_000_000L, found.get("connections"));
        assertEquals(200.0, Json.number(found, "nsPerPacket.median"));
        assertEquals(100.0, Json.number(found, "nsPerPacket.min"));
        assertEquals(400.0, Json.number(found, "nsPerPacket.max"));
        assertEquals(5.0, found.get("mpps"));
        assertEquals("c", found.get("peer"));
        assertEquals(0.75, found.get("ratioToPeer"));
        assertEquals(0.625, Json.number(found, "ratioToPeerRange.lowerQuartile"));
        assertEquals(true, found.get("honest"));
        assertEquals(System.getProperty("os.version"), ((Map<?, ?>) found.get("machine")).get("kernel"));
        assertFalse(found.containsKey("none"));
    }

    @Test
    void fileThatCannotBeWrittenIsRefusedBeforeTheRun() {
        Results.check(null);
        Results.check(folder.resolve("new.json"));
        for (final Path wrong : new Path[] {folder, folder.resolve("no/such.json")}) {
            final BenchException refused = assertThrows(BenchException.class, () -> Results.check(wrong));
            assertTrue(refused.getMessage().contains(wrong.toString()));
            assertEquals(2, refused.exitCode());
        }
    }

    @Test
    void quantitiesAsPeopleWriteThem() {
        assertEquals(250_000, Quantity.number("--connections", "250k"));
        assertEquals(10_000_000, Quantity.number("--connections", "10M"));
        assertEquals(65_536, Quantity.number("--frames", "65536"));
        assertEquals(5, Quantity.perMille("--new", "0.5%"));
        assertEquals(1_000, Quantity.perMille("--new", "100%"));
        for (final String wrong : new String[] {"", "-1", "1.5m", "many", "12345678901"}) {
            assertThrows(BenchException.class, () -> Quantity.number("--connections", wrong));
        }
        for (final String wrong : new String[] {"", "10", "101%", "-1%", "0.05%"}) {
            assertThrows(BenchException.class, () -> Quantity.perMille("--new", wrong));
        }
    }
}
