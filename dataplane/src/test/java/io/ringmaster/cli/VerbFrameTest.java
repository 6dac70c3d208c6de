package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.capture.Captures;
import io.ringmaster.connection.TcpState;
import io.ringmaster.control.Caller;
import io.ringmaster.control.Commands;
import io.ringmaster.control.Conversation;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Startup;
import io.ringmaster.service.NextHop;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.ClientGoneException;
import io.ringmaster.verb.DirectorParts;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import io.ringmaster.verb.VerbLine;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a verb may do, through the program's own client and a served socket. */
@Timeout(600)
class VerbFrameTest {
    private final Served served = new Served();
    private final ServedDirector director = ServedDirector.of(served);

    @AfterEach
    void close() {
        director.close();
    }

    @Test
    void linesStreamWithoutEnd() {
        final ServedDirector.Answer answer = director.run("try", "lines");
        assertEquals(0, answer.exit(), answer::err);
        assertEquals(300_000, answer.out().lines().count());
        assertTrue(answer.out().endsWith("{\"line\":299999}\n"));
    }

    @Test
    void standardInputComesWhenItIsRead() {
        final String text = "one \u00e9 line\n".repeat(50_000);
        assertEquals(new ServedDirector.Answer(0, "50000 lines, 550000 characters\n", ""),
            director.run(text, 0, "try", "stdin"));
    }

    @Test
    void bytesComeAsTheyAre() {
        final ServedDirector.Answer answer = director.run("try", "bytes");
        assertEquals(100_000, answer.out().length());
        assertEquals("PK", answer.out().substring(0, 2));
    }

    @Test
    void progressIsForTerminalsAndWarningsForAll() {
        assertEquals(new ServedDirector.Answer(0, "before\nafter\n", "careful\n"), director.run("try", "progress"));
        final String err = director.run("", 80, "try", "progress").err();
        assertTrue(err.contains("half way"), err);
        assertTrue(err.endsWith("careful\n"), err);
    }

    @Test
    void whatGoesWrongHasItsExitCode() {
        assertEquals(new ServedDirector.Answer(1, "", "No such thing\n"), director.run("try", "refused"));
        assertEquals(new ServedDirector.Answer(2, "",
            "a and b exclude each other.\nTry 'ringmaster try --help' for more information.\n"),
            director.run("try", "usage"));
        assertEquals(new ServedDirector.Answer(2, "",
            "Unknown option: '--hwat=x'. Did you mean --what?\nTry 'ringmaster try --help' for more information.\n"),
            director.run("try", "--hwat=x"));
        final ServedDirector.Answer failed = director.run("try", "failed");
        assertEquals(255, failed.exit());
        assertTrue(failed.err().startsWith("The director failed on this command ("), failed.err());
        assertEquals(7, director.run("try", "exit").exit());
    }

    @Test
    void helpIsTheDirectorsToo() {
        final ServedDirector.Answer answer = director.run("try", "--help");
        assertEquals(0, answer.exit());
        assertTrue(answer.out().startsWith("Usage: ringmaster try "), answer.out());
        assertTrue(answer.out().contains("--json"), answer.out());
    }

    @Test
    void changesWaitForTheWorkersAndAreForThoseWhoMay() {
        served.settledAfter = 3;
        assertEquals(new ServedDirector.Answer(0, "changed\n", ""), director.run("try", "change"));
        served.caller = new Caller("nobody", 65534, false);
        final ServedDirector.Answer refused = director.run("try", "change");
        assertEquals(3, refused.exit());
        assertTrue(refused.err().startsWith("As user 65534 (nobody) you may look at this director, not change it"),
            refused.err());
        assertEquals(1, served.changes);
    }

    @Test
    void aVerbEndsWithItsClient() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(director.socket()))) {
            channel.write(ByteBuffer.wrap("{\"version\":1,\"args\":[\"try\",\"forever\"]}\n"
                .getBytes(StandardCharsets.UTF_8)));
            assertTrue(channel.read(ByteBuffer.allocate(100)) > 0);
        }
        assertTrue(served.gone.await(60, TimeUnit.SECONDS), "the verb was told");
    }

    /** Does as it is told. */
    @Command(name = "try")
    static final class Try extends Verb {
        private final Served served;

        @Option(names = "--what")
        private String what;

        @picocli.CommandLine.Parameters(defaultValue = "exit")
        private String deed;

        Try(final Served served) {
            this.served = served;
        }

        @Override
        public int run(final Call call) throws IOException {
            switch (deed) {
                case "lines" -> {
                    for (int i = 0; i < 300_000; i++) {
                        final int number = i;
                        call.json(json -> json.writeNumberField("line", number));
                    }
                }
                case "stdin" -> {
                    long lines = 0;
                    long characters = 0;
                    for (String line = call.stdin().readLine(); line != null; line = call.stdin().readLine()) {
                        lines++;
                        characters += line.length() + 1;
                    }
                    call.println(lines + " lines, " + characters + " characters");
                }
                case "bytes" -> call.write("PK".repeat(50_000).getBytes(StandardCharsets.US_ASCII), 0, 100_000);
                case "progress" -> {
                    call.println("before");
                    call.progress("half way");
                    call.println("after");
                    call.warn("careful");
                }
                case "refused" -> throw new RefusedException("No such thing");
                case "usage" -> throw new UsageException("a and b exclude each other.");
                case "failed" -> throw new IllegalStateException("a bug");
                case "change" -> call.println(call.change(_ -> served.changed()));
                case "forever" -> forever(call);
                default -> {
                    return 7;
                }
            }
            return 0;
        }

        private void forever(final Call call) {
            assertThrows(ClientGoneException.class, () -> {
                while (true) {
                    call.println("still here");
                    call.pause(10);
                }
            });
            served.gone.countDown();
        }
    }

    /** A director with the one verb. */
    private static final class Served implements Commands {
        private final CountDownLatch gone = new CountDownLatch(1);
        private final VerbLine line = new VerbLine(_ -> new Try(this), this,
            new DirectorParts(new ServiceTable(new FakeDataplane(), (high, low) -> NextHop.NONE, TcpState.defaults()),
                null, Startup.UNKNOWN, Optional.empty(), Captures.none()));
        private volatile Caller caller = Caller.SELF;
        private volatile int settledAfter;
        private volatile int changes;

        private String changed() {
            changes++;
            return "changed";
        }

        @Override
        public Optional<Conversation> converse(final Request request, final Runnable wake) {
            return Optional.of(line.begin(new Request(request.args(), null, request.columns(), request.terminal(),
                caller), wake));
        }

        @Override
        public Reply run(final Request request) {
            throw new AssertionError("not asked");
        }

        @Override
        public long version() {
            return changes;
        }

        @Override
        public boolean settled(final long version) {
            return settledAfter-- <= 0;
        }
    }
}
