package io.ringmaster.conformance;

import io.ringmaster.conformance.Result.Difference;
import io.ringmaster.conformance.Result.Excuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells people what came of it: a line for each recording, what differs below it. */
final class Report {
    private static final Path FOLDER = Path.of("target", "conformance");
    private static final String HOLDS = """
        # The recordings that hold. Written by KernelFixturesIT to target/conformance: copy it from there.
        """;
    private static final String EXCUSED = """
        # What was not sent as recorded, in recordings that hold: recording | step | frame | reason. Only what a host
        # does by itself, what has to be asked for first, and bugs of the kernel (KernelBug) can be excused.
        # Written by KernelFixturesIT to target/conformance: copy it from there.
        """;
    private static final int SHOWN_DIFFERENCES = 2;
    private static final int SHOWN_LINES = 8;
    private static final int SHOWN_CHARS = 300;

    private final boolean whole;
    private final StringBuilder all = new StringBuilder();
    private final List<String> excused = new ArrayList<>();
    private final List<String> holding = new ArrayList<>();

    /**
     * A report on standard output; the whole of it also in {@code target/conformance}.
     *
     * @param whole whether standard output gets all of it.
     */
    Report(final boolean whole) {
        this.whole = whole;
    }

    /** A recording's line, and what differs. */
    void add(final Result result, final String note) {
        final String verdict = result.holds() ? "holds" : "FAILS, " + result.differences().size() + " steps differ";
        final String line = String.format("%-36s %s%s", result.name(), verdict, note.isEmpty() ? "" : " " + note);
        all.append(line).append('\n').append(text(result.differences(), Integer.MAX_VALUE, Integer.MAX_VALUE));
        System.out.print(line + "\n" + (whole ? text(result.differences(), Integer.MAX_VALUE, Integer.MAX_VALUE)
            : text(result.differences(), SHOWN_DIFFERENCES, SHOWN_LINES)));
        for (final Excuse excuse : result.excused()) {
            final String text = result.name() + " | step " + excuse.step() + " | " + excuse.subject() + " | "
                + excuse.reason();
            System.out.println("  excused: step " + excuse.step() + " | " + cut(excuse.subject()) + " | "
                + excuse.reason());
            if (result.holds()) {
                excused.add(text);
            }
        }
        if (result.holds()) {
            holding.add(result.name());
        }
    }

    private static String text(final List<Difference> differences, final int most, final int mostLines) {
        final StringBuilder text = new StringBuilder();
        for (final Difference difference : differences.subList(0, Math.min(most, differences.size()))) {
            text.append("  step ").append(difference.step()).append(": ").append(cut(difference.what())).append('\n');
            final int shown = Math.min(mostLines, difference.lines().size());
            difference.lines().subList(0, shown).forEach(line -> text.append("    ").append(cut(line)).append('\n'));
            if (shown < difference.lines().size()) {
                text.append("    ... ").append(difference.lines().size() - shown).append(" lines more\n");
            }
        }
        return text.toString();
    }

    private static String cut(final String line) {
        return line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS) + "...";
    }

    /** The frames excused so far in recordings that hold: recording, step, frame, reason. */
    List<String> excused() {
        return excused;
    }

    /** Writes the files. */
    void write() {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve("report.txt"), all);
            Files.writeString(FOLDER.resolve("holds.txt"), HOLDS + String.join("\n", holding) + "\n");
            Files.writeString(FOLDER.resolve("excused.txt"), EXCUSED + String.join("\n", excused) + "\n");
        } catch (final IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + FOLDER.toAbsolutePath(), e);
        }
    }
}
