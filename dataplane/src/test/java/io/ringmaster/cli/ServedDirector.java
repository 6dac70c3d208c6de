package io.ringmaster.cli;

import io.ringmaster.capture.Captures;
import io.ringmaster.connection.TcpState;
import io.ringmaster.control.Caller;
import io.ringmaster.control.Commands;
import io.ringmaster.control.Conversation;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Startup;
import io.ringmaster.service.NextHop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The commands of a director without workers, served on a socket of their own by a thread of their own, and asked by
 * the program's own client: for tests of verbs.
 */
public final class ServedDirector implements AutoCloseable {
    private final FakeDataplane dataplane = new FakeDataplane();
    private final ServiceTable table = new ServiceTable(dataplane, (high, low) -> NextHop.NONE, TcpState.defaults());
    private final Captures captures = new Captures(1, List.of("front", "back"), System::nanoTime, 1 << 20);
    private final Path folder;
    private final ControlServer server;
    private final Thread control;
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private volatile boolean ended;
    private volatile Caller caller = Caller.SELF;

    private ServedDirector(final List<PacketFates.Fate> fates, final Startup startup, final Commands other) {
        try {
            folder = Files.createTempDirectory("ringmaster-served-");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        server = ControlServer.open(folder.resolve("control"), other != null ? other
            : new CalledBy(new DirectorCommands(table, new PacketFates(() -> fates), startup, Optional.empty(),
                captures)),
            System::nanoTime);
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
        return new ServedDirector(List.of(), Startup.UNKNOWN, null);
    }

    /** As {@link #start}, with something that became of packets. */
    public static ServedDirector withFates(final PacketFates.Fate... fates) {
        return new ServedDirector(List.of(fates), Startup.UNKNOWN, null);
    }

    /** One that was started with a file, which it does not have read. */
    public static ServedDirector withConfig(final Path config) {
        return new ServedDirector(List.of(), new Startup(Optional.of(config), Map.of(), Map.of()), null);
    }

    /** Other commands than a director's. */
    public static ServedDirector of(final Commands commands) {
        return new ServedDirector(List.of(), Startup.UNKNOWN, commands);
    }

    /** From now on everybody who asks is this user. */
    public void callers(final Caller next) {
        caller = next;
    }

    /** Says who asks, whoever that is. */
    private final class CalledBy implements Commands {
        private final Commands commands;

        CalledBy(final Commands commands) {
            this.commands = commands;
        }

        private Request from(final Request request) {
            return new Request(request.args(), request.hasStdin() ? request.stdin() : null, request.columns(),
                request.terminal(), caller);
        }

        @Override
        public Reply run(final Request request) {
            return commands.run(from(request));
        }

        @Override
        public boolean endsWithDirector(final Request request) {
            return commands.endsWithDirector(request);
        }

        @Override
        public Optional<Conversation> converse(final Request request, final Runnable wake) {
            begun.add(request.args().getFirst());
            return commands.converse(from(request), wake);
        }

        @Override
        public boolean readsStdin(final Request request) {
            return commands.readsStdin(request);
        }

        @Override
        public void ending() {
            commands.ending();
        }

        @Override
        public long version() {
            return commands.version();
        }

        @Override
        public boolean settled(final long version) {
            return commands.settled(version);
        }
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

    /** Returns once a verb is under way. */
    public void awaitVerb(final String verb) {
        while (begun.stream().noneMatch(verb::equals)) {
            Thread.onSpinWait();
        }
    }

    /** Its socket. */
    public Path socket() {
        return server.path();
    }

    /** Its services; only while no command runs. */
    public ServiceTable table() {
        return table;
    }

    /** Its captures, of one worker that a test may play. */
    public Captures captures() {
        return captures;
    }

    /** Its workers that are none. */
    public FakeDataplane dataplane() {
        return dataplane;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
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
