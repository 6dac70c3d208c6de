package io.ringmaster.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as its users run it: as a process, with its exit code, its last line, and Ctrl-C. */
class BenchMainTest {
    private static final int HANGS_SEC = 60;
    private static final int SIGINT_EXIT = 130;

    @TempDir
    private Path folder;
    @TempDir
    private Path temporary;

    private Process start(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        // A shell without job control has its background jobs ignore SIGINT, and a JVM inherits that.
        command.addAll(List.of("env", "--default-signal=INT",
            Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m", "-Djava.io.tmpdir=" + temporary,
            "-cp", System.getProperty("java.class.path"), BenchMain.class.getName(), "bench"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> lines(final Process process) throws InterruptedException {
        final List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertTrue(process.waitFor(HANGS_SEC, TimeUnit.SECONDS), "it hangs");
        return lines;
    }

    @Test
    void aRunTellsPeopleAndPrograms() throws Exception {
        final Path json = folder.resolve("result.json");
        final Process process = start("pipeline", "--connections", "20k", "--frames", "1024", "--rounds", "3",
            "--warm-up", "10k", "--json", json.toString());
        final String said = String.join("\n", lines(process));
        assertEquals(0, process.exitValue(), said);
        for (final String wanted : List.of("machine:", "java:", "known connections", "Mpps", "bytes a connection")) {
            assertTrue(said.contains(wanted), wanted + " in " + said);
        }
        assertEquals("pipeline", Json.read(json).get("bench"));
        assertTrue(Json.number(Json.read(json), "nsPerPacket.median") > 0);
    }

    @Test
    void listNamesRunsAndBenchmarks() throws Exception {
        final List<String> lines = lines(start("list"));
        for (final String wanted : List.of("pipeline ", "forward ", "latency ", "table ", "fuzz ",
            "jmh RingBenchmark.forward", "jmh PipelineBenchmark.doWork",
            "jmh TableBenchmark.find", "jmh ChecksumBenchmark.ipv4Header")) {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith(wanted)), wanted + " in " + lines);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline --connections many", "pipeline --connections 0", "pipeline --workers 9",
        "pipeline --cpu 4096", "pipeline --new 10", "pipeline --flood 1", "pipeline --tail 0",
        "pipeline --expiry --flood 3", "pipeline --expiry --peer c", "pipeline --peer kernel",
        "pipeline --json /no/such/folder/x.json", "table --connections 1", "table --form thin", "table --peer kernel",
        "forward --method gre", "forward --peer dpdk", "latency --rate 99", "latency --flows 0",
        "fuzz --frames few", "fuzz --threads 0",
        "fuzz --cases /no/such/folder", "fuzz --replay /no/such.case",
        "jmh NoSuchBenchmark", "jmh -nosuch", "nonsense", "--chart /no/chart.svg", ""})
    void badInputIsRefusedBeforeAnythingStarts(final String arguments) {
        assertEquals(2, BenchMain.commands().execute(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline --connections 4m --peer c --workers 2", "pipeline --connections 1m --tail 100",
        "jmh RingBenchmark.forward -f 1"})
    void interruptLeavesNothingBehind(final String arguments) throws Exception {
        final Process process = start(arguments.split(" "));
        final BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        // Past the head: something runs by then.
        String line = output.readLine();
        while (line != null && !line.startsWith("memory:") && !line.startsWith("# Warmup Iteration")) {
            line = output.readLine();
        }
        Thread.sleep(500);
        final List<ProcessHandle> children = process.descendants().toList();
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(HANGS_SEC, TimeUnit.SECONDS), "it hangs");
        assertEquals(SIGINT_EXIT, process.exitValue());
        for (final ProcessHandle child : children) {
            child.onExit().get(HANGS_SEC, TimeUnit.SECONDS);
        }
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.filter(file -> !file.getFileName().toString().startsWith("hsperf")).toList());
        }
    }
}
