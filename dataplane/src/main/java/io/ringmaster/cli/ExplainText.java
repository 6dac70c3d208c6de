package io.ringmaster.cli;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.explain.Arrivals;
import io.ringmaster.explain.Course;
import io.ringmaster.explain.Entry;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.Form;
import io.ringmaster.explain.Pieces;
import io.ringmaster.explain.Question;
import io.ringmaster.fragment.Reassembly;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.List;

/** An explanation for a person: a line for each step of the packet's way. Used once. */
final class ExplainText {
    private static final String ROW = "%-12s %s%n";
    private static final int MS_PER_SEC = 1_000;

    private final Explanation explanation;
    private final ExplainWords words;
    private final Question question;
    private final StringBuilder text = new StringBuilder();

    ExplainText(final Explanation explanation, final ExplainWords words) {
        this.explanation = explanation;
        this.words = words;
        this.question = explanation.question();
    }

    String text() {
        row("packet", packet());
        program();
        if (explanation.needsPayload()) {
            row("service", words.service() + " " + words.scheduler() + " --pe sip");
            row("connection", "none");
            row("result", "it hangs on the Call-ID that the packet carries: that of a known call leads to its real "
                + "server, another is scheduled, and a packet without one is dropped");
        } else if (explanation.taken()) {
            final Course course = explanation.courses().getFirst();
            if (!question.form().incomplete()) {
                met(course);
                way(course);
            }
            result(course);
        }
        if (words.guessed()) {
            row("note", "No route leads to " + ExplainWords.address(question.from().high(), question.from().low())
                + " by an interface of the director: " + words.interfaceName(question.arrival().port())
                + " is a guess, --interface says another.");
        }
        if (question.arrival().sourceMac() == Arrivals.UNKNOWN_MAC) {
            row("note", "The MAC address of " + ExplainWords.address(question.from().high(), question.from().low())
                + " is not known here; " + FrameHeaders.mac(Arrivals.UNKNOWN_MAC) + " stands for it.");
        }
        return text.toString();
    }

    private void row(final String label, final String sentence) {
        text.append(String.format(ROW, label, sentence));
    }

    private boolean ports() {
        return explanation.question().protocol() == Ipv4.PROTOCOL_TCP
            || explanation.question().protocol() == Ipv4.PROTOCOL_UDP
            || explanation.question().protocol() == Ipv4.PROTOCOL_SCTP;
    }

    private String packet() {
        final StringBuilder packet = new StringBuilder();
        final Form.Error error = question.form().error();
        final String ends = ExplainWords.protocol(question.protocol()) + ' '
            + ExplainWords.end(error == null ? question.from() : question.to(), ports()) + " > "
            + ExplainWords.end(error == null ? question.to() : question.from(), ports());
        if (error != null) {
            packet.append("ICMP ").append(ErrorWord.of(error.type(), error.code(), question.ipv4()));
            packet.append(error.mtuBytes() == 0 ? "" : ", MTU " + error.mtuBytes()).append(", about ").append(ends);
        } else {
            packet.append(ends);
            if (question.protocol() == Ipv4.PROTOCOL_TCP) {
                packet.append(" [").append(PacketFlags.letters(question.flags())).append(']');
            }
            packet.append(", ").append(question.lengthBytes()).append(" bytes").append(parts());
        }
        packet.append(", by ").append(words.interfaceName(question.arrival().port()));
        final int tags = question.arrival().tags();
        if (tags != 0) {
            packet.append(" in VLAN ").append(VlanTags.text(tags));
        }
        return packet.toString();
    }

    private String parts() {
        final Form form = question.form();
        final int count = form.cut() ? Pieces.count(question,
            explanation.scene().view().port(question.arrival().port()).mtuBytes()) : 1;
        return switch (form.part()) {
            case WHOLE -> form.mayFragment() ? ", may be fragmented" : "";
            case FIRST -> ", the first of " + count + " fragments";
            case LATER -> ", the last of " + count + " fragments";
            case ALL -> " in " + count + " fragments";
        };
    }

    private void program() {
        if (explanation.verdict().isEmpty()) {
            row("XDP program", "this kernel cannot be asked (5.15 or later can); it is taken for redirected");
            return;
        }
        final XdpReason reason = explanation.verdict().get();
        row("XDP program", reason.word().replace('_', '-') + ": " + reason.meaning());
        if (!explanation.taken()) {
            row("result", "it stays with the kernel");
            if (reason == XdpReason.PASSED_NO_SERVICE || reason == XdpReason.PASSED_LOCAL) {
                row("", "> " + (words.others().isEmpty() ? "No service has this address: ringmaster ipvsadm -Ln."
                    : "Services of this address: " + String.join(", ", words.others()) + "."));
            }
        }
    }

    private void met(final Course course) {
        if (words.service() != null) {
            row("service", words.service() + " " + words.scheduler() + (explanation.service().persistSec() == 0 ? ""
                : ", persistent " + explanation.service().persistSec() + " s"));
        } else if (words.answered() != null) {
            row("service", words.answered() + ", whose real server answers");
        }
        explanation.connection().ifPresentOrElse(found -> row("connection", known(found)
            + (Explanation.opens(course) ? "; it ends, and a new one takes its place" : "")),
            () -> row("connection", "none" + (!Explanation.opens(course) ? "" : explanation.service() != null
                && explanation.service().onePacket() ? "; it is scheduled by itself" : "; it makes one")));
        explanation.template().ifPresent(found -> row("template", known(found)
            + (explanation.ledByTemplate(course) ? "" : Explanation.opens(course) ? "; of no use any more" : "")));
        if (Explanation.opens(course) && !explanation.ledByTemplate(course)) {
            scheduled(course);
        } else if (course.server() == 0 && explanation.service() != null && explanation.connection().isEmpty()) {
            refusals(course);
        }
        if (explanation.makesTemplate(course)) {
            row("template", "it makes one");
        }
    }

    private String known(final Entry entry) {
        final RealServerView server = explanation.scene().view().realServer(entry.realServer());
        final long nowMs = explanation.scene().nowMs();
        final int protocol = server == null ? 0 : server.service().protocol();
        return ExplainWords.state(entry, protocol) + ", " + (server == null ? "to no real server"
            : "to " + ExplainWords.serverText(server)) + ", ends in "
            + Period.text(Math.max(0, ConnectionValue.remainingMs(entry.value(), nowMs)) / MS_PER_SEC);
    }

    private void scheduled(final Course course) {
        if (!explanation.differs()) {
            row("scheduler", words.scheduler() + (words.scheduler().equals("twos") ? " draws at random, for example "
                : " chooses ") + choice(course));
            return;
        }
        row("scheduler", words.scheduler() + ", each worker by what it remembers; the NIC says which gets the packet");
        for (int w = 0; w < explanation.courses().size(); w++) {
            row("", "worker " + w + " chooses " + choice(explanation.courses().get(w)));
        }
        row("", "what follows is worker 0's");
    }

    private String choice(final Course course) {
        return words.server(course.server()).map(server -> ExplainWords.serverText(server.view()) + " (weight "
            + server.view().weight() + ", " + server.active() + " active and " + server.inactive()
            + " inactive connections)").orElse("none");
    }

    private void refusals(final Course course) {
        final boolean asked = course.end() == Counter.DROP_NO_REAL_SERVER || course.end() == Counter.SENT_ICMP_ERROR;
        if (!asked) {
            return;
        }
        if (words.servers().isEmpty()) {
            row("real servers", "none");
        }
        for (final ExplainWords.Server server : words.servers()) {
            if (!server.refusal().isEmpty()) {
                row("real server", ExplainWords.serverText(server.view()) + ": " + server.refusal());
            }
        }
    }

    private void way(final Course course) {
        final RealServerView server = explanation.server(course);
        if (server == null) {
            return;
        }
        course.entries().stream().filter(entry -> !entry.template() && entry.realServer() == course.server())
            .findFirst().ifPresent(entry -> row("method",
                ExplainWords.method(server, ConnectionValue.method(entry.value()))));
        if (explanation.service() != null) {
            row("next hop", hop(server));
        }
    }

    private String hop(final RealServerView server) {
        final NextHop hop = server.nextHop();
        if (hop == NextHop.LOCAL) {
            return "this host itself";
        }
        if (!hop.routed()) {
            return "none: no route to " + ExplainWords.address(server.addressHigh(), server.addressLow())
                + " by an interface of the director";
        }
        return (hop.resolved() ? FrameHeaders.mac(hop.destinationMac()) : "a neighbour that does not answer") + " by "
            + words.interfaceName(hop.port()) + ", MTU " + hop.mtuBytes();
    }

    private void result(final Course course) {
        row("result", course.end().word() + ": " + course.end().meaning());
        if (!course.end().advice().isEmpty()) {
            row("", "> " + course.end().advice());
        }
        if (course.end() == Counter.FRAGMENT_JOINED) {
            row("", "> It waits for the others, " + (question.ipv4() ? Reassembly.TIMEOUT_MS : Reassembly.TIMEOUT6_MS)
                / MS_PER_SEC + " seconds; --fragment all tells what becomes of the whole.");
        } else if (course.end() == Counter.SENT_ICMP_ERROR) {
            row("", "> As far as this host's limit leaves one: sysctl " + (question.ipv4() ? "net.ipv4.icmp_ratelimit"
                : "net.ipv6.icmp.ratelimit") + ".");
        } else if (!course.handedBack().isEmpty()) {
            row("", "> At most run --hand-back-rate of such packets a second.");
        }
        for (final Course.Sent sent : course.sent()) {
            row("leaves", "by " + words.interfaceName(sent.port()) + ": " + headers(sent.frame(), course));
        }
        for (final byte[] frame : course.handedBack()) {
            row("the kernel's", headers(frame, course));
        }
        for (final Counter event : course.events()) {
            if (event != Counter.PACKETS_RECEIVED && event != Counter.CONNECTIONS_CREATED
                && event != Counter.CONNECTIONS_ENDED) {
                row("also", event.word() + ": " + event.meaning());
            }
        }
    }

    private String headers(final byte[] frame, final Course course) {
        final RealServerView server = explanation.server(course);
        final List<String> parts = new ArrayList<>();
        for (final FrameHeaders header : FrameHeaders.of(frame, server == null ? 0 : server.tunnel().port())) {
            parts.add(header.text());
        }
        return String.join(", ", parts);
    }
}
