package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with the jar that Maven built: commands run with the cache of loaded classes, else they fail here. */
class QuickStartIT {
    private static final Path JAR = Path.of(System.getProperty("ringmaster.jar", "target/ringmaster.jar"));
    @TempDir
    private static Path folder;
    private static Path launcher;

    @BeforeAll
    static void install() throws IOException {
        final Path root = Files.createDirectories(folder.resolve("a clone"));
        launcher = root.resolve("ringmaster");
        Files.copy(Path.of(System.getProperty("basedir", "."), "..", "ringmaster"), launcher);
        Files.createDirectories(root.resolve("dataplane/target"));
        Files.copy(JAR, root.resolve("dataplane/target/ringmaster.jar"));
    }

    private record Said(int exit, String out, String err) {
    }

    private static Said launch(final String... words) throws Exception {
        final List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        final Path err = folder.resolve("err");
        final ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Without its cache the virtual machine does not start at all.
        builder.environment().put("RINGMASTER_AOT_MODE", "on");
        builder.environment().put("RINGMASTER_SOCKET", folder.resolve("none").toString());
        builder.environment().remove("RINGMASTER_PROGRAM");
        final Process process = builder.start();
        process.getOutputStream().close();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out, Files.readString(err));
    }

    @Test
    void commandsUseTheCacheOfClasses() throws Exception {
        final Said help = launch("--help");
        assertEquals(0, help.exit, help::err);
        assertTrue(help.out.startsWith("Usage: ringmaster "), help::out);
        try (Stream<Path> made = Files.list(launcher.resolveSibling("dataplane/target/launch"))) {
            final List<Path> caches = made.filter(file -> file.toString().matches(".*/(short-.*[.]aot|run-.*[.]jsa)"))
                .toList();
            assertEquals(2, caches.size(), caches::toString);
            for (final Path cache : caches) {
                assertTrue(Files.size(cache) > 0, cache + " was made");
            }
        }
        final Said alone = launch("ipvsadm", "-Ln");
        assertEquals(2, alone.exit, alone::err);
        assertTrue(alone.err.startsWith("No director answers at "), alone::err);
        final Said drops = launch("drops", "--help");
        assertEquals(0, drops.exit, drops::err);
        assertTrue(drops.out.contains("ringmaster drops --all --json"), drops::out);
        final Said run = launch("run", "--help");
        assertEquals(0, run.exit, run::err);
        final Said wrong = launch("run");
        assertEquals(2, wrong.exit, wrong::err);
        assertEquals("Missing required option: '--interface=IF'\nTry 'ringmaster run --help' for more information.\n",
            wrong.err, "nothing about a cache");
    }

    /** picocli's own classes are those that were made anew. */
    @Test
    void noClassIsTooOldToBeCached() throws Exception {
        launch("version");
        final Path jar = launcher.resolveSibling("dataplane/target/launch/ringmaster.jar");
        final byte[] head = new byte[8];
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.getInputStream(zip.getEntry("picocli/CommandLine.class")).readNBytes(head, 0, head.length);
        }
        assertTrue(head[7] >= 52, "version " + head[7]);
    }
}
