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
    @Option(names = "--all", description = "Reasons that never occurred, too; with --json always.")
    private boolean all;

    @Override
    public int run(final Call call) throws IOException {
        final List<Fate> fates = call.ask(parts -> parts.fates().read());
        call.print(json() ? json(fates) : text(fates));
        return 0;
    }

    private String text(final List<Fate> fates) {
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
            text.append(String.format("  %-28s %14d  %s%n", fate.word(), fate.count(), fate.meaning()));
            if (!fate.advice().isEmpty()) {
                text.append(String.format("  %-28s %14s  > %s%n", "", "", fate.advice()));
            }
        }
        return text.toString();
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
