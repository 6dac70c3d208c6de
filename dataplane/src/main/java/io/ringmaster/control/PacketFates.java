package io.ringmaster.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What became of packets, for {@code ringmaster drops}: each reason with its count, its meaning and what to do. Owned
 * by the control thread.
 */
public final class PacketFates {
    private static final int FAILED = 2;
    private static final String USAGE = "ringmaster drops takes nothing, or --all (reasons that never occurred, too), "
        + "or --json.";

    private final Supplier<List<Fate>> source;

    /**
     * A report.
     *
     * @param source reads all counters as they are now.
     */
    public PacketFates(final Supplier<List<Fate>> source) {
        this.source = source;
    }

    /**
     * One counter.
     *
     * @param group   where it is counted: "XDP program", "sent", "handed back", "dropped", "events", or an interface.
     * @param word    its name.
     * @param count   packets or events since the start.
     * @param meaning what is counted.
     * @param advice  what to do about it; empty for nothing.
     */
    public record Fate(String group, String word, long count, String meaning, String advice) {
    }

    /** Answers the command with the words behind its name. */
    public Reply run(final List<String> words) {
        if (words.size() > 1) {
            return Reply.failure(FAILED, USAGE);
        }
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "" -> Reply.of(text(false));
            case "--all" -> Reply.of(text(true));
            case "--json" -> Reply.of(json());
            default -> Reply.failure(FAILED, USAGE);
        };
    }

    private String text(final boolean all) {
        final StringBuilder text = new StringBuilder();
        String group = "";
        for (final Fate fate : source.get()) {
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

    private String json() {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (final Fate fate : source.get()) {
                json.writeStartObject();
                json.writeStringField("group", fate.group());
                json.writeStringField("reason", fate.word());
                json.writeNumberField("count", fate.count());
                json.writeStringField("meaning", fate.meaning());
                json.writeStringField("advice", fate.advice());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }
}
