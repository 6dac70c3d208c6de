package io.ringmaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the design that a compiler does not keep: what hot code may not contain, who may use what. */
class SourceRulesTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> HOT = List.of("worker", "packet", "connection", "scheduler", "transmit");
    private static final Pattern NOT_ON_THE_PACKET_PATH = Pattern.compile(
        "\\bsynchronized\\b|System\\.(out|err)|String\\.format|\\.stream\\(|java\\.util\\.logging"
            + "|java\\.lang\\.System\\.Logger|ReentrantLock|Thread\\.sleep|\\bOptional<");
    private static final Pattern NATIVE_ONLY = Pattern.compile(
        "java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor)|SuppressWarnings\\(\"restricted\"\\)");
    private static final Pattern UNSAFE = Pattern.compile("UnsafeApi|sun\\.misc\\.Unsafe|jdk\\.internal");

    /** Connection entries, packet bytes, counters, and the entries of the rings: what each packet reads and writes. */
    private static final String[] RAW_MEMORY = {"TableWords.java", "BigEndian.java", "CounterLines.java",
        "RxRing.java", "TxRing.java", "FillRing.java", "CompletionRing.java"};

    /** What tells the time of day, which an administrator or NTP may set back or ahead at any moment. */
    private static final Pattern WALL_CLOCK = Pattern.compile(
        "currentTimeMillis|\\b(Instant|Local(Date)?Time|LocalDate|ZonedDateTime|OffsetDateTime|Year)\\.now\\b"
            + "|new Date\\(|\\bCalendar\\b|Clock\\.system|(System)?EpochClock|EpochNanoClock|EpochMicroClock"
            + "|\\bjava\\.util\\.Timer\\b|CLOCK_(REALTIME|TAI)|\\b(gettimeofday|clock_settime)\\b"
            + "|bpf_ktime_get_(real|tai)");

    private static final Pattern CLOCK = Pattern.compile(
        "System\\.nanoTime|(System)?NanoClock\\.INSTANCE|" + WALL_CLOCK.pattern());

    @Test
    void hotPackagesNeitherLockNorLogNorStream() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String hot : HOT) {
            // The schedulers' registry answers the control thread, too: it may say Optional.
            offences("dataplane/src/main/java/io/ringmaster/" + hot, NOT_ON_THE_PACKET_PATH, found,
                "SchedulerType.java");
        }
        assertEquals(List.of(), found);
    }

    @Test
    void onlyTheNativeModuleCallsNativeCode() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String module : List.of("ringbuffers", "dataplane", "bench")) {
            offences(module + "/src/main/java", NATIVE_ONLY, found);
        }
        assertEquals(List.of(), found);
    }

    @Test
    void onlyTheseTouchRawMemory() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String module : List.of("ringbuffers", "native", "dataplane")) {
            offences(module + "/src/main/java", UNSAFE, found, RAW_MEMORY);
        }
        assertEquals(List.of(), found);
    }

    /**
     * Deadlines, rates, patience and progress are all told by System.nanoTime, which only ever goes on. Events show the
     * time of day to people, and decide nothing by it.
     */
    @Test
    void nothingDependsOnTheTimeOfDay() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String module : List.of("ringbuffers", "native", "dataplane")) {
            offences(module + "/src/main", WALL_CLOCK, found, "Events.java", "WallClock.java");
        }
        assertEquals(List.of(), found);
        for (final String clock : List.of("System.currentTimeMillis()", "Instant.now()", "LocalDateTime.now()",
            "new Date()", "Clock.systemUTC()", "SystemEpochClock.INSTANCE", "bpf_ktime_get_real_ns()")) {
            assertTrue(WALL_CLOCK.matcher("    final long x = " + clock + ";").find(), clock);
        }
    }

    /** So that a test can give them any time, and a director one time to all of them. */
    @Test
    void whatTheWorkersRunIsGivenItsTime() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String hot : HOT) {
            // A hash's seed, which is no time.
            offences("dataplane/src/main/java/io/ringmaster/" + hot, CLOCK, found, "DestinationTable.java");
        }
        assertEquals(List.of(), found);
    }

    /** Workers, listings, checks and the control thread all have it from here: no other clock is made. */
    @Test
    void theDirectorsOneClockIsSystemNanoTime() throws IOException {
        final String director = "dataplane/src/main/java/io/ringmaster/director/";
        final List<String> lines = Files.readAllLines(ROOT.resolve(director + "Director.java"));
        final int clock = lines.indexOf("    private static NanoClock clock() {");
        assertEquals(List.of("final long startNs = System.nanoTime();", "return () -> System.nanoTime() - startNs;",
            "}"), lines.subList(clock + 1, clock + 4).stream().map(String::strip).toList());
        assertEquals(1, count(director, "new Workers\\.Shared\\(clock\\(\\),"));
        assertEquals(1, count("dataplane/src/main/java", "new Workers\\.Shared\\("));
        assertEquals(1, count(director, "WorkerSetup\\.worker\\(w, shared\\.clock\\(\\)\\)"));
        // A rehearsal's has one moment of that clock.
        assertEquals(1, count("dataplane/src/main/java/io/ringmaster/explain",
            "WorkerSetup\\.worker\\(0, scene::nowNs\\)"));
        assertEquals(2, count("dataplane/src/main/java", "WorkerSetup\\.worker\\("));
        assertEquals(1, count("dataplane/src/main/java", "new ControlAgent\\(\\w+, \\w+, director::nowNs,"));
        assertEquals(1, count("dataplane/src/main/java", "new ControlAgent\\("));
        assertEquals(1, count("dataplane/src/main/java", "\\bNanoClock clock\\(\\) \\{"));
    }

    private static int count(final String place, final String pattern) throws IOException {
        final List<String> found = new ArrayList<>();
        offences(place, Pattern.compile(pattern), found);
        return found.size();
    }

    @Test
    void theRulesSeeTheSources() throws IOException {
        final List<String> found = new ArrayList<>();
        offences("dataplane/src/main/java/io/ringmaster/worker", Pattern.compile("final class WorkerAgent"), found);
        assertEquals(1, found.size());
        assertTrue(found.getFirst().contains("WorkerAgent.java"));
    }

    private static void offences(final String place, final Pattern pattern, final List<String> found,
                                 final String... except) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
            for (final Path file : files.filter(f -> f.toString().matches(".*\\.(java|[ch])")).toList()) {
                if (List.of(except).contains(file.getFileName().toString())) {
                    continue;
                }
                final List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (pattern.matcher(lines.get(i)).find() && !lines.get(i).strip().startsWith("*")) {
                        found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            }
        }
    }
}
