package io.ringmaster.bench.forward;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Samples;
import io.ringmaster.bench.wire.Peer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What a run found, for people and for programs. */
final class ForwardReport {
    private static final double HONEST_SPREAD = 0.10;
    private static final double NS_PER_US = 1_000;

    private final ForwardPlan plan;
    private final Machine machine;
    private final ForwardRun.Result result;
    private final Samples own;
    private final Samples theirs;
    private final Samples ratio;

    ForwardReport(final ForwardPlan plan, final Machine machine, final ForwardRun.Result result) {
        this.plan = plan;
        this.machine = machine;
        this.result = result;
        own = samples(result.own(), Round::mpps);
        theirs = plan.peer() == null ? null : samples(result.theirs(), Round::mpps);
        ratio = theirs == null ? null : Samples.of(IntStream.range(0, plan.rounds())
            .mapToDouble(i -> result.own().get(i).mpps() / result.theirs().get(i).mpps()).toArray());
    }

    private static Samples samples(final List<Round> rounds, final ToDoubleFunction<Round> figure) {
        return Samples.of(rounds.stream().mapToDouble(figure).toArray());
    }

    /** Head of the table, before the run. */
    static void introduce(final PrintStream out, final ForwardPlan plan, final Machine machine) {
        out.printf(Locale.ROOT, "forward:  %s, frames of %d bytes, %,d connections, one worker on core %d (idle %s),"
                + " load on core %d; veth, copy mode%n", plan.method().word(), plan.sizeBytes(), plan.connections(),
            plan.cores().forwarder(), plan.idle(), plan.cores().load());
        out.printf(Locale.ROOT, "machine:  %s, %d cores, %,d MB, load %.1f; Linux %s%n", machine.cpu(),
            machine.cores(), machine.memoryMb(), machine.load(), machine.kernel());
        out.println("java:     " + machine.jdk() + "; " + machine.flags());
        if (plan.peer() != null) {
            out.println("peer:     " + plan.peer().words() + (plan.peer() == Peer.C ? "; " + CProgram.compiler() + "; "
                + String.join(" ", CProgram.FLAGS) : ""));
        }
    }

    void print(final PrintStream out) {
        final boolean alone = theirs == null;
        out.println();
        line(out, "", "Ringmaster, Mpps", alone ? "" : plan.peer().words() + ", Mpps",
            alone ? "" : "speed, of peer's");
        line(out, "", "median (min - max)", alone ? "" : "median (min - max)",
            alone ? "" : "median (quartiles)");
        line(out, "came through", figures(own), alone ? "" : figures(theirs), alone ? ""
            : String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", ratio.median(), ratio.quantile(0.25),
                ratio.quantile(0.75)));
        line(out, "sent by the generator", figures(sent(result.own())), alone ? ""
            : figures(sent(result.theirs())), "");
        out.printf(Locale.ROOT, "%n%d rounds of %.1f s each; limit of Ringmaster was %s%n", plan.rounds(),
            plan.roundNs() / 1e9, result.ownLimit().words());
        if (!alone) {
            out.println("limit of the peer was " + result.theirLimit().words());
        }
        if (!honest()) {
            out.println("Not an honest run: " + complaint());
        }
    }

    private Samples sent(final List<Round> rounds) {
        return samples(rounds, Round::sentMpps);
    }

    private double spread() {
        return ratio == null ? own.spread() : ratio.spread();
    }

    private boolean honest() {
        return spread() <= HONEST_SPREAD && result.ownLimit() != Limit.GENERATOR
            && result.theirLimit() != Limit.GENERATOR;
    }

    private String complaint() {
        if (spread() > HONEST_SPREAD) {
            return String.format(Locale.ROOT, "a round differs from the next by %.0f %%; repeat it on a quieter"
                + " machine.", spread() * 100);
        }
        return "the generator was the limit, and the forwarders could perhaps do more; give the load a faster core.";
    }

    private static void line(final PrintStream out, final String name, final String mine, final String peer,
                             final String last) {
        out.println(String.format("%-22s %26s %26s %22s", name, mine, peer, last).stripTrailing());
    }

    private static String figures(final Samples mpps) {
        return String.format(Locale.ROOT, "%.3f (%.3f - %.3f)", mpps.median(), mpps.min(), mpps.max());
    }

    /** Writes everything under stable names. */
    void write(final Path file) {
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("bench", "forward");
            json.writeStringField("method", plan.method().word());
            json.writeNumberField("connections", plan.connections());
            json.writeNumberField("sizeBytes", plan.sizeBytes());
            json.writeNumberField("seconds", plan.seconds());
            json.writeNumberField("rounds", plan.rounds());
            json.writeNumberField("workers", 1);
            json.writeStringField("idle", plan.idle());
            writeSide(json, result.own(), result.ownLimit());
            if (theirs != null) {
                json.writeObjectFieldStart("peer");
                json.writeStringField("name", plan.peer().word());
                writeSide(json, result.theirs(), result.theirLimit());
                json.writeEndObject();
                json.writeNumberField("ratioToPeer", ratio.median());
                write(json, "ratioToPeerSpread", ratio);
            }
            json.writeNumberField("spread", spread());
            json.writeBooleanField("honest", honest());
            writeMachine(json);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new BenchException("The results could not be written to " + file + " (" + e.getMessage() + ").", e);
        }
    }

    private void writeSide(final JsonGenerator json, final List<Round> rounds, final Limit limit)
        throws IOException {
        json.writeNumberField("mpps", samples(rounds, Round::mpps).median());
        write(json, "mppsSpread", samples(rounds, Round::mpps));
        write(json, "nsPerPacket", samples(rounds, round -> NS_PER_US / Math.max(round.mpps(), Double.MIN_NORMAL)));
        write(json, "sentMpps", sent(rounds));
        json.writeNumberField("packetsSent", rounds.stream().mapToLong(Round::allSent).sum());
        json.writeNumberField("packetsTaken", rounds.stream().mapToLong(Round::allTaken).sum());
        json.writeNumberField("packetsCame", rounds.stream().mapToLong(Round::allCame).sum());
        json.writeStringField("limit", limit.name().toLowerCase(Locale.ROOT));
    }

    private static void write(final JsonGenerator json, final String name, final Samples samples) throws IOException {
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
