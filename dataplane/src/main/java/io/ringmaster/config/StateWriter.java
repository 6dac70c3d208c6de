package io.ringmaster.config;

import io.ringmaster.control.MarkWords;
import io.ringmaster.control.ServiceId;
import io.ringmaster.service.AddressPrefix;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.PortRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Writes what a director has as a file that {@link StateReader} reads back. */
public final class StateWriter {
    private final StringBuilder out = new StringBuilder(4096);

    private StateWriter() {
    }

    /** The file, without what has its default. */
    public static String write(final State state) {
        final StateWriter writer = new StateWriter();
        state.globals().ifPresent(writer::globals);
        writer.services(state.services());
        return writer.out.toString();
    }

    /** As above, with how the director was started. */
    public static String write(final State state, final Map<String, String> start) {
        final StateWriter writer = new StateWriter();
        writer.start(start);
        return writer.out + write(state);
    }

    private void start(final Map<String, String> options) {
        final String interfaces = options.get(Key.INTERFACES.word());
        if (interfaces != null) {
            out.append("interfaces: [").append(Arrays.stream(interfaces.split(",")).map(StateWriter::quoted)
                .collect(Collectors.joining(", "))).append("]\n");
        }
        String head = "run:\n";
        for (final String word : Key.Place.RUN.words()) {
            if (options.containsKey(word)) {
                out.append(head).append("  ").append(word).append(": ").append(quoted(options.get(word))).append('\n');
                head = "";
            }
        }
    }

    private void globals(final State.Globals globals) {
        if (!globals.timeouts().equals(SetTimeouts.DEFAULTS)) {
            out.append("timeouts:\n  tcp: ").append(globals.timeouts().tcpSec())
                .append("\n  tcp-fin: ").append(globals.timeouts().tcpFinSec())
                .append("\n  udp: ").append(globals.timeouts().udpSec()).append('\n');
        }
        if (!globals.sysctls().isEmpty()) {
            out.append("sysctls:\n");
            globals.sysctls().forEach((setting, value) -> out.append("  ").append(setting.word()).append(": ")
                .append(setting.text(value).replace('\t', ' ')).append('\n'));
        }
        if (!globals.marks().isEmpty()) {
            out.append("marks:\n");
            globals.marks().forEach(rule -> out.append("  - ").append(mark(rule)).append('\n'));
        }
    }

    private static String mark(final MarkRule rule) {
        final StringJoiner words = new StringJoiner(", ", "{", "}");
        words.add("mark: " + Integer.toUnsignedString(rule.mark()));
        words.add("destination: " + quoted(MarkWords.text(rule.destination())));
        if (!rule.source().equals(AddressPrefix.all(rule.ipv6()))) {
            words.add("source: " + quoted(MarkWords.text(rule.source())));
        }
        if (!rule.interfaceName().isEmpty()) {
            words.add("interface: " + quoted(rule.interfaceName()));
        }
        if (rule.protocol() != MarkRule.ANY_PROTOCOL) {
            words.add("protocol: " + MarkWords.protocol(rule));
        }
        if (!rule.ports().equals(List.of(PortRange.ALL))) {
            words.add("port: " + quoted(MarkWords.ports(rule)));
        }
        return words.toString();
    }

    private void services(final Map<ServiceId, State.Service> services) {
        out.append("services:").append(services.isEmpty() ? " []\n" : "\n");
        services.forEach((id, service) -> {
            out.append("  - ").append(Words.key(id).word()).append(": ").append(quoted(Words.name(id))).append('\n');
            Words.of(id, service.settings()).forEach((key, value) ->
                out.append("    ").append(key.word()).append(": ").append(quoted(value)).append('\n'));
            out.append(service.servers().isEmpty() ? "" : "    servers:\n");
            service.servers().forEach((server, settings) -> {
                out.append("      - {server: ").append(quoted(Words.of(server)));
                Words.of(settings).forEach((key, value) -> out.append(", ").append(key.word()).append(": ")
                    .append(quoted(value)));
                out.append("}\n");
            });
        });
    }

    private static String quoted(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char each = text.charAt(i);
            final boolean plain = each >= '0' && each <= '9' || each >= 'a' && each <= 'z'
                || i > 0 && (each == '.' || each == '-' || each == '/');
            if (!plain) {
                return "'" + text.replace("'", "''") + "'";
            }
        }
        return text;
    }
}
