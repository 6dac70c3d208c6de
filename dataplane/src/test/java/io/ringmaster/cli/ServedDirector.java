package io.ringmaster.cli;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.Commands;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Support;
import io.ringmaster.service.NextHop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The commands of a director without workers, served on a socket of their own by a thread of their own, and asked by
 * the program's own client: for tests of verbs.
 */
public final class ServedDirector implements AutoCloseable {
    private final FakeDataplane dataplane = new FakeDataplane();
    private final ServiceTable table = new ServiceTable(dataplane, (high, low) -> NextHop.NONE, Support.RELEASE,
        TcpState.defaults());
    private final Path folder;
    private final ControlServer server;
    private final Thread control;
    private volatile boolean ended;

    private ServedDirector(final List<PacketFates.Fate> fates, final Commands other) {
        try {
            folder = Files.createTempDirectory("ringmaster-served-");
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server = ControlServer.open(folder.resolve("control"), other != null ? other
            : new DirectorCommands(table, new PacketFates(() -> fates)), System::nanoTime);
        control = new Thread(() -> {
            while (!ended) {
                if (server.poll() == 0) {
                    server.await(10);
                }
            }
        }, "control");
        control.start();
    }

    /** A director with no services. */
    public static ServedDirector start() {
        return new ServedDirector(List.of(), null);
    }

    /** As {@link #start}, with something that became of packets. */
    public static ServedDirector withFates(final PacketFates.Fate... fates) {
        return new ServedDirector(List.of(fates), null);
    }

    /** Other commands than a director's. */
    public static ServedDirector of(final Commands commands) {
        return new ServedDirector(List.of(), commands);
    }

    /** What came of a command. */
    public record Answer(int exit, String out, String err) {
    }

    /** Runs {@code ringmaster WORDS}. */
    public Answer run(final String... words) {
        return run("", 0, words);
    }

    /** Runs {@code ringmaster WORDS} with standard input, on a terminal of some width (0 for none). */
    public Answer run(final String stdin, final int columns, final String... words) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int exit = new ThinClient(socket(), new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out), new PrintStream(err)).run(List.of(words), columns);
        return new Answer(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Its socket. */
    public Path socket() {
        return server.path();
    }

    /** Its services; only while no command runs. */
    public ServiceTable table() {
        return table;
    }

    /** Its workers that are none. */
    public FakeDataplane dataplane() {
        return dataplane;
    }

    @Override
    public void close() {
        ended = true;
        try {
            control.join();
            server.close();
            Files.delete(folder);
        } catch (final IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
