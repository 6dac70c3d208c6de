package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.Commands;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Support;
import io.ringmaster.service.NextHop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client that the shell starts, against a served socket. */
final class ThinClientTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(final Path socket, final String stdin, final String... args) {
        return new ThinClient(socket, new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(args), stdin, 80);
    }

    private static void served(final Path socket, final Commands commands, final Runnable work) throws Exception {
        try (ControlServer server = ControlServer.open(socket, commands, System::nanoTime)) {
            final AtomicReference<Boolean> ended = new AtomicReference<>(false);
            final Thread control = new Thread(() -> {
                while (!ended.get()) {
                    if (server.poll() == 0) {
                        Thread.onSpinWait();
                    }
                }
            });
            control.start();
            try {
                work.run();
            } finally {
                ended.set(true);
                control.join();
            }
        }
    }

    @Test
    void rulesGoInAndListingsComeOut(@TempDir final Path directory) throws Exception {
        final Path socket = directory.resolve("control.sock");
        final ServiceTable table = new ServiceTable(new FakeDataplane(), (high, low) -> NextHop.NONE, Support.RELEASE,
            TcpState.defaults());
        served(socket, new DirectorCommands(table, new PacketFates(List::of)), () -> {
            assertEquals(0, run(socket, "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1 -m -w 3\n",
                "ipvsadm", "-R"));
            assertEquals(0, run(socket, "", "ipvsadm-save", "-n"));
            assertEquals("-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 3\n",
                out.toString(StandardCharsets.UTF_8));
            assertEquals(255, run(socket, "", "ipvsadm", "-A", "-t", "10.0.0.1:80"));
            assertEquals("Service already exists\n", err.toString(StandardCharsets.UTF_8));
            assertEquals(0, run(socket, "# nothing\n", "ipvsadm-restore"));
            assertEquals(0, table.services().size());
            assertEquals(2, run(socket, "", "nosuch"));
        });
    }

    @Test
    void withoutADirectorThereIsOneSentence(@TempDir final Path directory) throws IOException {
        final Path socket = directory.resolve("none.sock");
        assertEquals(2, run(socket, "", "ipvsadm", "-Ln"));
        assertEquals("No director answers at " + socket + "; start one with: ringmaster run --interface IF --socket "
            + socket + "\n", err.toString(StandardCharsets.UTF_8));
        err.reset();
        Files.writeString(socket, "");
        assertEquals(2, run(socket, "", "ipvsadm", "-Ln"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("No director answers at "));
    }

    @Test
    void longRepliesComeWhole(@TempDir final Path directory) throws Exception {
        final String text = "line\t\"of\" text \u00e9\n".repeat(300_000);
        final Path socket = directory.resolve("control.sock");
        served(socket, new Fixed(Reply.of(text)), () -> assertEquals(0, run(socket, "", "x")));
        assertEquals(text, out.toString(StandardCharsets.UTF_8));
    }

    /** What a long command says while it works is shown on the terminal, each in the place of the one before. */
    @Test
    void progressIsShownToPeopleAndRemoved(@TempDir final Path directory) throws Exception {
        final Path socket = directory.resolve("control.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            final Thread director = new Thread(() -> answerInPieces(server));
            director.start();
            assertEquals(1, run(socket, "", "table", "check"));
            director.join();
        }
        assertEquals("\r\033[Ktable check: 5 % of 8\r\033[Ktable check: 60 %\r\033[K",
            err.toString(StandardCharsets.UTF_8));
        assertEquals("faults\n", out.toString(StandardCharsets.UTF_8));
    }

    private static void answerInPieces(final ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            // Lines do not keep to what one read gives.
            for (final String piece : List.of("{\"progress\":\"table check: 5 % of 8\"}\n{\"progress\":\"table",
                " check: 60 %\"}\n{\"exit\":1,\"out\":\"fau", "lts\\n\",\"err\":\"\"}\n")) {
                client.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
                Thread.sleep(20);
            }
        } catch (final IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theTableIsChecked(@TempDir final Path directory) throws Exception {
        final FakeDataplane dataplane = new FakeDataplane();
        final ServiceTable table = new ServiceTable(dataplane, (high, low) -> NextHop.NONE, Support.RELEASE,
            TcpState.defaults());
        final Path socket = directory.resolve("control.sock");
        served(socket, new DirectorCommands(table, new PacketFates(List::of)), () -> {
            assertEquals(0, run(socket, "", "table", "check"));
            assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("table check: clean\n"));
            assertEquals(2, run(socket, "", "table", "chekc"));
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("ringmaster table takes"));
        });
    }

    @Property(tries = 200)
    void everyTextSurvivesTheWayThereAndBack(@ForAll final String text) throws IOException {
        final String json = "{\"exit\":12,\"out\":" + ReplyReader.quoted(text) + ",\"err\":\"\"}\n";
        assertEquals(text, ReplyReader.of(json).out());
        assertEquals(12, ReplyReader.of(json).exit());
    }

    @Test
    void whatIsNoReplyIsTold() {
        for (final String line : List.of("", "\n", "{", "{}", "[]", "{\"exit\":}", "{\"exit\":1", "{\"out\":\"x\"}",
            "{\"exit\":1,\"out\":\"x", "{\"exit\":1,\"else\":\"x\"}", "{\"exit\":1,\"out\":\"\\u12")) {
            assertThrows(IOException.class, () -> ReplyReader.of(line), line);
        }
    }

    /** Answers everything alike. */
    private record Fixed(Reply reply) implements Commands {
        @Override
        public Reply run(final Request request) {
            return reply;
        }

        @Override
        public long version() {
            return 0;
        }

        @Override
        public boolean settled(final long version) {
            return true;
        }
    }
}
