package io.ringmaster.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code ringmaster sysctl}: shows and changes the director's settings, several at once if that is asked for, all or
 * none of them. Owned by the control thread.
 */
public final class SysctlCommand {
    private static final int REFUSED = 1;
    private static final int WRONG = 2;
    private static final int WIDTH = 100;
    private static final String USAGE = "ringmaster sysctl takes names and NAME=VALUE, or -a for all; with --long "
        + "their meaning, with --json all of it.";

    private final ServiceTable table;

    /** The command on one director. */
    public SysctlCommand(final ServiceTable table) {
        this.table = table;
    }

    /** Answers the command with the words behind its name. */
    public Reply run(final List<String> words) {
        final Set<Sysctl> shown = new TreeSet<>();
        final StringBuilder notes = new StringBuilder();
        boolean longForm = false;
        boolean json = false;
        Sysctls wanted = table.sysctls();
        for (final String word : words) {
            switch (word) {
                case "-a", "--all" -> shown.addAll(List.of(Sysctl.values()));
                case "-w", "--write" -> { }
                case "--long" -> longForm = true;
                case "--json" -> json = true;
                default -> {
                    final int equals = word.indexOf('=');
                    final String name = equals < 0 ? word : word.substring(0, equals);
                    final Optional<Sysctl> setting = Sysctl.find(name.strip());
                    if (word.startsWith("-")) {
                        return Reply.failure(WRONG, "ringmaster sysctl has no option " + word + ". " + USAGE);
                    }
                    if (setting.isEmpty()) {
                        return Reply.failure(REFUSED, unknown(name));
                    }
                    shown.add(setting.get());
                    if (equals >= 0) {
                        final Optional<Long> value = setting.get().read(word.substring(equals + 1));
                        if (value.isEmpty()) {
                            return Reply.failure(REFUSED, outOfRange(setting.get(), word.substring(equals + 1)));
                        }
                        wanted = wanted.with(setting.get(), value.get());
                        notes.append(note(setting.get(), value.get()));
                    }
                }
            }
        }
        if (shown.isEmpty()) {
            return Reply.failure(WRONG, USAGE);
        }
        table.setSysctls(wanted);
        return new Reply(0, json ? json(shown) : text(shown, longForm), notes.toString());
    }

    private static String unknown(final String name) {
        return "There is no setting " + name + "; ringmaster sysctl -a lists all. Nothing was changed.";
    }

    private static String outOfRange(final Sysctl setting, final String value) {
        return setting.fullName() + " takes " + setting.allowed() + ", not '" + value + "'; nothing was changed.";
    }

    private static String note(final Sysctl setting, final long value) {
        return setting.note().isEmpty() || value == setting.byDefault() ? ""
            : setting.fullName() + " was set. " + setting.note() + "\n";
    }

    private String text(final Set<Sysctl> shown, final boolean longForm) {
        final StringBuilder text = new StringBuilder();
        for (final Sysctl setting : shown) {
            text.append(setting.fullName()).append(" = ").append(setting.text(table.sysctls().value(setting)))
                .append('\n');
            if (longForm) {
                wrap(text, "  ", setting.meaning() + " (" + setting.allowed() + "; "
                    + setting.text(setting.byDefault()).replace('\t', ' ') + " by default)");
                if (!setting.note().isEmpty()) {
                    wrap(text, "  > ", setting.note());
                }
            }
        }
        return text.toString();
    }

    private static void wrap(final StringBuilder text, final String indent, final String sentences) {
        StringBuilder line = new StringBuilder(indent);
        for (final String word : sentences.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private String json(final Set<Sysctl> shown) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (final Sysctl setting : new ArrayList<>(shown)) {
                json.writeStartObject();
                json.writeStringField("name", setting.fullName());
                json.writeStringField("value", setting.text(table.sysctls().value(setting)));
                json.writeStringField("default", setting.text(setting.byDefault()));
                json.writeStringField("allowed", setting.allowed());
                json.writeStringField("meaning", setting.meaning());
                json.writeStringField("note", setting.note());
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }
}
