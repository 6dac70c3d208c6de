package io.ringmaster.cli;

import io.ringmaster.control.RefusedException;
import io.ringmaster.explain.Arrivals;
import io.ringmaster.explain.Explainer;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.Question;
import io.ringmaster.explain.Scene;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.VlanPorts;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.DirectorParts;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmaster explain}. */
@Command(name = "explain",
    description = {"Tell what would happen to a packet, without sending it: whether it is taken from the kernel and "
        + "why, which service, connection, template or scheduler's choice it meets, how it leaves and where to; or why "
        + "it is dropped and what to do.",
        "The director's own program and packet path judge it by the tables as they are. Nothing is changed or "
            + "counted. The packet's data are zeros: of --pe sip it tells that the Call-ID decides, and what FTP's "
            + "commands do it cannot foresee. Errors about tunnel packets, by which path MTUs are learned, cannot be "
            + "asked about."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster explain --from 10.77.1.11:40000 --to 10.77.1.100:8000",
        "  ringmaster explain --from 10.77.2.11:8080 --to 10.77.1.11:40000 --flags SA --json",
        "  ringmaster explain --from 10.77.1.100:8000 --to 10.77.1.11:40000 --icmp-error frag-needed", "",
        "Exit codes: 0 it would go on to a real server or client; 1 it would not: the kernel's, answered by",
        "an error, a fragment that waits for others, or dropped; 2 wrong words, or no director."})
final class ExplainCommand extends Verb {
    private static final int NOT_SENT = 1;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    @Option(names = "--from", required = true, paramLabel = "CIP:PORT", converter = Place.Reader.class,
        description = "Who would send it: a client, or a real server that answers.")
    private Place from;

    @Option(names = "--to", required = true, paramLabel = "VIP:PORT", converter = Place.Reader.class,
        description = "Where it would go to.")
    private Place to;

    @Option(names = "--proto", paramLabel = "PROTOCOL", defaultValue = "tcp",
        description = "${COMPLETION-CANDIDATES} (an echo request); tcp if it is not given.")
    private ProtocolWord protocol;

    @Option(names = "--flags", paramLabel = "FLAGS",
        description = "TCP: the letters of tcpdump, S SYN, F FIN, R RST, P PSH, A or . ACK, U URG; S if it is not "
            + "given, or A from a real server. SCTP: init (if it is not given), data, cookie-echo, shutdown, "
            + "abort.")
    private String flags;

    @Mixin
    private ExplainForm form;

    @Option(names = "--interface", paramLabel = "IF", description = "By which it would come in, a VLAN interface, too; "
        + "that of the route to its sender if it is not given.")
    private String interfaceName;

    @Option(names = "--vlan", paramLabel = "ID", converter = VlanTags.Reader.class,
        description = "VLAN that it would come in by: 100, or 200.100 for one within another (802.1ad).")
    private VlanTags vlan;

    private boolean guessed;

    @Override
    public int run(final Call call) throws IOException {
        checkWords();
        final Explainer explainer = call.ask(DirectorParts::explainer).orElseThrow(() -> new RefusedException(
            "This director has no workers that could be asked."));
        final View view = call.ask(parts -> parts.table().view());
        final Question.Arrival arrival = arrival(explainer, view);
        final Begun begun = call.ask(parts -> begin(parts, explainer, arrival));
        final long startNs = System.nanoTime();
        while (!begun.scene.complete()) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new RefusedException("Not all workers have told what they know within 5 seconds; "
                    + "ringmaster top shows what they do.");
            }
            call.pause(1);
        }
        final Explanation explanation = explainer.explain(begun.scene, begun.question);
        final ExplainWords words = call.ask(parts -> ExplainWords.of(parts.table(), explainer, explanation,
            guessed));
        if (json()) {
            call.json(json -> new ExplainJson(explanation, words).write(json));
        } else {
            call.print(new ExplainText(explanation, words).text());
        }
        return explanation.taken() && !explanation.needsPayload() && goesOn(explanation.courses().getFirst().end())
            ? 0 : NOT_SENT;
    }

    /** Whether it gets where it is to go: the director itself can be the real server. */
    private static boolean goesOn(final Counter end) {
        return end.kind() == Counter.Kind.SENT && end != Counter.SENT_ICMP_ERROR
            && end != Counter.FRAGMENT_JOINED || end == Counter.BACK_LOCAL_NODE;
    }

    private void checkWords() {
        if (from.address().ipv6() != to.address().ipv6()) {
            throw new UsageException("--from " + from + " and --to " + to + " are of different families.");
        }
        final boolean ports = protocol != ProtocolWord.ICMP;
        requirePort(ports, "--from", from);
        requirePort(ports, "--to", to);
        form.check(protocol, !to.address().ipv6());
        PacketFlags.check(flags, protocol.number());
    }

    private void requirePort(final boolean ports, final String option, final Place place) {
        if (ports && place.port() == Place.ANY_PORT) {
            throw new UsageException(option + " " + place + " has no port; write it like "
                + Place.text(place.address(), option.equals("--from") ? 40_000 : 80) + ".");
        }
        if (!ports && place.port() != Place.ANY_PORT) {
            throw new UsageException(option + " " + place + " has a port, which icmp has not.");
        }
    }

    private Question.Arrival arrival(final Explainer explainer, final View view) {
        final int known = explainer.interfaceNames().size();
        if (interfaceName == null) {
            final Question.Arrival found = Arrivals.by(view, known, sender());
            // Where no route tells, the first is as good as any.
            guessed = found.port() < 0;
            return arrival(explainer, view, Math.max(0, found.port()), found.sourceMac());
        }
        final int port = explainer.interfaceNames().indexOf(interfaceName);
        if (port < 0) {
            throw new UsageException("--interface " + interfaceName + " is none of the director's: "
                + String.join(", ", explainer.interfaceNames()) + ".");
        }
        return arrival(explainer, view, port, Arrivals.mac(view, port, sender()));
    }

    private Question.Arrival arrival(final Explainer explainer, final View view, final int port, final long mac) {
        final VlanPorts vlans = explainer.vlans();
        final boolean stands = port >= explainer.interfaces();
        if (stands && vlan != null && interfaceName != null) {
            throw new UsageException("--interface " + interfaceName + " is a VLAN already; give that or --vlan.");
        }
        final int parent = stands ? vlans.parent(port) : port;
        final int tags = vlan != null ? vlan.tags() : stands ? vlans.tags(port) : 0;
        final Question.Arrival arrival = new Question.Arrival(parent, tags, mac, view.port(parent).mac());
        form.checkFits(question(0, arrival), explainer.interfaceNames().get(port), view.port(port).mtuBytes());
        return arrival;
    }

    private record Begun(Question question, Scene scene) {
    }

    private Begun begin(final DirectorParts parts, final Explainer explainer, final Question.Arrival arrival) {
        final View view = parts.table().view();
        final Question draft = question(0, arrival);
        final int bits = flags != null ? PacketFlags.bits(flags, draft.protocol())
            : PacketFlags.usual(draft.protocol(), !form.isError() && (explainer.service(view, draft) != null
                || !explainer.answers(view, draft)));
        final Question question = question(bits, arrival);
        return new Begun(question, explainer.scene(view, question).orElseThrow(() -> new RefusedException(
            "A worker has too many commands waiting; ask again.")));
    }

    private Question question(final int bits, final Question.Arrival arrival) {
        final boolean ipv4 = !to.address().ipv6();
        final int number = protocol == ProtocolWord.ICMP && !ipv4 ? Ipv6.PROTOCOL_ICMPV6 : protocol.number();
        return new Question(number, sender(), end(form.isError() ? from : to), bits,
            form.lengthBytes(number, ipv4), form.form(ipv4), arrival);
    }

    /** Whom the packet or error comes from. */
    private Question.End sender() {
        return end(form.isError() ? to : from);
    }

    private static Question.End end(final Place place) {
        return new Question.End(place.address().high(), place.address().low(), Math.max(0, place.port()));
    }
}
