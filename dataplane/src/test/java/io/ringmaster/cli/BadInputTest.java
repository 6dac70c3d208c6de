package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.ringmaster.control.Caller;
import io.ringmaster.verb.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The rows of bad-input.txt: a sentence, the documented exit code, and nothing changed. */
class BadInputTest {
    private static final Caller ONLY_LOOKS = new Caller("monitor", 4711, false);
    @TempDir
    private static Path folder;
    private static ServedDirector director;

    private static void start(final ServedDirector next) {
        stop();
        director = next;
    }

    /** One that can reload. */
    private static ServedDirector configured() {
        try {
            return ServedDirector.withConfig(Files.writeString(folder.resolve("running.yaml"),
                "sysctls:\n  expire_nodest_conn: 0\nservices: []\n"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        if (director != null) {
            director.close();
        }
    }

    private static Stream<DynamicTest> each(final String section, final Check check) {
        return BadInput.ROWS.stream().filter(row -> row.is(section)).map(row -> dynamicTest(row.line(), () -> {
            director.callers(Caller.SELF);
            final String rules = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 1\n";
            assertEquals(0, director.run(rules, 0, "ipvsadm-restore").exit());
            director.run("mark", "del", "--mark", "1", "--destination", "10.9.0.0/16");
            director.run("mark", "add", "--mark", "5", "--destination", "10.5.0.0/16", "--protocol", "tcp", "--port",
                "80");
            director.run("sysctl", "expire_nodest_conn=0");
            director.run("ipvsadm", "--set", "900", "120", "300");
            check.of(row);
        }));
    }

    /** What is looked at. */
    private interface Check {
        void of(BadInput.Row row) throws Exception;
    }

    /** Everything that a command can change. */
    private static String state() {
        director.callers(Caller.SELF);
        return director.run("ipvsadm", "-Sn").out() + director.run("mark", "list").out()
            + director.run("sysctl", "-a").out() + director.run("ipvsadm", "-Ln", "--timeout").out();
    }

    @TestFactory
    Stream<DynamicTest> wordsThatMakeNoSense() {
        start(ServedDirector.start());
        return each("[bad]", row -> {
            final String before = state();
            final ServedDirector.Answer answer = BadInput.run(director, row.args());
            assertEquals(row.exit(), answer.exit(), answer::toString);
            assertTrue(answer.err().contains(row.words()), answer::toString);
            assertTrue(answer.exit() == 0 || !answer.err().isBlank(), "a sentence tells");
            assertEquals(before, state(), "nothing changed");
        });
    }

    @TestFactory
    Stream<DynamicTest> whoMayOnlyLookChangesNothing() {
        start(configured());
        return each("[change]", row -> {
            final String before = state();
            director.callers(ONLY_LOOKS);
            final ServedDirector.Answer answer = BadInput.ask(director, row);
            assertEquals(ExitCode.NOT_PERMITTED, answer.exit(), answer::toString);
            assertTrue(answer.err().startsWith("As user 4711 (monitor) you may look at this director, not change it"),
                answer::toString);
            assertEquals(before, state(), "nothing changed");
            director.callers(Caller.SELF);
            final ServedDirector.Answer done = BadInput.ask(director, row);
            assertEquals(0, done.exit(), done::toString);
        });
    }

    @TestFactory
    Stream<DynamicTest> whoMayOnlyLookLooks() {
        start(configured());
        return each("[look]", row -> {
            director.callers(ONLY_LOOKS);
            final ServedDirector.Answer answer = BadInput.ask(director, row);
            assertEquals(0, answer.exit(), answer::toString);
        });
    }

    @TestFactory
    Stream<DynamicTest> withoutADirector() {
        start(configured());
        final Path nowhere = director.socket().resolveSibling("nowhere");
        return Stream.concat(each("[change]", row -> alone(row, nowhere)), each("[look]", row -> alone(row, nowhere)));
    }

    private static void alone(final BadInput.Row row, final Path socket) {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int exit = new ThinClient(socket, new ByteArrayInputStream(new byte[0]), new PrintStream(err),
            new PrintStream(err)).run(List.of(row.args()), 0);
        assertEquals(ExitCode.USAGE, exit);
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("No director answers at " + socket), err::toString);
    }
}
