package io.ringmaster.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.control.PacketFates.Fate;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmaster drops}. */
@Command(name = "drops",
    description = "Show what became of packets: every reason with its count and what to do.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster drops", "  ringmaster drops --all --json", "",
        "Exit codes: 0 done; 2 wrong words, or no director."})
final class DropsCommand extends Verb {
    private static final int MARGIN = "  %-28s %14d  ".formatted("", 0).length();
    private static final int NARROWEST = 24;

    @Option(names = "--all", description = "Reasons that never occurred, too; with --json always.")
    private boolean all;

    @Override
    public int run(final Call call) throws IOException {
        final List<Fate> fates = call.ask(parts -> parts.fates().read());
        call.print(json() ? json(fates) : text(fates, call.columns()));
        return 0;
    }

    private String text(final List<Fate> fates, final int columns) {
        final StringBuilder text = new StringBuilder();
        String group = "";
        for (final Fate fate : fates) {
            if (fate.count() == 0 && !all) {
                continue;
            }
            if (!fate.group().equals(group)) {
                group = fate.group();
                text.append(group).append(":\n");
            }
            append(text, columns, String.format("  %-28s %14d  ", fate.word(), fate.count()), fate.meaning());
            if (!fate.advice().isEmpty()) {
                append(text, columns, " ".repeat(MARGIN) + "> ", fate.advice());
            }
        }
        return text.toString();
    }

    /** On a terminal words stay in their column; without one a reason is one line, for grep. */
    private static void append(final StringBuilder text, final int columns, final String begin, final String words) {
        final StringBuilder line = new StringBuilder(begin);
        final int width = columns == 0 ? Integer.MAX_VALUE : Math.max(MARGIN + NARROWEST, columns);
        for (final String word : words.split(" ")) {
            if (line.length() > MARGIN && line.length() + word.length() > width) {
                text.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(" ".repeat(begin.endsWith("> ") ? MARGIN + 2 : MARGIN));
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static String json(final List<Fate> fates) throws IOException {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (final Fate fate : fates) {
                json.writeStartObject();
                json.writeStringField("group", fate.group());
                json.writeStringField("reason", fate.word());
                json.writeNumberField("count", fate.count());
                json.writeStringField("meaning", fate.meaning());
                json.writeStringField("advice", fate.advice());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.append('\n').toString();
    }
}
