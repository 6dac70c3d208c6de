package io.ringmaster.demo;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A director as a process of its own, inside its namespace, steered from outside by {@code ringmaster ipvsadm …}
 * processes as an operator would. One thread uses it.
 */
public final class DirectorProcess implements AutoCloseable {
    private static final int START_SEC = 60;
    private static final int STOP_SEC = 60;
    private static final int POLL_MS = 20;

    private final String namespace;
    private final Path launcher;
    private final Path folder;
    private final Path socket;
    private final Path log;
    private final Process process;

    private DirectorProcess(final String namespace, final Path launcher, final List<String> options)
        throws IOException {
        this.namespace = namespace;
        this.launcher = launcher;
        folder = Files.createTempDirectory("ringmaster-demo-");
        socket = folder.resolve("control");
        log = folder.resolve("director.log");
        // If this process is told to end: the last one named here goes first.
        folder.toFile().deleteOnExit();
        log.toFile().deleteOnExit();
        socket.toFile().deleteOnExit();
        final List<String> command = new ArrayList<>(DemoNetwork.insideOf(namespace, launcher.toString(),
            "run", "--interface", DemoNetwork.FRONT, "--interface", DemoNetwork.BACK, "--socket", socket.toString()));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        process.getOutputStream().close();
    }

    /**
     * Starts a director on both interfaces of the network's director and waits until it answers.
     *
     * @param launcher the program {@code ringmaster}.
     * @param options  more options of {@code ringmaster run}.
     * @throws DemoException with what it said if it ended or did not answer in a minute.
     */
    public static DirectorProcess start(final DemoNetwork network, final Path launcher, final String... options) {
        return start(network.director(), launcher, options);
    }

    /** As the other, in any namespace that has interfaces {@code front} and {@code back}. */
    public static DirectorProcess start(final String namespace, final Path launcher, final String... options) {
        try {
            final DirectorProcess director = new DirectorProcess(namespace, launcher, List.of(options));
            director.awaitStart();
            return director;
        } catch (final IOException e) {
            throw new DemoException("Could not start " + launcher + ": " + e.getMessage() + ".", e);
        }
    }

    private void awaitStart() throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SEC);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadlineNs) {
                final String said = Files.readString(log).strip();
                final String what = process.isAlive() ? "did not answer in " + START_SEC + " s"
                    : "ended with code " + process.exitValue();
                close();
                throw new DemoException("The director " + what + ": " + said);
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (final InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new DemoException("Interrupted while the director started.", e);
            }
        }
    }

    private boolean answers() throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return Files.exists(socket) && channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (final SocketException e) {
            return false;
        }
    }

    /** Runs {@code ringmaster ipvsadm} with these words in a process of its own. */
    public Commands.Outcome ipvsadm(final String... words) {
        return ipvsadm(List.of(words), "");
    }

    /** As {@link #ipvsadm(String...)}, with something on its standard input. */
    public Commands.Outcome ipvsadm(final List<String> words, final String input) {
        return command("ipvsadm", words, input);
    }

    /** Runs {@code ringmaster table check} in a process of its own. */
    public Commands.Outcome tableCheck() {
        return command("table", List.of("check"), "");
    }

    private Commands.Outcome command(final String name, final List<String> words, final String input) {
        final List<String> command = new ArrayList<>(DemoNetwork.insideOf(namespace, "env",
            "RINGMASTER_SOCKET=" + socket, launcher.toString(), name));
        command.addAll(words);
        return Commands.outcome(command, input);
    }

    /** What the director printed so far. */
    public String said() {
        try {
            return Files.readString(log);
        } catch (final IOException e) {
            throw new DemoException("Could not read " + log + ": " + e.getMessage() + ".", e);
        }
    }

    /** Path of its control socket. */
    public Path socket() {
        return socket;
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /** Asks it to end (SIGTERM) and waits; kills it after a minute. The exit code. */
    public int stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SEC, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return process.exitValue();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(log);
            Files.deleteIfExists(folder);
        } catch (final IOException e) {
            throw new DemoException("Could not remove " + folder + ": " + e.getMessage() + ".", e);
        }
    }
}
