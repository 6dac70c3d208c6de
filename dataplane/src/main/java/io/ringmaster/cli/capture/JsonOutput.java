package io.ringmaster.cli.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.verb.Call;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/** A capture as JSON, one object a line. Used by the thread of its call. */
public final class JsonOutput implements CaptureOutput {
    private static final JsonFactory JSON = new JsonFactory();

    private final StringWriter lines = new StringWriter();
    private final List<String> interfaces;
    private final WallClock clock;
    private final PacketText text = new PacketText();

    /**
     * Objects about packets of these interfaces.
     *
     * @param interfaces their names.
     */
    public JsonOutput(final List<String> interfaces, final WallClock clock) {
        this.interfaces = interfaces;
        this.clock = clock;
    }

    @Override
    public void onRecord(final MemorySegment memory, final long offset, final int lengthBytes) {
        try (JsonGenerator json = JSON.createGenerator(lines)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            write(json, memory, offset, lengthBytes);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.write('\n');
    }

    private void write(final JsonGenerator json, final MemorySegment memory, final long offset, final int lengthBytes)
        throws IOException {
        final Described described = Described.of(memory, offset);
        json.writeStartObject();
        json.writeStringField("time", clock.instant(CaptureRecord.timeNs(memory, offset)).toString());
        json.writeNumberField("packet", described.number());
        json.writeStringField("side", described.side().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeStringField("interface", interfaces.get(CaptureRecord.port(memory, offset)));
        json.writeNumberField("bytes", CaptureRecord.wireBytes(memory, offset));
        json.writeStringField("text", text.of(memory, offset + CaptureRecord.HEADER_BYTES,
            lengthBytes - CaptureRecord.HEADER_BYTES, CaptureRecord.wireBytes(memory, offset)));
        json.writeStringField("service", described.service());
        json.writeStringField("realServer", described.server());
        json.writeStringField("method", described.method());
        json.writeStringField("verdict", switch (described.verdict().kind()) {
            case DROP -> "dropped";
            case HANDED_BACK -> "handed back";
            case SENT, EVENT -> "sent";
        });
        json.writeStringField("reason", described.verdict().word());
        json.writeEndObject();
    }

    @Override
    public void send(final Call call) throws IOException {
        call.print(lines.toString());
        call.flush();
        lines.getBuffer().setLength(0);
    }
}
