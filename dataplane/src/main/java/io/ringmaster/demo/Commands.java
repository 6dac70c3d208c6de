package io.ringmaster.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs, run to their end: {@code ip} above all. */
public final class Commands {
    private static final int LONGEST_SEC = 60;

    private Commands() {
    }

    /**
     * What a program that ended had to say.
     *
     * @param exitCode 0 for success.
     * @param output   standard output and standard error, in the order they came.
     */
    public record Outcome(int exitCode, String output) {
    }

    /**
     * Runs a program to its end.
     *
     * @param command its name and arguments.
     * @return what it printed.
     * @throws DemoException if it could not be started, ended with another code than 0, or took over a minute.
     */
    public static String run(final String... command) {
        return run(List.of(command), "");
    }

    /** As {@link #run(String...)}, with something on its standard input. */
    public static String run(final List<String> command, final String input) {
        final Outcome outcome = outcome(command, input);
        if (outcome.exitCode != 0) {
            throw new DemoException("\"" + String.join(" ", command) + "\" ended with code " + outcome.exitCode + ": "
                + outcome.output.strip());
        }
        return outcome.output;
    }

    /** As {@link #run(List, String)}, for a program that may fail. */
    public static Outcome outcome(final List<String> command, final String input) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (final IOException e) {
                // It ended without reading; its exit code tells.
            }
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LONGEST_SEC, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new DemoException("\"" + String.join(" ", command) + "\" took over " + LONGEST_SEC + " seconds.");
            }
            return new Outcome(process.exitValue(), output);
        } catch (final IOException e) {
            throw new DemoException("Could not start \"" + command.getFirst() + "\": " + e.getMessage()
                + ". Is it installed (Debian: apt install iproute2)?", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted while \"" + String.join(" ", command) + "\" ran.", e);
        }
    }
}
