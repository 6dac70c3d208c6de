package io.ringmaster.bench.latency;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.bench.latency.LatencyRun.Found;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run found, for programs, under stable names. */
record LatencyJson(LatencyReport report) {
    void write(final Path file) {
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            writePlan(json, report.plan());
            writeSide(json, report.own());
            if (report.theirs() != null) {
                json.writeObjectFieldStart("peer");
                json.writeStringField("name", report.plan().peer().word());
                writeSide(json, report.theirs());
                json.writeEndObject();
                writeRatios(json);
            }
            json.writeNumberField("spread", report.spread());
            json.writeBooleanField("honest", report.doubts().isEmpty());
            writeMachine(json, report.machine());
            json.writeEndObject();
        } catch (final IOException e) {
            throw new BenchException("The results could not be written to " + file + " (" + e.getMessage() + ").", e);
        }
    }

    private static void writePlan(final JsonGenerator json, final LatencyPlan plan) throws IOException {
        json.writeStringField("bench", "latency");
        json.writeStringField("method", plan.method().word());
        json.writeNumberField("connections", plan.connections());
        json.writeNumberField("ratePerSec", plan.rate());
        json.writeNumberField("seconds", plan.seconds());
        json.writeNumberField("rounds", plan.rounds());
        json.writeStringField("idle", plan.idle());
    }

    private static void writeSide(final JsonGenerator json, final Found side) throws IOException {
        json.writeArrayFieldStart("percentiles");
        for (final double percentile : LatencyReport.PERCENTILES) {
            json.writeStartObject();
            json.writeNumberField("percentile", percentile);
            json.writeNumberField("ofAllRoundsUs", side.all().getValueAtPercentile(percentile) / 1_000.0);
            writeSamples(json, "us", LatencyReport.us(side, percentile));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("packetsSent", side.sent());
        json.writeNumberField("packetsLost", side.lost());
        json.writeNumberField("senderLatestUs", side.senderLatestNs() / 1_000.0);
        json.writeNumberField("senderLateShare", side.senderLateShare());
    }

    /** Ratios of latency, where less is better; ratioToPeer is one of speed, as in every run: more is better. */
    private void writeRatios(final JsonGenerator json) throws IOException {
        json.writeNumberField("ratioToPeer", 1 / report.ratio(LatencyReport.PERCENTILES[0]).median());
        json.writeArrayFieldStart("latencyRatios");
        for (final double percentile : LatencyReport.PERCENTILES) {
            json.writeStartObject();
            json.writeNumberField("percentile", percentile);
            writeSamples(json, "ratio", report.ratio(percentile));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeSamples(final JsonGenerator json, final String name, final Samples samples)
        throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("median", samples.median());
        json.writeNumberField("min", samples.min());
        json.writeNumberField("max", samples.max());
        json.writeNumberField("lowerQuartile", samples.quantile(0.25));
        json.writeNumberField("upperQuartile", samples.quantile(0.75));
        json.writeEndObject();
    }

    private static void writeMachine(final JsonGenerator json, final Machine machine) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("cpu", machine.cpu());
        json.writeNumberField("cores", machine.cores());
        json.writeNumberField("memoryMb", machine.memoryMb());
        json.writeStringField("kernel", machine.kernel());
        json.writeStringField("jdk", machine.jdk());
        json.writeStringField("flags", machine.flags());
        json.writeNumberField("load", machine.load());
        json.writeEndObject();
    }
}
