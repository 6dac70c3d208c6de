package io.ringmaster.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.control.SysctlWords;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.ExitCode;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmaster sysctl}. */
@Command(name = "sysctl",
    description = {"Show and change the settings of the running director. They have the names, defaults and meaning of "
        + "the kernel's net.ipv4.vs.*, and count from the next packet on; a director that is started again has the "
        + "defaults, unless run --state or --config gives it others. Several are changed at once, or none.",
        "ringmaster sysctl -a --long tells what each of them does, and which have no effect here."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster sysctl expire_nodest_conn=1 net.ipv4.vs.conn_reuse_mode=2",
        "  ringmaster sysctl --long drop_packet am_droprate", "",
        "Exit codes: 0 done; 1 no such setting; 2 wrong words or values, or no director; 3 not permitted. Nothing was "
            + "changed but by 0."})
final class SysctlCommand extends Verb {
    private static final int WIDTH = 100;

    @Parameters(paramLabel = "NAME[=VALUE]", arity = "0..*", completionCandidates = Names.class,
        description = "A setting to be shown or changed, with or without net.ipv4.vs. before it.")
    private List<String> settings = new ArrayList<>();

    @Option(names = {"-a", "--all"}, description = "All settings.")
    private boolean all;

    @Option(names = {"-w", "--write"}, description = "As without it: for those used to sysctl -w.")
    private boolean write;

    @Option(names = "--long", description = "What they do, too, and what values they take.")
    private boolean longForm;

    @Override
    public int run(final Call call) throws IOException {
        if (settings.isEmpty() && !all) {
            throw new UsageException("ringmaster sysctl takes names and NAME=VALUE, or -a for all; with --long their "
                + "meaning, with --json all of it.");
        }
        final SysctlWords words = read();
        if (words.change()) {
            call.change(parts -> {
                words.apply(parts.table());
                return null;
            });
        }
        final Set<Sysctl> shown = new TreeSet<>(all ? List.of(Sysctl.values()) : words.named().keySet());
        final Sysctls now = call.ask(parts -> parts.table().sysctls());
        call.print(json() ? json(shown, now) : text(shown, now, width(call)));
        for (final Map.Entry<Sysctl, Optional<Long>> each : words.named().entrySet()) {
            final Sysctl setting = each.getKey();
            if (each.getValue().isPresent() && each.getValue().get() != setting.byDefault()
                && !setting.note().isEmpty()) {
                call.warn(setting.fullName() + " was set. " + setting.note());
            }
        }
        return ExitCode.DONE;
    }

    private SysctlWords read() {
        try {
            return SysctlWords.read(settings);
        } catch (final SysctlWords.ValueException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static int width(final Call call) {
        return call.columns() == 0 ? WIDTH : Math.clamp(call.columns(), 40, WIDTH);
    }

    private String text(final Set<Sysctl> shown, final Sysctls now, final int width) {
        final StringBuilder text = new StringBuilder();
        for (final Sysctl setting : shown) {
            text.append(setting.fullName()).append(" = ").append(setting.text(now.value(setting))).append('\n');
            if (longForm) {
                wrap(text, width, "  ", setting.meaning() + " (" + setting.allowed() + "; "
                    + setting.text(setting.byDefault()).replace('\t', ' ') + " by default)");
                if (!setting.note().isEmpty()) {
                    wrap(text, width, "  > ", setting.note());
                }
            }
        }
        return text.toString();
    }

    private static void wrap(final StringBuilder text, final int width, final String indent, final String sentences) {
        StringBuilder line = new StringBuilder(indent);
        for (final String word : sentences.split(" ")) {
            if (line.length() + word.length() > width) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static String json(final Set<Sysctl> shown, final Sysctls now) throws IOException {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (final Sysctl setting : shown) {
                json.writeStartObject();
                json.writeStringField("name", setting.fullName());
                json.writeStringField("value", setting.text(now.value(setting)));
                json.writeStringField("default", setting.text(setting.byDefault()));
                json.writeStringField("allowed", setting.allowed());
                json.writeStringField("meaning", setting.meaning());
                json.writeStringField("note", setting.note());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.append('\n').toString();
    }

    /** All names, for completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(Arrays.stream(Sysctl.values()).map(Sysctl::fullName).toList());
        }
    }
}
