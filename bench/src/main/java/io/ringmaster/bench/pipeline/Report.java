package io.ringmaster.bench.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Samples;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a run found, for people and for programs.
 *
 * @param peerWord           name of the peer, null without one.
 * @param fill               of opening the connections; null if there were too few.
 * @param bytesPerConnection of the table.
 * @param pages              of the table.
 */
record Report(Plan plan, Machine machine, String peerWord, Comparison.Result fill, Comparison.Result known,
              boolean checksumsEqual, long checksum, double bytesPerConnection, String pages) {
    private static final double HONEST_SPREAD = 0.10;
    private static final double NS_PER_US = 1_000;

    /** Head of the table, before the run. */
    static void introduce(final PrintStream out, final Plan plan, final Machine machine, final String peer) {
        out.printf(Locale.ROOT, "pipeline: %,d connections, %s, %,d frames, %.1f %% new, one worker%s%n",
            plan.connections(), plan.method().word(), plan.frames(), plan.newPerMille() / 10.0,
            plan.cpu() < 0 ? "" : " on core " + plan.cpu());
        out.printf(Locale.ROOT, "machine:  %s, %d cores, %,d MB, load %.1f; Linux %s%n", machine.cpu(),
            machine.cores(), machine.memoryMb(), machine.load(), machine.kernel());
        out.println("java:     " + machine.jdk() + "; " + machine.flags());
        if (peer != null) {
            out.println("peer:     " + CProgram.compiler() + "; " + String.join(" ", CProgram.FLAGS));
        }
    }

    void print(final PrintStream out) {
        final boolean alone = peerWord == null;
        out.println();
        line(out, "", "Ringmaster, ns a packet", alone ? "" : "C, ns a packet", alone ? "" : "speed, of C's");
        line(out, "", "median (min - max)", alone ? "" : "median (min - max)", alone ? "" : "median (quartiles)");
        row(out, plan.newPerMille() == 0 ? "known connections" : "known and new", known);
        if (fill != null) {
            row(out, "opening connections", fill);
        }
        out.printf(Locale.ROOT, "%n%.2f Mpps on one core; %.1f bytes a connection (%s); %d rounds; times are those that"
            + " the thread had a core%n", NS_PER_US / known.ownNs().median(), bytesPerConnection, pages,
            known.ownNs().count());
        if (peerWord != null) {
            out.printf("output checksum %016x, %s%n", checksum, checksumsEqual ? "equal in both"
                : "NOT THE SAME as the peer's: one of them does another job, and the figures say nothing");
        }
        if (known.spread() > HONEST_SPREAD) {
            out.printf(Locale.ROOT, "Not an honest run: a round differs from the next by %.0f %%; repeat it on a"
                + " quieter machine.%n", known.spread() * 100);
        }
    }

    private static void row(final PrintStream out, final String name, final Comparison.Result result) {
        line(out, name, figures(result.ownNs()), result.peerNs() == null ? "" : figures(result.peerNs()),
            result.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", result.ratio().median(),
                result.ratio().quantile(0.25), result.ratio().quantile(0.75)));
    }

    private static void line(final PrintStream out, final String name, final String own, final String peer,
                             final String ratio) {
        out.println(String.format("%-22s %28s %28s %22s", name, own, peer, ratio).stripTrailing());
    }

    private static String figures(final Samples ns) {
        return String.format(Locale.ROOT, "%.1f (%.1f - %.1f)", ns.median(), ns.min(), ns.max());
    }

    /** Writes everything under stable names. */
    void write(final Path file) {
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("bench", "pipeline");
            json.writeStringField("method", plan.method().word());
            json.writeNumberField("connections", plan.connections());
            json.writeNumberField("frames", plan.frames());
            json.writeNumberField("newShare", plan.newPerMille() / 1_000.0);
            json.writeNumberField("workers", 1);
            json.writeNumberField("rounds", known.ownNs().count());
            write(json, known);
            json.writeNumberField("mpps", NS_PER_US / known.ownNs().median());
            json.writeNumberField("bytesPerConnection", bytesPerConnection);
            json.writeStringField("tablePages", pages);
            json.writeNumberField("spread", known.spread());
            json.writeBooleanField("honest", known.spread() <= HONEST_SPREAD && checksumsEqual);
            if (fill != null) {
                json.writeObjectFieldStart("opening");
                write(json, fill);
                json.writeEndObject();
            }
            if (peerWord != null) {
                json.writeStringField("outputChecksum", Long.toHexString(checksum));
                json.writeBooleanField("checksumsEqual", checksumsEqual);
                json.writeStringField("compiler", CProgram.compiler());
            }
            writeMachine(json);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new BenchException("The results could not be written to " + file + " (" + e.getMessage() + ").", e);
        }
    }

    private void write(final JsonGenerator json, final Comparison.Result result) throws IOException {
        writeSamples(json, "nsPerPacket", result.ownNs());
        if (result.ratio() != null) {
            json.writeObjectFieldStart("peer");
            json.writeStringField("name", peerWord);
            writeSamples(json, "nsPerPacket", result.peerNs());
            json.writeEndObject();
            json.writeNumberField("ratioToPeer", result.ratio().median());
            writeSamples(json, "ratioToPeerSpread", result.ratio());
        }
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

    private void writeMachine(final JsonGenerator json) throws IOException {
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
