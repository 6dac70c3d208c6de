package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.ringmaster.control.HostAddress;
import io.ringmaster.demo.Commands;
import io.ringmaster.director.LinkedLauncher;
import io.ringmaster.director.Needs;
import io.ringmaster.director.RunningDirector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every example of every help, from a shell, through the launcher, against a director with the demo's services: it ends
 * with 0.
 */
@Timeout(3_600)
class HelpExamplesIT {
    private static final String RULES = "-A -t 10.77.1.100:8000 -s rr\n"
        + "-a -t 10.77.1.100:8000 -r 10.77.2.11:8080 -m -w 3\n-a -t 10.77.1.100:8000 -r 10.77.2.12:8080 -m\n";
    /** Need workers, of which ExplainIT has some; interfaces, as below; or minutes: CI runs demo as its last step. */
    private static final Set<String> ELSEWHERE = Set.of("explain", "run", "demo", "decap", "bench");
    private static final int STARTS_WITHIN_SEC = 120;
    private static final int TERMINATED = 143;
    /** What goes on until somebody ends it. */
    private static final Set<String> ENDLESS = Set.of("ringmaster events", "ringmaster events --since 10m --json",
        "ringmaster top");
    /** What is to be there before, beside the services. */
    private static final Map<String, List<String>> BEFORE = Map.of(
        "mark del", List.of("ringmaster mark add -d 10.5.0.0/16 -p tcp --port 80,8000-8999 -m 1",
            "ringmaster mark add --destination 2001:db8:5::/64 --mark 2"),
        "ipvsadm", List.of("echo '-A -t 10.77.1.101:80' >rules"),
        "config check", List.of("ringmaster config show >director.yaml"),
        "config diff", List.of("ringmaster config show >director.yaml"),
        "config apply", List.of("ringmaster config show >director.yaml"));
    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> all() {
        return CommandTree.all().entrySet().stream().filter(each -> !ELSEWHERE.contains(each.getKey()))
            .map(each -> dynamicTest(each.getKey(),
                () -> each(each.getKey(), CommandTree.examples(each.getValue()))));
    }

    private void each(final String words, final List<String> examples) throws Exception {
        try (LinkedLauncher launcher = new LinkedLauncher()) {
            try (ServedDirector director = director()) {
                for (final String before : BEFORE.getOrDefault(words, List.of())) {
                    run(launcher, director, before);
                }
                for (final String example : examples) {
                    if (!ENDLESS.contains(example)) {
                        run(launcher, director, example);
                    }
                }
            }
            for (final String example : examples) {
                if (ENDLESS.contains(example)) {
                    try (ServedDirector director = director()) {
                        follow(launcher, director, example);
                    }
                }
            }
        }
    }

    /** Those of run and decap in a network namespace that has their interfaces, until somebody ends them. */
    @Test
    @Timeout(900)
    void programsThatStandOnInterfaces() throws Exception {
        Needs.root();
        final String namespace = "rmx-help-" + ProcessHandle.current().pid();
        Commands.run("ip", "netns", "add", namespace);
        try (LinkedLauncher launcher = new LinkedLauncher()) {
            for (final String name : List.of("eth0", "eth1")) {
                Commands.run("ip", "-n", namespace, "link", "add", name, "numrxqueues", "2", "numtxqueues", "2", "type",
                    "veth", "peer", "name", "peer-" + name);
                Commands.run("ip", "-n", namespace, "link", "set", name, "up");
                Commands.run("ip", "-n", namespace, "link", "set", "peer-" + name, "up");
            }
            for (final String example : examples("run")) {
                assertEquals(0, ended(launcher, namespace, example, "ready; rules are made with"),
                    () -> example + "\n" + text(folder.resolve("said")));
            }
            for (final String example : examples("decap")) {
                final boolean endless = !example.contains("--print-object");
                assertEquals(endless ? TERMINATED : 0, ended(launcher, namespace, example, endless ? "eth0" : null),
                    () -> example + "\n" + text(folder.resolve("said")));
            }
            assertTrue(Files.size(folder.resolve("decap.o")) > 0);
        } finally {
            Commands.run("ip", "netns", "del", namespace);
        }
    }

    private static List<String> examples(final String words) {
        return CommandTree.examples(CommandTree.all().get(words));
    }

    /** The exit code of what is told to end when it has said some words, or with null ends by itself. */
    private int ended(final LinkedLauncher launcher, final String namespace, final String example,
                      final String words) throws IOException, InterruptedException {
        final Path said = folder.resolve("said");
        final Process process = launcher.process(folder.resolve("control"), "ip", "netns", "exec", namespace, "sh",
            "-c", "exec " + example).directory(folder.toFile()).redirectErrorStream(true)
            .redirectOutput(said.toFile()).start();
        try {
            if (words != null) {
                assertTrue(RunningDirector.await(() -> text(said).contains(words) || !process.isAlive(),
                    STARTS_WITHIN_SEC), () -> example + " never says " + words + ":\n" + text(said));
                process.destroy();
            }
            assertTrue(process.waitFor(STARTS_WITHIN_SEC, TimeUnit.SECONDS), () -> example + " does not end");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(final Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServedDirector director() throws IOException {
        final ServedDirector director = ServedDirector.withConfig(
            Files.writeString(folder.resolve("running.yaml"), "sysctls:\n  sloppy_tcp: 1\n"));
        assertEquals(0, director.run(RULES, 0, "ipvsadm-restore").exit());
        director.dataplane().connections.add(visitor -> visitor.connection(HostAddress.parseIpv4("10.77.1.11")
            .orElseThrow(), 40_000, 1, 1, "ESTABLISHED", 890));
        return director;
    }

    /** Nothing outside the test's folder is written, and no pager is opened. */
    private ProcessBuilder shell(final LinkedLauncher launcher, final ServedDirector director, final String example) {
        final ProcessBuilder builder = launcher.process(director.socket(), "sh", "-c", example
            .replace("/etc/bash_completion.d", ".").replace("/usr/local/share/man", "man").replace("man -l -", "cat"));
        builder.environment().put("HOME", folder.toString());
        return builder.directory(folder.toFile()).redirectErrorStream(true);
    }

    private void run(final LinkedLauncher launcher, final ServedDirector director, final String example)
        throws Exception {
        final Process process = shell(launcher, director, example).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> example + "\n" + said);
    }

    /** The director's end is theirs, of which events tells as its last line, while top has nothing to tell then. */
    private void follow(final LinkedLauncher launcher, final ServedDirector director, final String example)
        throws IOException, InterruptedException {
        final Process process = shell(launcher, director, example).start();
        try (BufferedReader lines = process.inputReader()) {
            if (example.contains("top")) {
                assertTrue(lines.readLine().startsWith("ringmaster top: "), example);
                process.destroy();
                assertTrue(process.waitFor(60, TimeUnit.SECONDS), example);
                return;
            }
            while (!director.table().access().events().heard()) {
                Thread.onSpinWait();
            }
            director.close();
            assertTrue(lines.lines().reduce("", (before, line) -> line).contains("The director ends."), example);
            assertEquals(0, process.waitFor(), example);
        }
    }
}
