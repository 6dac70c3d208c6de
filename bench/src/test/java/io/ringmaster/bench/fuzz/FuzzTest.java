package io.ringmaster.bench.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.fuzz.Recording.Command;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.control.Reply;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.stats.Counter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A bounded run of the fuzzer, the cases that it once found, and that it finds what is planted. */
class FuzzTest {
    private static final long FRAMES = 20_000_000;
    private static final int LEAST_ENDS = 27;

    @TempDir
    private Path folder;

    /** What is planted, and what is to be said of it. */
    enum Planted {
        WRONG_CHECKSUM("is wrong", (memory, pool, counters, address, lengthBytes) -> {
            final long last = address + lengthBytes - 1;
            memory.set(ValueLayout.JAVA_BYTE, last, (byte) (memory.get(ValueLayout.JAVA_BYTE, last) + 1));
        }),
        LEAKED_FRAME("lie in its pool", (memory, pool, counters, address, lengthBytes) -> pool.take()),
        MISCOUNTED("ends counted", (memory, pool, counters, address, lengthBytes) ->
            counters.increment(Counter.DROP_TTL)),
        WRITTEN_BEHIND("written behind", (memory, pool, counters, address, lengthBytes) ->
            memory.set(ValueLayout.JAVA_BYTE, address + lengthBytes, (byte) 0)),
        READ_BEHIND("read of 2 bytes", (memory, pool, counters, address, lengthBytes) ->
            BigEndian.u16(memory, address + lengthBytes - 1));

        private final String said;
        private final Tamper tamper;

        Planted(final String said, final Tamper tamper) {
            this.said = said;
            this.tamper = tamper;
        }
    }

    private FuzzRun run(final FuzzPlan plan, final List<Recording> recordings) {
        final FuzzRun run = new FuzzRun(plan, recordings,
            new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
        run.run();
        return run;
    }

    /** The seed is always the same, so that what fails here fails again; other seeds are for runs by hand. */
    @Test
    void mutatedFramesDoNoHarm() {
        final FuzzRun run = run(new FuzzPlan(FRAMES, 0, 1, 2, folder, Tamper.NONE), Recordings.all());
        assertEquals(Map.of(), run.found());
        assertTrue(run.frames() >= FRAMES, run.frames() + " frames");
        long ends = 0;
        for (final Counter counter : Counter.values()) {
            ends += counter.kind() != Counter.Kind.EVENT && run.count(counter) > 0 ? 1 : 0;
        }
        assertTrue(ends >= LEAST_ENDS, ends + " ways that a packet can end were taken");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPlantedIsFoundMadeSmallAndPlayedAgain(final Planted planted) {
        final List<Recording> one = Recordings.all().stream().filter(each -> each.name().equals("fwd-nat")).toList();
        final FuzzRun run = run(new FuzzPlan(1, 0, 1, 1, folder, planted.tamper), one);
        assertEquals(1, run.found().size(), () -> run.found().toString());
        final CaseFile.Case found = CaseFile.read(run.found().values().iterator().next());
        assertTrue(found.lines().size() <= 4, () -> found.lines().toString());
        final Fault again = FuzzRun.replay(found, planted.tamper);
        assertNotNull(again);
        assertTrue(again.getMessage().contains(planted.said), again.getMessage());
        assertNull(FuzzRun.replay(found, Tamper.NONE));
    }

    static Stream<Path> casesOfOld() throws Exception {
        return Files.list(Path.of("src/test/resources/fuzz")).sorted();
    }

    @ParameterizedTest
    @MethodSource("casesOfOld")
    void whatWasFoundOnceHoldsNow(final Path file) {
        assertNull(FuzzRun.replay(CaseFile.read(file), Tamper.NONE));
    }

    /** The same seed makes the same frames, or a fault could not be found again. */
    @Test
    void anEpisodeIsTheSameAgain() {
        final List<Recording> all = Recordings.all();
        final Recording recording = all.getFirst();
        final CaseFile one = new CaseFile(new Nothing());
        new Episode(recording, all, 7, 500).play(one);
        final CaseFile two = new CaseFile(new Nothing());
        new Episode(recording, all, 7, 500).play(two);
        assertEquals(one.lines(), two.lines());
        assertTrue(one.lines().stream().filter(line -> line.startsWith("frame")).distinct().count() > 400);
    }

    @Test
    void theRulesOfAllKindsAreTaken() {
        final Recording recording = Recordings.all().stream()
            .filter(each -> each.name().equals(Recordings.ALL_KINDS)).findFirst().orElseThrow();
        try (Arena arena = Arena.ofConfined(); Director director = new Director(new FrameStore(arena.allocate(
            (long) Director.framesFor(2) * FrameStore.FRAME_BYTES, 64)), new Counts(), Tamper.NONE,
            new Director.Shape(recording.mtuBytes(), 1))) {
            for (final Recording.Step step : recording.steps()) {
                if (step instanceof final Command command) {
                    final Reply reply = director.run(command.words(), command.stdin());
                    assertEquals("", reply.err() + (reply.exit() == 0 ? "" : reply.exit()), command::toString);
                }
            }
        }
    }

    private static final class Nothing implements Actions {
        @Override
        public void command(final List<String> words, final String stdin) {
        }

        @Override
        public void elapse(final long ms) {
        }

        @Override
        public void sends(final boolean on) {
        }

        @Override
        public void frame(final int port, final byte[] bytes, final int lengthBytes) {
        }

        @Override
        public void cycle() {
        }

        @Override
        public void end() {
        }
    }
}
