package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.Results;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run found, for people and for programs. */
final class Outcome {
    private final Results results;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String head = "";
    private String peerHead = "";
    private String ratioHead = "";
    private String doubts = "";
    private boolean failed;

    Outcome(final Results results) {
        this.results = results;
    }

    /** The heads of the columns; of the peer's and the ratio's empty ones if there is no peer. */
    Outcome heads(final String own, final String peer, final String ratio) {
        this.head = own;
        this.peerHead = peer;
        this.ratioHead = ratio;
        return this;
    }

    Outcome row(final Row row) {
        rows.add(row);
        return this;
    }

    Outcome note(final String format, final Object... arguments) {
        notes.add(String.format(Locale.ROOT, format, arguments));
        return this;
    }

    /** A reason not to believe the run, which becomes its last line; the first one counts. */
    Outcome doubtIf(final boolean doubtful, final String format, final Object... arguments) {
        if (doubtful && doubts.isEmpty()) {
            doubts = String.format(Locale.ROOT, format, arguments);
        }
        return this;
    }

    /** Doubts about figures that differ too much from round to round. */
    Outcome doubtSpread(final double spread) {
        return doubtIf(spread > Results.HONEST_SPREAD, "Not an honest run: a round differs from the next by %.0f %%;"
            + " repeat it on a quieter machine.", spread * 100);
    }

    /** What must never be was seen: the process ends with an error. */
    Outcome failIf(final boolean wrong) {
        failed |= wrong;
        return this;
    }

    boolean failed() {
        return failed;
    }

    Results results() {
        return results;
    }

    String doubts() {
        return doubts;
    }

    void print(final PrintStream out) {
        out.println();
        if (!rows.isEmpty()) {
            line(out, "", head, peerHead, ratioHead);
            line(out, "", "median (min - max)", peerHead.isEmpty() ? "" : "median (min - max)",
                ratioHead.isEmpty() ? "" : "median (quartiles)");
            rows.forEach(row -> print(out, row));
            out.println();
        }
        notes.forEach(out::println);
        if (!doubts.isEmpty()) {
            out.println(doubts);
        }
    }

    private static void print(final PrintStream out, final Row row) {
        line(out, row.name(), figures(row, false), row.peer() == null ? "" : figures(row, true),
            row.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", row.ratio().median(),
                row.ratio().quantile(0.25), row.ratio().quantile(0.75)));
    }

    private static void line(final PrintStream out, final String name, final String own, final String peer,
                             final String ratio) {
        out.println(String.format("%-24s %26s %26s %22s", name, own, peer, ratio).stripTrailing());
    }

    private static String figures(final Row row, final boolean peer) {
        final var samples = peer ? row.peer() : row.own();
        // Ratios are small numbers, times are not.
        final String format = samples.median() < 10 ? "%.2f (%.2f - %.2f)" : "%.1f (%.1f - %.1f)";
        return String.format(Locale.ROOT, format, samples.median(), samples.min(), samples.max());
    }
}
