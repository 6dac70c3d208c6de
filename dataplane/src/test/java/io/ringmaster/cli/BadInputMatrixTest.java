package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.verb.ExitCode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Nothing is missing in bad-input.txt: each verb with each kind of mistake, each option with each of its own. */
class BadInputMatrixTest {
    private static final List<String> CATEGORIES = List.of("missing", "malformed", "range", "twice", "contradictory",
        "absent");
    private static final Set<String> OF_VALUES = Set.of("malformed", "range", "contradictory", "absent");
    private static ServedDirector director;

    @BeforeAll
    static void start() {
        director = ServedDirector.start();
    }

    @AfterAll
    static void stop() {
        director.close();
    }

    /** Whether a row begins with some words. */
    private static boolean begins(final BadInput.Row row, final String words) {
        return (row.line() + " ").startsWith(words + " ");
    }

    private static Stream<BadInput.Row> rows(final String section, final String words) {
        return BadInput.ROWS.stream().filter(row -> row.is(section) && begins(row, words));
    }

    @Test
    void eachVerbHasEachCategoryOrAReason() {
        final List<String> wrong = new ArrayList<>(BadInput.ROWS.stream().filter(row -> row.is("[bad]")
            && !CATEGORIES.contains(row.category()) && !row.category().equals("unknown"))
            .map(row -> "a row without a category of the table's: " + row.line()).toList());
        for (final Verbs verb : Verbs.values()) {
            final Set<String> excused = new TreeSet<>();
            BadInput.ROWS.stream().filter(row -> row.is("[none]") && row.line().equals(verb.word()))
                .forEach(row -> excused.addAll(Arrays.asList(row.category().split(", "))));
            for (final String category : CATEGORIES) {
                final boolean there = rows("[bad]", verb.word()).anyMatch(row -> row.category().equals(category));
                if (there == excused.contains(category)) {
                    wrong.add(verb.word() + " " + category + (there ? ": there is a row, and a reason why not"
                        : ": neither a row nor a reason"));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** What changes something says so in its help, by the exit code of those who may not. */
    @Test
    void whoMayOnlyLookAsksForEachCommand() {
        final List<String> wrong = new ArrayList<>();
        CommandTree.all().forEach((words, line) -> {
            if (CommandTree.by(words) == Verbs.By.PROGRAM || !line.getSubcommands().isEmpty()) {
                return;
            }
            final boolean changes = String.join(" ", line.getCommandSpec().usageMessage().footer()).replaceAll("\\s+",
                " ").contains("3 not permitted");
            final boolean asked = rows("[change]", words).findAny().isPresent();
            if (changes != asked) {
                wrong.add(words + (changes ? ": documents exit code 3, and nobody who may only look asks for it"
                    : ": changes something, and its help says nothing of exit code 3"));
            }
            if (!asked && rows("[look]", words).findAny().isEmpty()
                && rows("[bad]", words).noneMatch(row -> row.exit() == ExitCode.REFUSED)) {
                wrong.add(words + ": nobody who may only look asks for it");
            }
        });
        assertEquals(List.of(), wrong);
    }

    /** Without those of ipvsadm, which is judged by what the kernel's own program said, and of bench, not here. */
    private static Map<String, CommandLine> commands() {
        final Map<String, CommandLine> commands = CommandTree.all();
        commands.entrySet().removeIf(each -> CommandTree.by(each.getKey()) == Verbs.By.WORDS
            || each.getKey().equals(Verbs.BENCH.word()) || !each.getValue().getSubcommands().isEmpty());
        return commands;
    }

    private static List<OptionSpec> options(final CommandLine line) {
        return line.getCommandSpec().options().stream().filter(option -> !option.usageHelp() && !option.versionHelp())
            .toList();
    }

    private static ServedDirector.Answer run(final String words) {
        return BadInput.run(director, words.split(" "));
    }

    @Test
    void eachOptionWithoutItsValueIsRefused() {
        final List<String> wrong = new ArrayList<>();
        commands().forEach((words, line) -> options(line).stream().filter(option -> option.arity().min() > 0)
            .forEach(option -> {
                final ServedDirector.Answer answer = run(words + " " + option.longestName());
                if (answer.exit() != ExitCode.USAGE || !answer.err().contains("Missing required parameter for option '"
                    + option.longestName() + "'")) {
                    wrong.add(words + " " + option.longestName() + ": " + answer);
                }
            }));
        assertEquals(List.of(), wrong);
    }

    @Test
    void eachOptionThatIsThereTwiceIsRefused() {
        final List<String> wrong = new ArrayList<>();
        commands().forEach((words, line) -> options(line).stream().filter(option -> !option.isMultiValue())
            .forEach(option -> {
                final String one = " " + option.longestName() + value(option);
                final ServedDirector.Answer answer = run(words + one + one);
                if (answer.exit() != ExitCode.USAGE || !answer.err().contains("should be specified only once")) {
                    wrong.add(words + one + one + ": " + answer);
                }
            }));
        assertEquals(List.of(), wrong);
    }

    /** One that its option takes. */
    private static String value(final OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        if (option.type() == Place.class || option.type() == ClientPlace.class) {
            return " 10.0.0.1";
        }
        return " " + (option.type().isEnum() ? option.type().getEnumConstants()[0] : "1");
    }

    @Test
    void eachValueIsJudgedByARowOrHasAReason() {
        final List<String> wrong = new ArrayList<>();
        commands().forEach((words, line) -> {
            for (final OptionSpec option : options(line)) {
                if (option.arity().max() == 0) {
                    continue;
                }
                final boolean row = rows("[bad]", words).anyMatch(each -> OF_VALUES.contains(each.category())
                    && Arrays.stream(option.names()).anyMatch(name -> List.of(each.args()).contains(name)));
                final boolean reason = BadInput.ROWS.stream().anyMatch(each -> each.is("[none]")
                    && each.line().equals(words + " " + option.longestName()));
                if (row == reason) {
                    wrong.add(words + " " + option.longestName() + (row ? ": a row, and a reason why not"
                        : ": neither a row of a wrong value nor a reason"));
                }
            }
            final boolean required = line.getCommandSpec().positionalParameters().stream()
                .anyMatch(operand -> operand.arity().min() > 0);
            if (required && rows("[bad]", words).noneMatch(each -> each.category().equals("missing"))) {
                wrong.add(words + ": its operand is never missing");
            }
            if (required && rows("[bad]", words).noneMatch(each -> OF_VALUES.contains(each.category()))) {
                wrong.add(words + ": its operand is never wrong");
            }
        });
        assertEquals(List.of(), wrong);
    }

    private static Stream<Verbs> asked() {
        return Arrays.stream(Verbs.values()).filter(verb -> verb.by() != Verbs.By.PROGRAM);
    }

    @Test
    void whereThereIsNoDirectorEachVerbSaysSo() {
        final Path nowhere = director.socket().resolveSibling("nowhere");
        asked().forEach(verb -> {
            final ByteArrayOutputStream err = new ByteArrayOutputStream();
            assertEquals(ExitCode.USAGE, new ThinClient(nowhere, new ByteArrayInputStream(new byte[0]),
                new PrintStream(err), new PrintStream(err)).run(List.of(verb.word()), 0), verb.word());
            assertEquals("No director answers at " + nowhere + "; start one with: ringmaster run --interface IF "
                + "--socket " + nowhere + "\n", err.toString(StandardCharsets.UTF_8));
        });
    }

    /** What changes something is not done for one who speaks another language: it might mean something else. */
    @Test
    void requestsOfAnotherVersionAreRefused() throws IOException {
        final List<String> lines = new ArrayList<>(asked().map(Verbs::word).toList());
        BadInput.ROWS.stream().filter(row -> row.is("[change]")).forEach(row -> lines.add(row.line()));
        final String before = director.run("ipvsadm", "-Sn").out() + director.run("sysctl", "-a").out();
        for (final String line : lines) {
            for (final String version : List.of("\"version\":2,", "\"version\":0,", "")) {
                final String answer = asked("{" + version + "\"args\":[\"" + line.replace(" ", "\",\"") + "\"]}\n");
                final String said = version.isEmpty() ? "names none" : version.replaceAll("\\W+", " ").strip();
                assertEquals("{\"exit\":4,\"out\":\"\",\"err\":\"This director speaks version 1 of the control "
                    + "protocol, and this program " + said + "; use the ringmaster that the director was started "
                    + "by.\\n\"}", answer, line);
            }
        }
        assertEquals(before, director.run("ipvsadm", "-Sn").out() + director.run("sysctl", "-a").out());
    }

    private static String asked(final String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(director.socket()));
             BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            return lines.readLine();
        }
    }
}
