package io.ringmaster.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.explain.Course;
import io.ringmaster.explain.Entry;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.Form;
import io.ringmaster.explain.Pieces;
import io.ringmaster.explain.Question;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** An explanation for programs: one object, what each worker would do in an array. Used once. */
final class ExplainJson {
    private static final int MS_PER_SEC = 1_000;

    private final Explanation explanation;
    private final ExplainWords words;

    ExplainJson(final Explanation explanation, final ExplainWords words) {
        this.explanation = explanation;
        this.words = words;
    }

    /** Writes the fields of the object. */
    void write(final JsonGenerator json) throws IOException {
        packet(json);
        if (explanation.verdict().isPresent()) {
            json.writeStringField("xdp", explanation.verdict().get().word().replace('_', '-'));
            json.writeStringField("xdpMeaning", explanation.verdict().get().meaning());
        } else {
            json.writeNullField("xdp");
        }
        json.writeBooleanField("redirected", explanation.taken());
        json.writeStringField("service", words.service());
        if (words.service() == null) {
            json.writeStringField("answers", words.answered());
        }
        json.writeStringField("scheduler", words.scheduler());
        json.writeBooleanField("needsPayload", explanation.needsPayload());
        entry(json, "connection", explanation.connection().orElse(null));
        entry(json, "template", explanation.template().orElse(null));
        json.writeArrayFieldStart("workers");
        for (final Course course : explanation.courses()) {
            json.writeStartObject();
            course(json, course);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void packet(final JsonGenerator json) throws IOException {
        final Question question = explanation.question();
        final boolean ports = question.from().port() != 0 || question.to().port() != 0;
        json.writeObjectFieldStart("packet");
        json.writeStringField("protocol", ExplainWords.protocol(question.protocol()));
        final Form form = question.form();
        final boolean turned = form.error() != null;
        json.writeStringField("from", ExplainWords.end(turned ? question.to() : question.from(), ports));
        json.writeStringField("to", ExplainWords.end(turned ? question.from() : question.to(), ports));
        json.writeNumberField("flags", question.flags());
        json.writeNumberField("lengthBytes", question.lengthBytes());
        json.writeStringField("interface", words.interfaceName(question.arrival().port()));
        if (question.arrival().tags() != 0) {
            json.writeStringField("vlan", VlanTags.text(question.arrival().tags()));
        }
        json.writeBooleanField("mayFragment", form.mayFragment() || form.cut());
        if (form.cut()) {
            json.writeStringField("fragment", form.part().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("fragments", Pieces.count(question,
                explanation.scene().view().port(question.arrival().port()).mtuBytes()));
        }
        if (turned) {
            error(json, form.error(), question.ipv4());
        }
        json.writeEndObject();
    }

    private static void error(final JsonGenerator json, final Form.Error error, final boolean ipv4)
        throws IOException {
        json.writeObjectFieldStart("icmpError");
        json.writeStringField("word", ErrorWord.of(error.type(), error.code(), ipv4).toString());
        json.writeNumberField("type", error.type());
        json.writeNumberField("code", error.code());
        if (error.mtuBytes() != 0) {
            json.writeNumberField("mtuBytes", error.mtuBytes());
        }
        json.writeEndObject();
    }

    private void entry(final JsonGenerator json, final String name, final Entry entry) throws IOException {
        if (entry == null) {
            json.writeNullField(name);
            return;
        }
        final RealServerView server = explanation.scene().view().realServer(entry.realServer());
        json.writeObjectFieldStart(name);
        json.writeStringField("state", ExplainWords.state(entry, server == null ? 0 : server.service().protocol()));
        json.writeStringField("realServer", server == null ? null : ExplainWords.serverText(server));
        json.writeNumberField("expireSec", Math.max(0, ConnectionValue.remainingMs(entry.value(),
            explanation.scene().nowMs())) / MS_PER_SEC);
        json.writeEndObject();
    }

    private void course(final JsonGenerator json, final Course course) throws IOException {
        final RealServerView server = explanation.server(course);
        json.writeStringField("result", course.end().word());
        json.writeStringField("kind", course.end().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeStringField("meaning", course.end().meaning());
        json.writeStringField("advice", course.end().advice());
        json.writeStringField("choice", !Explanation.opens(course) ? "none" : explanation.ledByTemplate(course)
            ? "template" : "scheduler");
        json.writeStringField("realServer", server == null ? null : ExplainWords.serverText(server));
        if (server != null && explanation.service() != null) {
            final NextHop hop = server.nextHop();
            json.writeObjectFieldStart("nextHop");
            json.writeStringField("interface", hop.routed() ? words.interfaceName(hop.port()) : null);
            json.writeStringField("mac", hop.resolved() ? FrameHeaders.mac(hop.destinationMac()) : null);
            json.writeNumberField("mtuBytes", hop.mtuBytes());
            json.writeBooleanField("local", hop == NextHop.LOCAL);
            json.writeEndObject();
        }
        json.writeArrayFieldStart("events");
        for (final Counter event : course.events()) {
            json.writeString(event.word());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("leaves");
        for (final Course.Sent sent : course.sent()) {
            json.writeStartObject();
            json.writeStringField("interface", words.interfaceName(sent.port()));
            frame(json, sent.frame(), server);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("handedBack");
        for (final byte[] frame : course.handedBack()) {
            json.writeStartObject();
            frame(json, frame, server);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void frame(final JsonGenerator json, final byte[] frame, final RealServerView server)
        throws IOException {
        json.writeArrayFieldStart("headers");
        for (final FrameHeaders header : FrameHeaders.of(frame, server == null ? 0 : server.tunnel().port())) {
            json.writeStartObject();
            json.writeStringField("header", header.name());
            for (final Map.Entry<String, Object> field : header.fields().entrySet()) {
                if (field.getValue() instanceof Integer number) {
                    json.writeNumberField(field.getKey(), number);
                } else {
                    json.writeStringField(field.getKey(), field.getValue().toString());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
