package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The program {@code ringmaster run} as a process of its own in a network namespace: the runnable jar, with the
 * launcher's flags and assertions on. One thread uses it; {@link #close} ends it and removes what it left.
 */
public final class RunningDirector implements AutoCloseable {
    /** How long anything may take on a busy machine; it is over in a moment on another. */
    private static final int PATIENCE_SEC = 180;
    private static final int POLL_MS = 10;
    private static final Path JAR = Path.of(System.getProperty("ringmaster.jar", "target/ringmaster.jar"))
        .toAbsolutePath();
    private static final List<String> FLAGS = List.of("-ea", "-XX:+UseSerialGC", "-Xms128m", "-Xmx1g",
        "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=1024g");

    private final String namespace;
    private final Path folder;
    private final Path socket;
    private final Path log;
    private final Process process;

    private RunningDirector(final String namespace, final List<String> under, final List<String> jvmFlags,
                            final List<String> args) {
        try {
            this.namespace = namespace;
            folder = Files.createTempDirectory("ringmaster-it-");
            socket = folder.resolve("control");
            log = folder.resolve("log");
            // Should this process be told to end before close: what is deleted last is named first.
            List.of(folder, socket, log).forEach(path -> path.toFile().deleteOnExit());
            if (!under.isEmpty()) {
                // It may be another user's, who need not reach where this was built.
                Files.setPosixFilePermissions(Files.copy(JAR, folder.resolve(JAR.getFileName())),
                    PosixFilePermissions.fromString("rw-r--r--"));
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            // A shell without a terminal makes what it starts ignore these signals, and that is inherited.
            final List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT"));
            command.addAll(under);
            command.addAll(java(under.isEmpty() ? JAR : folder.resolve(JAR.getFileName()), jvmFlags));
            command.addAll(List.of("--socket", socket.toString()));
            command.addAll(args);
            process = new ProcessBuilder(DemoNetwork.insideOf(namespace, command.toArray(String[]::new)))
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
            process.getOutputStream().close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line that runs the jar, with more flags for its machine; arguments of ringmaster follow. */
    static List<String> java(final List<String> jvmFlags) {
        return java(JAR, jvmFlags);
    }

    /** The jar that all of them run. */
    static Path jar() {
        return JAR;
    }

    private static List<String> java(final Path jar, final List<String> jvmFlags) {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + " is missing: these tests run what \"mvn package\" makes");
        }
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
            .toString()));
        command.addAll(FLAGS);
        command.addAll(jvmFlags);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Starts it on both interfaces of the demo network's director, on one core, and waits until it is ready. */
    public static RunningDirector start(final DemoNetwork network, final String... options) {
        return startWith(network, List.of(), options);
    }

    /** As {@link #start}, with more flags for its Java machine. */
    public static RunningDirector startWith(final DemoNetwork network, final List<String> jvmFlags,
                                            final String... options) {
        final List<String> args = new ArrayList<>(List.of("run", "--interface", DemoNetwork.FRONT, "--interface",
            DemoNetwork.BACK));
        args.addAll(List.of(options));
        final RunningDirector director = launch(network.director(), jvmFlags, args);
        try {
            director.awaitReady();
            return director;
        } catch (final RuntimeException | Error e) {
            director.close();
            throw e;
        }
    }

    /**
     * Starts {@code ringmaster ARGS} without waiting for anything: for starts that are to fail.
     *
     * @param namespace where it is to run.
     * @param jvmFlags  for its Java machine, after those of the launcher.
     * @param args      the words after {@code ringmaster}; its socket is named before them.
     */
    public static RunningDirector launch(final String namespace, final List<String> jvmFlags,
                                         final List<String> args) {
        return new RunningDirector(namespace, List.of(), jvmFlags, args);
    }

    /**
     * As {@link #launch} under another program.
     *
     * @param under variables of its environment, each NAME=VALUE, then words of a program that starts what follows.
     */
    static RunningDirector launchUnder(final String namespace, final List<String> under, final List<String> args) {
        return new RunningDirector(namespace, under, List.of(), args);
    }

    /** Waits for the line that begins with "ready". */
    public void awaitReady() {
        awaitLine(line -> line.startsWith("ready"));
    }

    /** Waits for a line of its output; fails with all of it if it ends or the time is over. */
    public void awaitLine(final Predicate<String> wanted) {
        await(() -> said().lines().anyMatch(wanted) || !process.isAlive());
        if (said().lines().noneMatch(wanted)) {
            throw new AssertionError("the director " + (process.isAlive() ? "did not say so in " + PATIENCE_SEC + " s"
                : "ended with " + process.exitValue()) + ":\n" + said());
        }
    }

    /** Waits until something is so, with much patience; whether it was. */
    public static boolean await(final BooleanSupplier condition) {
        return await(condition, PATIENCE_SEC);
    }

    /** Waits until something is so, at most for a time; whether it was. */
    public static boolean await(final BooleanSupplier condition, final int longestSec) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(longestSec);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                return false;
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        return true;
    }

    /** Runs {@code ringmaster ipvsadm WORDS} over the control socket; it must succeed. What it printed. */
    public String ipvsadm(final String... words) {
        final Reply reply = tryIpvsadm(words);
        assertEquals(0, reply.exit(), () -> "ipvsadm " + String.join(" ", words) + ": " + reply.out() + reply.err()
            + said());
        return reply.out();
    }

    /** Runs it over the control socket, whatever comes of it. */
    public Reply tryIpvsadm(final String... words) {
        final List<String> args = new ArrayList<>(List.of("ipvsadm"));
        args.addAll(List.of(words));
        return ControlClient.ask(socket, args, "");
    }

    /** Runs {@code ringmaster table check} over the control socket: nothing may be wrong. */
    public void assertTableClean() {
        final Reply reply = ControlClient.ask(socket, List.of("table", "check"), "");
        assertEquals(0, reply.exit(), () -> reply.out() + reply.err() + said());
    }

    /** All that it printed so far. */
    public String said() {
        try {
            return Files.readString(log);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its network namespace. */
    public String namespace() {
        return namespace;
    }

    /** Its control socket. */
    public Path socket() {
        return socket;
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /** SIGTERM, and SIGKILL if that took over three minutes; the exit code. */
    public int stop() {
        process.destroy();
        return awaitEnd();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits for its end, killing it when the time is over; the exit code. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE_SEC, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return process.exitValue();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        stop();
        try (var files = Files.list(folder)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
