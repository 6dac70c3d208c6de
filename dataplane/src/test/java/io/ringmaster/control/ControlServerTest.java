package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients can do to the control socket, and what it tells them. Polled by hand, with a clock that is set. */
final class ControlServerTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int POLLS = 2_000;

    @TempDir
    private Path directory;
    private long nowNs;
    private ControlServer server;
    private final EchoCommands echo = new EchoCommands();
    private final List<SocketChannel> clients = new ArrayList<>();

    private ControlServer open() {
        server = ControlServer.open(directory.resolve("run/control.sock"), echo, () -> nowNs);
        return server;
    }

    @AfterEach
    void close() throws IOException {
        for (final SocketChannel client : clients) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private SocketChannel client() throws IOException {
        final SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(server.path()));
        client.configureBlocking(false);
        clients.add(client);
        return client;
    }

    private static void send(final SocketChannel client, final String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            assertTrue(client.write(bytes) > 0, "the kernel's buffer takes it");
        }
    }

    /** Polls until a line came; empty if the server hung up first, null if neither happened. */
    private String answer(final SocketChannel client) throws IOException {
        final StringBuilder text = new StringBuilder();
        final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < POLLS; i++) {
            server.poll();
            final int got = client.read(buffer.clear());
            if (got < 0) {
                return text.toString();
            }
            text.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
            if (text.indexOf("\n") >= 0) {
                return text.toString();
            }
        }
        return null;
    }

    @Test
    void requestsOfOneClientAreAnsweredInTurn() throws IOException {
        open();
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"say\",\"a \\\"b\\\"\"],"
            + "\"stdin\":\"x\\ny\",\"columns\":80,\"terminal\":true}\n"
            + "{\"version\":1,\"args\":[\"more\"],\"later\":{\"unknown\":[1]}}\n");
        assertEquals("{\"exit\":7,\"out\":\"[say, a \\\"b\\\"] x\\ny 80 true\",\"err\":\"\"}\n", answer(client));
        assertEquals("{\"exit\":7,\"out\":\"[more]  0 false\",\"err\":\"\"}\n", answer(client));
    }

    @Test
    void aRequestMayComeByteByByteAndThePeerMayStopSending() throws IOException {
        open();
        final SocketChannel client = client();
        for (final char c : "{\"version\":1,\"args\":[\"slow\"]}\n".toCharArray()) {
            send(client, String.valueOf(c));
            server.poll();
        }
        client.shutdownOutput();
        assertTrue(answer(client).contains("[slow]"));
        assertEquals("", answer(client), "then the server hangs up");
    }

    @Test
    void halfACharacterIsAnsweredToo() throws IOException {
        open();
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"say\",\"<\\ud800> <\\ud83d\\ude00>\"]}\n");
        assertEquals("{\"exit\":7,\"out\":\"[say, <?> <\ud83d\ude00>]  0 false\",\"err\":\"\"}\n", answer(client));
    }

    @Test
    void theSocketIsForItsUserOnlyAndRemovedAtTheEnd() throws IOException {
        open();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.path())));
        assertEquals(1, Files.list(server.path().getParent()).count());
        server.close();
        assertFalse(Files.exists(server.path()));
    }

    @Test
    void aPathOfALivingDirectorIsRefusedAndThatOfADeadOneTakenOver() throws IOException {
        final Path path = open().path();
        final String sentence = assertThrows(ControlException.class,
            () -> ControlServer.open(path, echo, () -> nowNs)).getMessage();
        assertTrue(sentence.startsWith("Another director is running and listens on " + path), sentence);
        final Path kept = path.resolveSibling("kept");
        Files.createLink(kept, path);
        server.close();
        Files.move(kept, path);
        assertTrue(Files.exists(path), "as kill -9 leaves it");
        open();
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
        assertTrue(answer(client).contains("[x]"));
    }

    @Test
    void aPathThatIsNoSocketOrTooLongIsRefused() throws IOException {
        final Path file = Files.writeString(directory.resolve("file"), "precious");
        String sentence = assertThrows(ControlException.class,
            () -> ControlServer.open(file, echo, () -> nowNs)).getMessage();
        assertTrue(sentence.contains("exists and is no socket"), sentence);
        assertEquals("precious", Files.readString(file));
        sentence = assertThrows(ControlException.class,
            () -> ControlServer.open(directory.resolve("x".repeat(120)), echo, () -> nowNs)).getMessage();
        assertTrue(sentence.contains("too long"), sentence);
    }

    @Test
    void whatIsNoRequestIsToldSoAndHungUpOn() throws IOException {
        open();
        for (final String garbage : List.of("hello", "", "[]", "{", "{}", "{\"version\":1,\"args\":[]}",
            "{\"version\":1,\"args\":\"x\"}", "{\"version\":1,\"args\":[1]}", "{\"version\":1,\"args\":[\"x\"]} x",
            "{\"version\":1,\"args\":[\"x\"],\"args\":[\"y\"]}",
            "{\"version\":1,\"args\":[\"x\"],\"stdin\":5}", "\0\1\2", "[".repeat(50_000))) {
            final SocketChannel client = client();
            send(client, garbage + "\n");
            final String answer = answer(client);
            assertTrue(answer.startsWith("{\"exit\":2,\"out\":\"\",\"err\":\"This is no request: "), answer);
            assertEquals("", answer(client));
        }
        assertEquals(0, echo.runs);
    }

    @Test
    void anEndlessRequestIsCutOff() throws IOException {
        open();
        final SocketChannel client = client();
        final ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        long sent = 0;
        boolean cut = false;
        while (!cut && sent < 4L * Messages.LONGEST_REQUEST_BYTES) {
            try {
                sent += client.write(zeros.clear());
            } catch (final IOException e) {
                cut = true;
            }
            server.poll();
        }
        assertTrue(cut, "the server hung up");
        assertTrue(sent < 2L * Messages.LONGEST_REQUEST_BYTES, sent + " bytes were taken");
        assertOthersAreServed();
    }

    @Test
    void silentAndSlowClientsAreTimedOut() throws IOException {
        open();
        final SocketChannel silent = client();
        final SocketChannel halfWay = client();
        send(halfWay, "{\"version\":1,\"args\":[");
        server.poll();
        nowNs += 11 * SECOND_NS;
        assertEquals("", answer(silent));
        assertTrue(answer(halfWay).contains("no newline came for 10 seconds"));
    }

    @Test
    void aClientThatDoesNotReadIsTimedOut() throws IOException {
        open();
        echo.output = "x".repeat(8 << 20);
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"much\"]}\n");
        for (int i = 0; i < 10; i++) {
            server.poll();
        }
        assertOthersAreServed();
        nowNs += 11 * SECOND_NS;
        server.poll();
        final ByteBuffer sink = ByteBuffer.allocate(1 << 20);
        long got = 0;
        for (int n = client.read(sink); n > 0; n = client.read(sink.clear())) {
            got += n;
        }
        assertTrue(got < 8 << 20, "the reply was given up");
    }

    @Test
    void theClientThatIsSilentLongestGivesWay() throws IOException {
        open();
        for (int i = 0; i < ControlServer.MOST_CLIENTS; i++) {
            client();
            server.poll();
            nowNs += i == 0 ? SECOND_NS / 50 : 0;
        }
        final SocketChannel last = client();
        send(last, "{\"version\":1,\"args\":[\"x\"]}\n");
        server.poll();
        server.poll();
        assertEquals(0, echo.runs, "nobody has been silent for long");
        nowNs += SECOND_NS / 25;
        assertTrue(answer(last).startsWith("{\"exit\":7"));
        assertTrue(answer(clients.getFirst()).contains("gave this client's place to another"));
        final ByteBuffer nothing = ByteBuffer.allocate(10);
        assertEquals(0, clients.get(1).read(nothing), "one place was enough");
    }

    /** As by 128 live screens: whoever comes then is served, and one of them is told. */
    @Test
    void commandsWithoutEndGiveWayAfterAWhile() throws IOException {
        open();
        for (int i = 0; i < ControlServer.MOST_CLIENTS; i++) {
            final SocketChannel client = client();
            send(client, "{\"version\":1,\"args\":[\"endless\"]}\n");
            server.poll();
        }
        for (int i = 0; i < 20; i++) {
            server.poll();
        }
        assertEquals(ControlServer.MOST_CLIENTS, echo.talking);
        final SocketChannel last = client();
        send(last, "{\"version\":1,\"args\":[\"x\"]}\n");
        server.poll();
        assertEquals(0, echo.runs, "all of them are young");
        nowNs += 11 * SECOND_NS;
        assertTrue(answer(last).startsWith("{\"exit\":7"));
        assertEquals(ControlServer.MOST_CLIENTS - 1, echo.talking);
        final StringBuilder told = new StringBuilder();
        for (final SocketChannel client : clients.subList(0, ControlServer.MOST_CLIENTS)) {
            final ByteBuffer line = ByteBuffer.allocate(1_000);
            client.read(line);
            told.append(new String(line.array(), 0, line.position(), StandardCharsets.UTF_8));
        }
        assertTrue(told.indexOf("gave this client's place to another") > 0, told::toString);
    }

    @Test
    void aReplyWaitsForTheWorkersButNotForEver() throws IOException {
        open();
        echo.version = 5;
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
        for (int i = 0; i < 10; i++) {
            server.poll();
        }
        assertEquals(1, echo.runs);
        assertEquals(0, client.read(ByteBuffer.allocate(10)), "workers have not applied it");
        echo.settled = 5;
        assertTrue(answer(client).startsWith("{\"exit\":7"));
        echo.version = 6;
        send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
        server.poll();
        nowNs += 6 * SECOND_NS;
        assertTrue(answer(client).contains("not all workers have taken it over within 5 seconds"));
    }

    @Test
    void aCommandThatFailsDoesNotEndTheDirector() throws IOException {
        open();
        echo.failure = new IllegalStateException("a bug");
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
        assertTrue(answer(client).contains("The director failed on this command"));
        echo.failure = null;
        assertOthersAreServed();
    }

    @Test
    void aLongOutputIsMadeAsTheClientTakesIt() throws IOException {
        open();
        final int pieces = 1_500;
        final int[] made = {0};
        echo.rest = Stream.generate(() -> "piece " + made[0]++ + "\n" + "x".repeat(1000)).limit(pieces).iterator();
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
        for (int i = 0; i < POLLS; i++) {
            server.poll();
        }
        assertTrue(made[0] < pieces / 2, made[0] + " pieces made for a client that reads nothing");
        final StringBuilder lines = new StringBuilder(answer(client));
        while (lines.indexOf("{\"exit\"") < 0) {
            lines.append(answer(client));
        }
        final String reply = lines.toString();
        assertEquals(pieces, made[0]);
        assertTrue(reply.contains("[x]"), "the first piece");
        assertTrue(reply.contains("piece 1499\\nx"), "the last piece");
        assertTrue(reply.endsWith("x\"}\n{\"exit\":7,\"out\":\"\",\"err\":\"\"}\n"), "the end");
        echo.rest = Collections.emptyIterator();
        assertOthersAreServed();
    }

    @Test
    void aCommandThatTakesTooMuchMemoryIsAnsweredAndRunOnce() throws IOException {
        open();
        echo.failure = new OutOfMemoryError("Java heap space");
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
        assertTrue(answer(client).contains("The director failed on this command"));
        assertEquals(1, echo.runs);
        echo.failure = null;
        assertOthersAreServed();
    }

    @Test
    void aClientThatVanishesIsForgotten() throws IOException {
        open();
        for (int i = 0; i < 3 * ControlServer.MOST_CLIENTS; i++) {
            final SocketChannel client = client();
            send(client, "{\"version\":1,\"args\":[\"x\"]}\n");
            client.close();
            server.poll();
        }
        assertOthersAreServed();
    }

    private void assertOthersAreServed() throws IOException {
        final int output = echo.output.length();
        echo.output = "";
        final SocketChannel client = client();
        send(client, "{\"version\":1,\"args\":[\"still\",\"there\"]}\n");
        assertTrue(answer(client).contains("[still, there]"), output + " bytes before");
    }
}
