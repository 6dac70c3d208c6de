package io.ringmaster.cli.top;

import io.ringmaster.stats.ServerCounters;
import java.util.Locale;

/** The table's rows as text for a width. Immutable. */
final class Columns {
    private static final int NUMBER = 8;
    private static final int NARROWEST = 60;
    /** From this width on there are bytes, too. */
    private static final int WITH_BYTES = 104;
    private static final int NAME = 28;
    private static final int LONG_NAME = 46;
    private static final int PERCENT = 6;
    private static final int LONGEST_BAR = 30;
    private static final int THOUSAND = 1000;
    private static final String[] UNITS = {"", "k", "M", "G", "T", "P"};

    private final int width;
    private final boolean bytes;
    private final int name;
    private final int bar;

    Columns(final int width) {
        this.width = Math.max(NARROWEST, width);
        bytes = this.width >= WITH_BYTES;
        final int numbers = NUMBER * (bytes ? 7 : 5);
        // Names shrink first: a share that cannot be seen is none.
        name = Math.clamp(this.width - numbers - PERCENT - 6L, 12, bytes && this.width > 120 ? LONG_NAME : NAME);
        bar = Math.clamp(this.width - numbers - name - PERCENT - 1L, 0, LONGEST_BAR);
    }

    /** Characters of a line. */
    int width() {
        return width;
    }

    /** The first line. */
    String title() {
        return cut(left("service / real server", name) + right("conn/s") + right("in pps") + right("out pps")
            + (bytes ? right("in B/s") + right("out B/s") : "") + right("active") + right("inact") + " share");
    }

    /** A service or, set in, a real server. */
    String row(final Report.Row row, final boolean server) {
        final StringBuilder text = new StringBuilder();
        final String about = " " + row.about();
        final String place = (server ? "  " : "") + row.name();
        final int room = name - about.length();
        text.append(left(place.length() <= room ? place + about : place, name));
        number(text, row.rate(ServerCounters.CONNECTIONS));
        number(text, row.rate(ServerCounters.IN_PACKETS));
        number(text, row.rate(ServerCounters.OUT_PACKETS));
        if (bytes) {
            number(text, row.rate(ServerCounters.IN_BYTES));
            number(text, row.rate(ServerCounters.OUT_BYTES));
        }
        number(text, row.active());
        number(text, row.inactive());
        if (server) {
            final int full = (int) Math.round(row.share() * bar);
            text.append(' ').repeat('#', full).repeat('.', bar - full)
                .append(String.format(Locale.ROOT, "%4.0f%%", 100 * row.share()));
        }
        return cut(text.toString());
    }

    private static void number(final StringBuilder text, final double number) {
        text.append(right(amount(number)));
    }

    /** A number in five characters at most: 0, 12.3, 999, 1.2k, 12k, 123M. */
    static String amount(final double number) {
        if (number >= 0.05 && number < 99.95 && number != Math.rint(number)) {
            return String.format(Locale.ROOT, "%.1f", number);
        }
        double scaled = Math.rint(number);
        int unit = 0;
        while (scaled >= THOUSAND - 0.5 && unit < UNITS.length - 1) {
            scaled /= THOUSAND;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && scaled < 9.95 ? "%.1f" : "%.0f", scaled) + UNITS[unit];
    }

    /** A line that is no longer than the terminal is wide. */
    String cut(final String line) {
        return line.length() <= width ? line.stripTrailing() : line.substring(0, width - 1) + "~";
    }

    private static String left(final String text, final int width) {
        return text.length() > width ? text.substring(0, width - 1) + "~" : text + " ".repeat(width - text.length());
    }

    private static String right(final String text) {
        return " ".repeat(Math.max(1, NUMBER - text.length())) + text;
    }
}
