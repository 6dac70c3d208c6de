package io.ringmaster.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * What the demonstration shows: text, with colour where a terminal shows it. Owned by the demonstration's thread, but
 * for its end.
 */
final class Screen {
    private static final String BOLD = "1";
    private static final String GREEN = "32";
    private static final String RED = "1;31";
    private static final String CYAN = "36";

    private volatile PrintStream out;
    private final boolean colour;

    Screen(final PrintStream out, final boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** Colours only on a terminal whose user did not refuse them (no-color.org). */
    static Screen ofStandardOutput() {
        final boolean terminal = System.console() != null && System.console().isTerminal();
        final String refused = System.getenv("NO_COLOR");
        return new Screen(System.out, terminal && (refused == null || refused.isEmpty()));
    }

    /** Says a last word and shows nothing any more: the process ends, and what fails from now on is no news. */
    void end(final String lastWord) {
        out.println();
        out.println(lastWord);
        out = new PrintStream(OutputStream.nullOutputStream());
    }

    void title(final String text) {
        out.println();
        out.println(painted(BOLD, "== " + text));
    }

    /** A command, as a person would type it. */
    void command(final String text) {
        out.println(painted(CYAN, "$ " + text));
    }

    void line(final String text) {
        out.println(text);
    }

    /** Lines of another program, a little to the right. */
    void lines(final String text) {
        text.stripTrailing().lines().forEach(line -> out.println("    " + line));
    }

    void held(final String what) {
        out.println("  " + painted(GREEN, "held") + "   " + what);
    }

    void failed(final String what) {
        out.println("  " + painted(RED, "FAILED") + " " + what);
    }

    /** A table: the first row is its head; columns as wide as their widest cell. */
    void table(final List<String[]> rows) {
        final int[] widths = new int[rows.getFirst().length];
        for (final String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            final StringBuilder line = new StringBuilder("  ");
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format("%-" + (widths[i] + 2) + "s", rows.get(r)[i]));
            }
            out.println(r == 0 ? painted(BOLD, line.toString().stripTrailing()) : line.toString().stripTrailing());
            if (r == 0) {
                out.println("  " + "-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)));
            }
        }
    }

    private String painted(final String code, final String text) {
        return colour ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
