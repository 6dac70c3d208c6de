package io.ringmaster.bench.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** {@code ringmaster bench} by its launcher, with a folder for what it and its children put aside. */
final class BenchProcess {
    private static final int LONGEST_SEC = 240;
    private static final Path LAUNCHER = Path.of("../ringmaster").toAbsolutePath().normalize();
    private static final Path NAMESPACES = Path.of("/run/netns");

    private final Path folder;
    private final Path log;
    private final Process process;

    /** Starts it with these words after "bench". */
    BenchProcess(final Path folder, final String... words) throws IOException {
        this.folder = Files.createDirectory(folder.resolve("aside"));
        log = folder.resolve("log");
        // A shell without a terminal makes what it starts ignore this signal, and that is inherited.
        final List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", LAUNCHER.toString(),
            "bench"));
        command.addAll(List.of(words));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(log.toFile());
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + this.folder);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
    }

    /** What these tests need; where CI=true they must have it. */
    static void require(final String... programs) {
        final boolean root = Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"));
        final boolean cores = Runtime.getRuntime().availableProcessors() > 1;
        final boolean there = Stream.of(programs).allMatch(program -> Stream.of("/usr/bin", "/usr/sbin")
            .anyMatch(in -> Files.isExecutable(Path.of(in, program))));
        final String needs = "needs root, two cores and " + String.join(", ", programs);
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(root && cores && there, needs);
        }
        Assumptions.assumeTrue(root && cores && there, needs);
    }

    /** Everything that it printed so far. */
    String said() {
        try {
            return Files.readString(log);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end, and that it left nothing; its exit code. */
    int end() throws InterruptedException {
        final boolean ended = process.waitFor(LONGEST_SEC, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertTrue(ended, () -> "it hangs: " + said());
        assertEquals(List.of(), namespaces(), "namespaces that are left");
        assertEquals(List.of(), aside(), "files that are left");
        return process.exitValue();
    }

    /** Names of the network namespaces that it made and that are there. */
    List<String> namespaces() {
        return list(NAMESPACES).stream().filter(name -> name.startsWith("ringmaster-" + process.pid() + "-")).toList();
    }

    private List<String> aside() {
        return list(folder);
    }

    private static List<String> list(final Path of) {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(path -> path.getFileName().toString()).toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process; the launcher has become the program. */
    Process process() {
        return process;
    }
}
