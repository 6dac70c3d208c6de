package io.ringmaster.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.control.MarkWords;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.service.MarkRule;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.ExitCode;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster mark}: the rules by which packets have firewall marks, which virtual services are known by. */
@Command(name = "mark", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = {"Rules that give packets a firewall mark, for virtual services that are known by one "
        + "(ipvsadm -A -f MARK). Packets do not meet netfilter before the director, so what iptables' MARK target does "
        + "for the kernel's IPVS is done here.",
        "If several rules are true of a packet, the one that was added last counts. A mark counts more than a service "
        + "of the packet's address and port. Packets to the director's own addresses are taken, too, if a rule says "
        + "so: leave out the ports that you need yourself."},
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {MarkCommand.Add.class, MarkCommand.Delete.class, MarkCommand.Listing.class},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster mark add -d 10.5.0.0/16 -p tcp --port 80,8000-8999 -m 1",
        "  ringmaster ipvsadm -A -f 1 -s rr -p 300", "  ringmaster ipvsadm -a -f 1 -r 10.77.2.11 -m",
        "  ringmaster mark list", "",
        "Exit codes: 0 done; 1 refused, nothing was changed; 2 wrong words, or no director; 3 not permitted."})
final class MarkCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    /** What a rule is made of. */
    static final class Words {
        @Option(names = {"-d", "--destination"}, required = true, paramLabel = "PREFIX",
            description = "Where packets go: 10.5.0.0/16, 2001:db8:5::/64.")
        private String destination;

        @Option(names = {"-s", "--source"}, paramLabel = "PREFIX",
            description = "Where they come from; anywhere without.")
        private String source;

        @Option(names = {"-i", "--interface"}, paramLabel = "NAME", description = "By which interface; any without.")
        private String interfaceName;

        @Option(names = {"-p", "--protocol"}, paramLabel = "tcp|udp|sctp", description = "All of them without.")
        private String protocol;

        @Option(names = "--port", paramLabel = "PORTS",
            description = "Destination ports: 80,443,8000-8999; may be given several times. All without.")
        private List<String> ports;

        @Option(names = {"-m", "--mark"}, required = true, paramLabel = "MARK",
            description = "The mark, 1 to 4294967295.")
        private String mark;

        /** The rule that they are. */
        MarkRule rule() {
            final List<String> words = new ArrayList<>(List.of("--destination", destination, "--mark", mark));
            add(words, "--source", source);
            add(words, "--interface", interfaceName);
            add(words, "--protocol", protocol);
            add(words, "--port", ports == null ? null : String.join(",", ports));
            try {
                return MarkWords.read(words);
            } catch (final RefusedException e) {
                throw new UsageException(e.getMessage());
            }
        }

        private static void add(final List<String> words, final String option, final String value) {
            if (value != null) {
                words.addAll(List.of(option, value));
            }
        }
    }

    /** What changes a rule. */
    abstract static class Change extends Verb {
        private final String done;
        private final BiConsumer<ServiceTable, MarkRule> change;

        @Mixin
        private Words words;

        Change(final String done, final BiConsumer<ServiceTable, MarkRule> change) {
            this.done = done;
            this.change = change;
        }

        @Override
        public final int run(final Call call) throws IOException {
            final MarkRule rule = words.rule();
            call.change(parts -> {
                change.accept(parts.table(), rule);
                return null;
            });
            if (json()) {
                call.json(object -> object.writeStringField(done, MarkWords.text(rule)));
            }
            return ExitCode.DONE;
        }
    }

    /** {@code mark add}. */
    @Command(name = "add", description = "Add a rule; it counts before those that are there.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster mark add -d 10.5.0.0/16 -p tcp --port 80,8000-8999 -m 1",
            "  ringmaster mark add --destination 2001:db8:5::/64 --mark 2", "",
            "Exit codes: 0 done; 1 there is such a rule, or no room for it; 2 wrong words, or no director; 3 not "
                + "permitted. Nothing was changed but by 0."})
    static final class Add extends Change {
        Add() {
            super("added", ServiceTable::addMark);
        }
    }

    /** {@code mark del}. */
    @Command(name = "del", description = "Delete a rule by the words that add it.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster mark del -d 10.5.0.0/16 -p tcp --port 80,8000-8999 -m 1",
            "  ringmaster mark del --destination 2001:db8:5::/64 --mark 2", "",
            "Exit codes: 0 done; 1 no such rule; 2 wrong words, or no director; 3 not permitted. Nothing was changed "
                + "but by 0."})
    static final class Delete extends Change {
        Delete() {
            super("deleted", ServiceTable::deleteMark);
        }
    }

    /** {@code mark list}. */
    @Command(name = "list", description = "Print all rules as the words that add them, the oldest first.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster mark list", "  ringmaster mark list --json", "",
            "Exit codes: 0 done; 2 wrong words, or no director."})
    static final class Listing extends Verb {
        @Override
        public int run(final Call call) throws IOException {
            call.print(call.ask(parts -> json() ? json(parts.table()) : text(parts.table())));
            return ExitCode.DONE;
        }

        private static String text(final ServiceTable table) {
            final StringBuilder text = new StringBuilder();
            table.marks().forEach(rule -> text.append(MarkWords.text(rule)).append('\n'));
            return text.toString();
        }

        private static String json(final ServiceTable table) {
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
}
