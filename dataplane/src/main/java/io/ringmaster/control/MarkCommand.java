package io.ringmaster.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.service.MarkRule;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * {@code ringmaster mark}: the rules by which packets have firewall marks, which virtual services are known by. Owned
 * by the control thread.
 */
public final class MarkCommand {
    private static final int REFUSED = 1;
    private static final int WRONG = 2;
    private static final String USAGE = "ringmaster mark takes: add or del with a rule, or list, or list --json. "
        + "ringmaster mark --help tells of what a rule is made.";

    private final ServiceTable table;

    /** The command on one director. */
    public MarkCommand(final ServiceTable table) {
        this.table = table;
    }

    /** Answers the command with the words behind its name. */
    public Reply run(final List<String> words) {
        final String verb = words.isEmpty() ? "" : words.getFirst();
        final List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        if (rest.isEmpty() && (verb.equals("add") || verb.equals("del"))) {
            return Reply.failure(WRONG, USAGE);
        }
        try {
            switch (verb) {
                case "add" -> table.addMark(MarkWords.read(rest));
                case "del" -> table.deleteMark(MarkWords.read(rest));
                case "list" -> {
                    return rest.isEmpty() ? new Reply(0, text(), "") : rest.equals(List.of("--json"))
                        ? new Reply(0, json(), "") : Reply.failure(WRONG, USAGE);
                }
                default -> {
                    return Reply.failure(WRONG, USAGE);
                }
            }
        } catch (final RefusedException e) {
            return Reply.failure(REFUSED, e.getMessage());
        }
        return new Reply(0, "", "");
    }

    private String text() {
        final StringBuilder text = new StringBuilder();
        table.marks().forEach(rule -> text.append(MarkWords.text(rule)).append('\n'));
        return text.toString();
    }

    private String json() {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (final MarkRule rule : table.marks()) {
                json.writeStartObject();
                json.writeStringField("destination", MarkWords.text(rule.destination()));
                json.writeStringField("source", MarkWords.text(rule.source()));
                json.writeStringField("interface", rule.interfaceName());
                json.writeStringField("protocol", MarkWords.protocol(rule));
                json.writeStringField("ports", MarkWords.ports(rule));
                json.writeNumberField("mark", Integer.toUnsignedLong(rule.mark()));
                json.writeBooleanField("service", table.service(ServiceId.ofMark(rule.mark(), rule.ipv6()))
                    .isPresent());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }
}
