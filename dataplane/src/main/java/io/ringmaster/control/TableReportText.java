package io.ringmaster.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.connection.TableReport;
import io.ringmaster.connection.TableRule;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A report on the connection table for people and for programs. */
public final class TableReportText {
    private final TableReport narrow;
    private final TableReport wide;

    TableReportText(final TableReport narrow, final TableReport wide) {
        this.narrow = narrow;
        this.wide = wide;
    }

    /** Whether nothing is wrong. */
    public boolean clean() {
        return narrow.clean() && wide.clean();
    }

    /** For people. */
    public String text() {
        final StringBuilder text = new StringBuilder();
        append(text, narrow);
        append(text, "Connections of IPv6 clients:%n");
        append(text, wide);
        append(text, clean() ? "table check: clean%n" : "table check: %,d faults%n", faults(narrow) + faults(wide));
        return text.toString();
    }

    private static void append(final StringBuilder text, final TableReport report) {
        append(text, "%,d slots: %,d connections, %,d templates, %,d ending, %,d free%n", report.slots(),
            report.connections(), report.templates(), report.dying() + report.pending(), free(report));
        append(text, "%,d past their time wait for the sweep; look-ups go beyond %,d lines%n%n", report.late(),
            report.passedLines());
        for (final TableRule rule : TableRule.values()) {
            append(text, "  %-18s %-9s %s%n", rule.word(), report.violations(rule) == 0 ? "ok"
                : "broken " + report.violations(rule), rule.meaning());
            report.examples(rule).forEach(example -> append(text, "  %-18s > %s%n", "", example));
        }
        text.append('\n');
        if (report.looks() > 1) {
            append(text, "Counts were looked at %d times, since some differed at first: of %,d real servers something "
                + "moved meanwhile.%n", report.looks(), report.movedServers());
        }
        if (report.uncomparedServers() > 0) {
            append(text, "Of %,d real servers connections came and went all the time: their counts agree to within "
                + "what moved.%n", report.uncomparedServers());
        }
    }

    private static void append(final StringBuilder text, final String format, final Object... words) {
        text.append(String.format(Locale.ROOT, format, words));
    }

    private static long free(final TableReport report) {
        return report.slots() - report.connections() - report.templates() - report.dying() - report.pending();
    }

    private static long faults(final TableReport report) {
        long faults = 0;
        for (final TableRule rule : TableRule.values()) {
            faults += report.violations(rule);
        }
        return faults;
    }

    /** For programs: one JSON object and a newline. */
    public String json() {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeBooleanField("clean", clean());
            json.writeNumberField("faults", faults(narrow) + faults(wide));
            write(json, narrow);
            json.writeObjectFieldStart("ipv6");
            json.writeNumberField("faults", faults(wide));
            write(json, wide);
            json.writeEndObject();
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void write(final JsonGenerator json, final TableReport report) throws IOException {
        json.writeNumberField("slots", report.slots());
        json.writeNumberField("connections", report.connections());
        json.writeNumberField("templates", report.templates());
        json.writeNumberField("pending", report.pending());
        json.writeNumberField("dying", report.dying());
        json.writeNumberField("free", free(report));
        json.writeNumberField("late", report.late());
        json.writeNumberField("passedLines", report.passedLines());
        json.writeNumberField("looks", report.looks());
        json.writeNumberField("movedServers", report.movedServers());
        json.writeNumberField("uncomparedServers", report.uncomparedServers());
        json.writeArrayFieldStart("rules");
        for (final TableRule rule : TableRule.values()) {
            write(json, report, rule);
        }
        json.writeEndArray();
    }

    private static void write(final JsonGenerator json, final TableReport report, final TableRule rule)
        throws IOException {
        json.writeStartObject();
        json.writeStringField("rule", rule.word());
        json.writeNumberField("faults", report.violations(rule));
        json.writeStringField("meaning", rule.meaning());
        json.writeArrayFieldStart("examples");
        for (final String example : report.examples(rule)) {
            json.writeString(example);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
