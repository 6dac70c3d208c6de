package io.ringmaster.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a run found, for programs: a JSON object whose names stay the same from version to version (bench/README.md
 * lists them). Every run makes one; those names that several runs have in common are written by methods here. Any
 * thread, one at a time.
 */
public final class Results {
    /** A round that differs more than this from the next, as a share, says little. */
    public static final double HONEST_SPREAD = 0.10;
    private static final double NS_PER_US = 1_000;

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Results() {
    }

    /** Begins with the name of the run and what it runs on. */
    public static Results of(final String bench, final Machine machine) {
        final Results results = new Results().put("bench", bench);
        return results.object("machine", on -> on.put("cpu", machine.cpu()).put("cores", machine.cores())
            .put("memoryMb", machine.memoryMb()).put("kernel", machine.kernel()).put("jdk", machine.jdk())
            .put("flags", machine.flags()).put("load", machine.load()));
    }

    /** A word. */
    public Results put(final String name, final String word) {
        fields.put(name, word);
        return this;
    }

    /** A whole number. */
    public Results put(final String name, final long number) {
        fields.put(name, number);
        return this;
    }

    /** A number; one that is none, as of an empty sample, is left out. */
    public Results put(final String name, final double number) {
        if (Double.isFinite(number)) {
            fields.put(name, number);
        }
        return this;
    }

    /** Yes or no. */
    public Results put(final String name, final boolean yes) {
        fields.put(name, yes);
        return this;
    }

    /** An object of its own below this one. */
    public Results object(final String name, final Consumer<Results> content) {
        final Results inner = new Results();
        content.accept(inner);
        fields.put(name, inner);
        return this;
    }

    /** Figures of alternated rounds: median, min, max, lowerQuartile, upperQuartile, rounds. */
    public Results samples(final String name, final Samples samples) {
        return object(name, of -> of.put("median", samples.median()).put("min", samples.min())
            .put("max", samples.max()).put("lowerQuartile", samples.quantile(0.25))
            .put("upperQuartile", samples.quantile(0.75)).put("rounds", samples.count()));
    }

    /** Nanoseconds a packet, and from them millions of packets a second: nsPerPacket, mpps. */
    public Results nsPerPacket(final Samples ns) {
        return samples("nsPerPacket", ns).put("mpps", NS_PER_US / ns.median());
    }

    /**
     * What it was compared with, and how many times as good as that it is: peer, ratioToPeer (the median),
     * ratioToPeerRange. The chart draws whatever has these.
     *
     * @param peer  name of the peer.
     * @param ratio of each pair of alternated rounds; above 1 this director is the better one.
     */
    public Results ratioToPeer(final String peer, final Samples ratio) {
        return put("peer", peer).put("ratioToPeer", ratio.median()).samples("ratioToPeerRange", ratio);
    }

    /**
     * How much the run can be trusted: spread, honest, and if it cannot, why.
     *
     * @param spread  of the figure that the run is about; see {@link Samples#spread()}.
     * @param doubts  sentence that the run ended with; empty for an honest one.
     */
    public Results honesty(final double spread, final String doubts) {
        put("spread", spread).put("honest", doubts.isEmpty());
        return doubts.isEmpty() ? this : put("doubts", doubts);
    }

    /**
     * Whether results can be written to a file, before the run starts.
     *
     * @param file null if none is wanted.
     * @throws BenchException if not.
     */
    public static void check(final Path file) {
        if (file == null) {
            return;
        }
        final Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw BenchException.usage("--json " + file + " lies in no folder that is there.");
        }
        if (Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : folder)) {
            throw BenchException.usage("--json " + file + " cannot be written.");
        }
    }

    /** Writes all of it; null: nowhere. */
    public void write(final Path file) {
        if (file == null) {
            return;
        }
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
            json.useDefaultPrettyPrinter();
            write(json);
        } catch (final IOException e) {
            throw new BenchException("The results could not be written to " + file + " (" + e.getMessage() + ").", e);
        }
    }

    private void write(final JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (final Map.Entry<String, Object> field : fields.entrySet()) {
            json.writeFieldName(field.getKey());
            switch (field.getValue()) {
                case final Results inner -> inner.write(json);
                case final Long number -> json.writeNumber(number);
                case final Double number -> json.writeNumber(number);
                case final Boolean yes -> json.writeBoolean(yes);
                case final Object word -> json.writeString(word.toString());
            }
        }
        json.writeEndObject();
    }
}
