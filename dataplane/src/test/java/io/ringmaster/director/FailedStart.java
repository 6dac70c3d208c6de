package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code ringmaster} command that is expected to fail, run to its end.
 *
 * @param exit its exit code.
 * @param out  standard output.
 * @param err  standard error.
 */
record FailedStart(int exit, String out, String err) {
    private static final int LONGEST_SEC = 60;
    private static final String HINT = "Try 'ringmaster run --help' for more information.";

    /**
     * Runs it.
     *
     * @param namespace where.
     * @param wrapper   a program with its arguments that starts the rest of its command line in some changed way.
     * @param args      words after {@code ringmaster}.
     */
    static FailedStart of(final String namespace, final List<String> wrapper, final List<String> args) {
        try {
            final Path err = Files.createTempFile("ringmaster-it-", ".err");
            try {
                final List<String> inside = new ArrayList<>(wrapper);
                inside.addAll(RunningDirector.java(List.of("-XX:TieredStopAtLevel=1", "-Xms32m")));
                inside.addAll(args);
                final Process process = new ProcessBuilder(
                    DemoNetwork.insideOf(namespace, inside.toArray(String[]::new))).redirectError(err.toFile()).start();
                process.getOutputStream().close();
                if (!process.waitFor(LONGEST_SEC, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(args + " did not end:\n" + Files.readString(err));
                }
                return new FailedStart(process.exitValue(),
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                    Files.readString(err));
            } finally {
                Files.delete(err);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Checks that it said one sentence, with these words in it, and nothing else. */
    void assertSays(final int expectedExit, final String... words) {
        assertEquals(expectedExit, exit, this::toString);
        assertEquals("", out, this::toString);
        final List<String> lines = err.lines().filter(line -> !line.equals(HINT)).toList();
        assertEquals(1, lines.size(), this::toString);
        for (final String word : words) {
            assertTrue(lines.getFirst().contains(word), () -> "\"" + word + "\" is not in: " + err);
        }
        assertTrue(lines.getFirst().matches("[A-Z-].*[^ ]") && !lines.getFirst().contains("Exception"),
            this::toString);
    }
}
