package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.ringmaster.control.Caller;
import io.ringmaster.director.Settings;
import io.ringmaster.verb.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rows of bad-input.txt: a sentence, the documented exit code, and nothing changed. */
class BadInputTest {
    private static final List<Row> ROWS = rows();
    private static final Caller ONLY_LOOKS = new Caller("monitor", 4711, false);
    private static ServedDirector director;

    /**
     * A row of the table.
     *
     * @param section of the table.
     * @param line    the command line.
     * @param exit    code; -1 where the section tells.
     * @param words   part of the sentence.
     */
    private record Row(String section, String line, int exit, String words) {
        String[] args() {
            return Arrays.stream(line.split(" +")).map(word -> word.replace('~', ' ')).toArray(String[]::new);
        }
    }

    private static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        String section = "";
        try (InputStream file = BadInputTest.class.getResourceAsStream("/cli/bad-input.txt")) {
            for (final String text : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (text.startsWith("[")) {
                    section = text;
                } else if (!text.isBlank() && !text.startsWith("#")) {
                    final String[] columns = text.split(" \\| ");
                    rows.add(new Row(section, columns[0].strip(), columns.length < 2 ? -1
                        : Integer.parseInt(columns[1].strip()), columns.length < 3 ? "" : columns[2].strip()));
                }
            }
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }

    @BeforeAll
    static void start() {
        director = ServedDirector.start();
    }

    @AfterAll
    static void stop() {
        director.close();
    }

    private static Stream<DynamicTest> each(final String section, final Check check) {
        return ROWS.stream().filter(row -> row.section.equals(section)).map(row -> dynamicTest(row.line, () -> {
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
        void of(Row row) throws Exception;
    }

    /** Everything that a command can change. */
    private static String state() {
        director.callers(Caller.SELF);
        return director.run("ipvsadm", "-Sn").out() + director.run("mark", "list").out()
            + director.run("sysctl", "-a").out() + director.run("ipvsadm", "-Ln", "--timeout").out();
    }

    @TestFactory
    Stream<DynamicTest> wordsThatMakeNoSense() {
        return each("[bad]", row -> {
            final String before = state();
            final ServedDirector.Answer answer = run(row.args());
            assertEquals(row.exit, answer.exit(), answer::toString);
            assertTrue(answer.err().contains(row.words), answer::toString);
            assertTrue(answer.exit() == 0 || !answer.err().isBlank(), "a sentence tells");
            assertEquals(before, state(), "nothing changed");
        });
    }

    @TestFactory
    Stream<DynamicTest> whoMayOnlyLookChangesNothing() {
        return each("[change]", row -> {
            final String before = state();
            director.callers(ONLY_LOOKS);
            final ServedDirector.Answer answer = run(row.args());
            assertEquals(ExitCode.NOT_PERMITTED, answer.exit(), answer::toString);
            assertTrue(answer.err().startsWith("As user 4711 (monitor) you may look at this director, not change it"),
                answer::toString);
            assertEquals(before, state(), "nothing changed");
            director.callers(Caller.SELF);
            final ServedDirector.Answer done = run(row.args());
            assertEquals(0, done.exit(), done::toString);
        });
    }

    @TestFactory
    Stream<DynamicTest> whoMayOnlyLookLooks() {
        return each("[look]", row -> {
            director.callers(ONLY_LOOKS);
            final ServedDirector.Answer answer = run(row.args());
            assertEquals(0, answer.exit(), answer::toString);
        });
    }

    @TestFactory
    Stream<DynamicTest> withoutADirector() {
        final Path nowhere = director.socket().resolveSibling("nowhere");
        return Stream.concat(each("[change]", row -> alone(row, nowhere)), each("[look]", row -> alone(row, nowhere)));
    }

    private static void alone(final Row row, final Path socket) {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int exit = new ThinClient(socket, new ByteArrayInputStream(new byte[0]), new PrintStream(err),
            new PrintStream(err)).run(List.of(row.args()), 0);
        assertEquals(ExitCode.USAGE, exit);
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("No director answers at " + socket), err::toString);
    }

    @Test
    void eachVerbHasRows() {
        final Set<Verbs> missing = EnumSet.allOf(Verbs.class);
        ROWS.forEach(row -> missing.remove(Verbs.of(row.args()[0])));
        assertEquals(Set.of(), missing);
    }

    /** As the program does it. */
    private static ServedDirector.Answer run(final String... args) {
        final Verbs verb = Verbs.of(args[0]);
        if (args[0].startsWith("ipvsadm-") || verb != null && verb.by() != Verbs.By.PROGRAM) {
            return director.run(args);
        }
        final StringWriter text = new StringWriter();
        final int exit = Ringmaster.execute(List.of(args), Path.of("/nowhere"), 0, new Nothing(),
            new PrintWriter(text, true));
        return new ServedDirector.Answer(exit, "", text.toString());
    }

    /** Nothing is to be started. */
    private static final class Nothing implements Programs {
        @Override
        public int run(final Settings settings, final Kept kept) {
            throw new AssertionError("a director was started: " + settings);
        }

        @Override
        public int demo(final DemoSettings settings) {
            throw new AssertionError("the demo was started: " + settings);
        }

        @Override
        public int decap(final String interfaceName, final int guePort) {
            throw new AssertionError("decap was started on " + interfaceName);
        }

        @Override
        public int printDecapObject(final Path file) {
            throw new AssertionError("the object was written to " + file);
        }
    }
}
