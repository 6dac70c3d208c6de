package io.ringmaster.cli;

import io.ringmaster.director.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of bad-input.txt, and the program that is asked by them. */
final class BadInput {
    static final List<Row> ROWS = rows();

    private BadInput() {
    }

    /**
     * A row of the table.
     *
     * @param section  of the table.
     * @param line     the command line.
     * @param exit     code; -1 where the section tells.
     * @param words    part of the sentence, or the reason; in [change] and [look] the standard input.
     * @param category what is wrong; several in [none].
     */
    record Row(String section, String line, int exit, String words, String category) {
        String[] args() {
            return Arrays.stream(line.split(" +")).map(word -> word.replace('~', ' ')).toArray(String[]::new);
        }

        boolean is(final String wantedSection) {
            return section.equals(wantedSection);
        }
    }

    private static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        String section = "";
        try (InputStream file = BadInput.class.getResourceAsStream("/cli/bad-input.txt")) {
            for (final String text : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (text.startsWith("[")) {
                    section = text;
                } else if (!text.isBlank() && !text.startsWith("#")) {
                    rows.add(row(section, text.split(" +\\| ")));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static Row row(final String section, final String... columns) {
        return switch (section) {
            case "[bad]" -> new Row(section, columns[0], Integer.parseInt(columns[1]), columns[2],
                columns.length < 4 ? "" : columns[3]);
            case "[none]" -> new Row(section, columns[0], -1, columns[2], columns[1]);
            default -> new Row(section, columns[0], -1, columns.length < 2 ? "" : columns[1].replace("\\n", "\n")
                + "\n", "");
        };
    }

    /** Runs a command line that a director is asked, with its standard input. */
    static ServedDirector.Answer ask(final ServedDirector director, final Row row) {
        return director.run(row.words(), 0, row.args());
    }

    /** Runs a command line as the program does. */
    static ServedDirector.Answer run(final ServedDirector director, final String... args) {
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
