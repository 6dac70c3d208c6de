package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Commands;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import java.io.ByteArrayInputStream;
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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client that the shell starts, against a served socket. */
final class ThinClientTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(final Path socket, final String stdin, final String... args) {
        return new ThinClient(socket, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(List.of(args), 80);
    }

    @Test
    void rulesGoInAndListingsComeOut() {
        try (ServedDirector director = ServedDirector.start()) {
            assertEquals(0, director.run("-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1 -m -w 3\n", 0,
                "ipvsadm", "-R").exit());
            assertEquals(new ServedDirector.Answer(0,
                "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 3\n", ""),
                director.run("ipvsadm-save", "-n"));
            assertEquals(new ServedDirector.Answer(255, "", "Service already exists\n"),
                director.run("ipvsadm", "-A", "-t", "10.0.0.1:80"));
            assertEquals(0, director.run("# nothing\n", 0, "ipvsadm-restore").exit());
            assertEquals(0, director.table().services().size());
            assertEquals(2, director.run("nosuch").exit());
        }
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
    void aSocketThatCannotBeIsNotLookedFor(@TempDir final Path directory) {
        final Path socket = directory.resolve("x".repeat(108));
        assertEquals(2, run(socket, "", "ipvsadm", "-Ln"));
        assertEquals("A socket's path has at most 107 bytes, and " + socket + " has " + socket.toString().length()
            + "; name the director's with --socket.\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void longRepliesComeWhole() {
        final String text = "line\t\"of\" text \u00e9\n".repeat(300_000);
        try (ServedDirector director = ServedDirector.of(new Fixed(Reply.of(text)))) {
            assertEquals(new ServedDirector.Answer(0, text, ""), director.run("x"));
        }
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
    void theTableIsChecked() {
        try (ServedDirector director = ServedDirector.start()) {
            final ServedDirector.Answer answer = director.run("table", "check");
            assertEquals(0, answer.exit());
            assertTrue(answer.out().endsWith("table check: clean\n"));
            assertEquals(2, director.run("table", "chekc").exit());
        }
    }

    @Property(tries = 200)
    void everyTextSurvivesTheWayThereAndBack(@ForAll final String text) throws IOException {
        final byte[] json = ("{\"exit\":12,\"out\":" + ReplyLine.quoted(text) + ",\"err\":\"\"}")
            .getBytes(StandardCharsets.UTF_8);
        // What is no text, halves of pairs, is none on the way either.
        assertEquals(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8),
            new String(ReplyLine.of(json, json.length).out(), StandardCharsets.UTF_8));
        assertEquals(12, ReplyLine.of(json, json.length).exit());
    }

    @Test
    void whatIsNoReplyIsTold() {
        for (final String line : List.of("", "{", "[]", "{\"exit\":}", "{\"exit\":1", "{\"exit\":1,\"out\":\"x",
            "{\"exit\":1,\"else\":\"x\"}", "{\"exit\":1,\"out\":\"\\u12", "{\"bytes\":\"!\"}")) {
            final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            assertThrows(IOException.class, () -> ReplyLine.of(bytes, bytes.length), line);
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
