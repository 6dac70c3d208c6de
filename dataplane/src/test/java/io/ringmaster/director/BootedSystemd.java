package io.ringmaster.director;

import io.ringmaster.demo.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A systemd that has nothing but the director's unit, in namespaces of its own. One thread uses it. */
final class BootedSystemd implements AutoCloseable {
    private static final Path SCRIPT = Path.of("src/test/resources/systemd/boot").toAbsolutePath();
    private static final Path PACKAGING = Path.of("src/main/packaging").toAbsolutePath();
    private final Path log;
    private final Path cgroup;
    private final Process process;
    private final String pid;

    /**
     * Boots it.
     *
     * @param namespace        the network namespace that its services are in.
     * @param config           of the director "main".
     * @param moreCapabilities of the director, besides those of the unit; may be empty.
     * @param folder           for its log.
     */
    BootedSystemd(final String namespace, final Path config, final String moreCapabilities, final Path folder) {
        log = folder.resolve("systemd.log");
        cgroup = unified().resolve("ringmaster-it-" + ProcessHandle.current().pid());
        try {
            process = new ProcessBuilder("bash", SCRIPT.toString(), namespace, cgroup.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), RunningDirector.jar().toString(),
                PACKAGING.toString(), config.toString(), moreCapabilities).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        RunningDirector.await(() -> !process.isAlive() || first().isPresent());
        pid = first().map(handle -> Long.toString(handle.pid())).orElse("");
        if (pid.isEmpty() || !RunningDirector.await(() -> outcome("systemctl", "is-active", "nothing.target")
            .exitCode() == 0)) {
            final String said = said();
            close();
            throw new IllegalStateException("systemd did not boot: " + said);
        }
    }

    /** Where a cgroup of version 2 can be made. */
    private static Path unified() {
        final Path hybrid = Path.of("/sys/fs/cgroup/unified");
        return Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
    }

    /** Its process, once it is no longer the script. */
    private Optional<ProcessHandle> first() {
        return process.descendants().filter(handle -> handle.info().command().orElse("").endsWith("/systemd"))
            .findFirst();
    }

    /** What it told so far. */
    String said() {
        try {
            return Files.readString(log);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program as root in its namespaces. */
    Commands.Outcome outcome(final String... words) {
        final List<String> command = new ArrayList<>(List.of("nsenter", "-t", pid, "-m", "-p", "-C", "-n", "-i", "-u"));
        command.addAll(List.of(words));
        return Commands.outcome(command, "");
    }

    /** As {@link #outcome}; it has to succeed. What it printed. */
    String run(final String... words) {
        final Commands.Outcome outcome = outcome(words);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + outcome.output() + said());
        }
        return outcome.output().strip();
    }

    @Override
    public void close() {
        // With unshare ends its child, the first process of the namespace, and with that all others.
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RunningDirector.await(this::removed);
    }

    private boolean removed() {
        try (Stream<Path> folders = Files.walk(cgroup)) {
            folders.filter(Files::isDirectory).sorted((one, other) -> other.compareTo(one))
                .forEach(folder -> folder.toFile().delete());
        } catch (final IOException | UncheckedIOException e) {
            return !Files.exists(cgroup);
        }
        return !Files.exists(cgroup);
    }
}
