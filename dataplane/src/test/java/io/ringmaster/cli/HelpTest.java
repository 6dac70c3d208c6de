package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.director.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The help of every command: two examples at least, exit codes, no line that is too wide. */
class HelpTest {
    @Test
    void eachHasTwoExamplesAndItsExitCodes() {
        final List<String> wrong = new ArrayList<>();
        CommandTree.all().forEach((words, line) -> {
            if (CommandTree.examples(line).size() < 2) {
                wrong.add(words + ": fewer than two examples");
            }
            if (Arrays.stream(line.getCommandSpec().usageMessage().footer())
                .noneMatch(text -> text.startsWith("Exit codes"))) {
                wrong.add(words + ": no exit codes");
            }
        });
        assertEquals(List.of(), wrong);
    }

    /** Also where a terminal is as narrow as they are by tradition. */
    @Test
    void linesFitTheTerminal() {
        for (final String words : CommandTree.all().keySet()) {
            final StringWriter text = new StringWriter();
            final List<String> args = new ArrayList<>(List.of(words.split(" ")));
            args.addFirst("help");
            if (args.size() > 2) {
                continue;
            }
            assertEquals(0, Ringmaster.execute(args, Path.of("/x"), 80, new Accepting(), new PrintWriter(text, true)));
            for (final String line : text.toString().replaceAll("\033\\[[0-9;]*m", "").split("\n")) {
                assertTrue(line.length() <= 80 || line.startsWith("  ringmaster ") || line.startsWith("  ./"),
                    words + ": " + line);
            }
        }
    }

    /** Those of what the program does by itself are started elsewhere; here their words are judged. */
    @Test
    void examplesOfTheProgramAreTaken() {
        for (final Verbs verb : List.of(Verbs.RUN, Verbs.DEMO, Verbs.DECAP, Verbs.VERSION, Verbs.COMPLETION)) {
            for (final String example : CommandTree.examples(CommandTree.all().get(verb.word()))) {
                final String words = example.split(" [|>&]")[0];
                final StringWriter text = new StringWriter();
                assertEquals(0, Ringmaster.execute(List.of(words.split(" ")).subList(1, words.split(" ").length),
                    Path.of("/x"), 0, new Accepting(), new PrintWriter(text, true)), () -> example + ": " + text);
            }
        }
    }

    /** Everything starts, and has nothing to do. */
    private static final class Accepting implements Programs {
        @Override
        public int run(final Settings settings, final Kept kept) {
            return 0;
        }

        @Override
        public int demo(final DemoSettings settings) {
            return 0;
        }

        @Override
        public int decap(final String interfaceName, final int guePort) {
            return 0;
        }

        @Override
        public int printDecapObject(final Path file) {
            return 0;
        }
    }
}
