package io.ringmaster.cli.man;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A man page as it grows: the few macros of man(7) that the pages need. Text that is given to it is plain, or was made
 * by {@link #escape}, {@link #bold} and {@link #italic}.
 */
final class Roff {
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?]) +(?=[A-Z])");

    private static final int WIDTH = 78;
    private static final String BUILT = "built.txt";
    private static final int DATE_LENGTH = "2026-01-01".length();

    private final StringBuilder text = new StringBuilder(8 << 10);

    /**
     * Begins a page.
     *
     * @param name    of the page.
     * @param section of the manual.
     * @param summary half a sentence about it, without a period.
     * @param version of the program.
     */
    Roff(final String name, final int section, final String summary, final String version) {
        text.append(".TH \"").append(escape(name.toUpperCase(Locale.ROOT))).append("\" \"").append(section)
            .append("\" \"")
            .append(built()).append("\" \"ringmaster ").append(escape(version)).append("\" \"Ringmaster\"\n");
        // Not justified: where one blank is to be typed there is one.
        text.append(".ad l\n");
        section("Name");
        lines(escape(name) + " \\- " + escape(summary));
    }

    /** The day of the build, which is that of the page. */
    private static String built() {
        try (InputStream in = Roff.class.getResourceAsStream(BUILT)) {
            return new String(in.readNBytes(DATE_LENGTH), StandardCharsets.US_ASCII);
        } catch (final IOException e) {
            throw new UncheckedIOException("this program's jar cannot be read", e);
        }
    }

    /** A heading. */
    Roff section(final String title) {
        text.append(".SH \"").append(escape(title.toUpperCase(Locale.ROOT))).append("\"\n");
        return this;
    }

    /** A heading below. */
    Roff subsection(final String title) {
        text.append(".SS \"").append(escape(title)).append("\"\n");
        return this;
    }

    /** A paragraph of roff; the first behind a heading begins as the others do. */
    Roff paragraph(final String roff) {
        begin();
        lines(roff);
        return this;
    }

    private void begin() {
        final int line = text.lastIndexOf("\n", text.length() - 2) + 1;
        if (!text.substring(line).startsWith(".S")) {
            text.append(".PP\n");
        }
    }

    /** What is explained, and what explains it. */
    Roff item(final String term, final String roff) {
        text.append(".TP\n");
        lines(term);
        lines(roff.isEmpty() ? "\\&" : roff);
        return this;
    }

    /** Lines that stay as they are. */
    Roff example(final List<String> plain) {
        begin();
        text.append(".in +4n\n.EX\n");
        for (final String line : plain) {
            line(escape(line));
        }
        text.append(".EE\n.in\n");
        return this;
    }

    /** Each sentence begins a line, by which roff knows that it is one; none is too long for editors. */
    private void lines(final String roff) {
        for (final String sentence : SENTENCE_END.split(roff, -1)) {
            String rest = sentence;
            while (rest.length() > WIDTH) {
                final int before = rest.lastIndexOf(' ', WIDTH);
                final int blank = before > 0 ? before : rest.indexOf(' ', WIDTH);
                if (blank < 0) {
                    break;
                }
                line(rest.substring(0, blank));
                rest = rest.substring(blank + 1);
            }
            line(rest);
        }
    }

    private void line(final String roff) {
        text.append(roff.startsWith(".") || roff.startsWith("'") ? "\\&" : "").append(roff).append('\n');
    }

    /** Plain text as roff: no character has another meaning or becomes another one. */
    static String escape(final String plain) {
        final StringBuilder roff = new StringBuilder(plain.length() + 16);
        for (final char c : plain.toCharArray()) {
            switch (c) {
                case '\\' -> roff.append("\\e");
                case '-' -> roff.append("\\-");
                case '\'' -> roff.append("\\(aq");
                case '`' -> roff.append("\\(ga");
                case '"' -> roff.append("\\(dq");
                case '^' -> roff.append("\\(ha");
                case '~' -> roff.append("\\(ti");
                default -> roff.append(c);
            }
        }
        return roff.toString();
    }

    /** Plain text in bold: what is written as it stands. */
    static String bold(final String plain) {
        return "\\fB" + escape(plain) + "\\fR";
    }

    /** The name of another page, which is not hyphenated. */
    static String reference(final String page, final int section) {
        return "\\%" + bold(page) + "(" + section + ")";
    }

    /** Plain text in italics: what stands for something else. */
    static String italic(final String plain) {
        return "\\fI" + escape(plain) + "\\fR";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
