package io.ringmaster.bench.fuzz;

import io.ringmaster.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Actions written down, a line each, which can be played again, be made fewer, and be read by a person:
 * <pre>
 *   table-seed 17
 *   mtu 1500 1500
 *   run ipvsadm -A -t 10.1.0.100:80 -s rr
 *   elapse 1
 *   frame 0 0200...
 *   cycle
 *   end
 * </pre>
 */
final class CaseFile implements Actions {
    private final List<String> lines = new ArrayList<>();
    private final Actions other;

    /** Writes down what is done to another. */
    CaseFile(final Actions other) {
        this.other = other;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void command(final List<String> words, final String stdin) {
        lines.add("run " + String.join(" ", words));
        other.command(words, stdin);
    }

    @Override
    public void elapse(final long ms) {
        lines.add("elapse " + ms);
        other.elapse(ms);
    }

    @Override
    public void sends(final boolean on) {
        lines.add(on ? "sends" : "sends-not");
        other.sends(on);
    }

    @Override
    public void frame(final int port, final byte[] bytes, final int lengthBytes) {
        lines.add("frame " + port + " " + HexFormat.of().formatHex(bytes, 0, lengthBytes));
        other.frame(port, bytes, lengthBytes);
    }

    @Override
    public void cycle() {
        lines.add("cycle");
        other.cycle();
    }

    @Override
    public void end() {
        lines.add("end");
        other.end();
    }

    /** Does what lines say. */
    static void play(final List<String> lines, final Actions director) {
        for (final String line : lines) {
            final List<String> words = List.of(line.split(" "));
            switch (words.getFirst()) {
                case "run" -> director.command(words.subList(1, words.size()), "");
                case "elapse" -> director.elapse(Long.parseLong(words.get(1)));
                case "sends" -> director.sends(true);
                case "sends-not" -> director.sends(false);
                case "frame" -> {
                    final byte[] bytes = HexFormat.of().parseHex(words.get(2));
                    director.frame(Integer.parseInt(words.get(1)), bytes, bytes.length);
                }
                case "cycle" -> director.cycle();
                case "end" -> director.end();
                default -> throw new IllegalArgumentException("\"" + words.getFirst() + "\" is nothing to do");
            }
        }
    }

    /** A case as it is in a file. */
    record Case(Director.Shape shape, List<String> lines) {
    }

    /** Writes a case. */
    static void write(final Path file, final Director.Shape shape, final String what, final List<String> lines)
        throws IOException {
        final List<String> all = new ArrayList<>();
        all.add("# " + what.replace('\n', ' '));
        all.add("# ringmaster bench fuzz --replay " + file.getFileName());
        all.add("table-seed " + shape.tableSeed());
        all.add("mtu " + String.join(" ", Arrays.stream(shape.mtuBytes()).mapToObj(Integer::toString).toList()));
        all.addAll(lines);
        Files.write(file, all);
    }

    /**
     * Reads one.
     *
     * @throws BenchException if it is none.
     */
    static Case read(final Path file) {
        try {
            final List<String> lines = Files.readAllLines(file).stream().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
            if (lines.size() < 2 || !lines.get(0).matches("table-seed [0-9]{1,18}")
                || !lines.get(1).matches("mtu [0-9]{3,5}( [0-9]{3,5})?")) {
                throw BenchException.usage(file + " is no case: its first lines are not \"table-seed 1\" and \"mtu"
                    + " 1500\".");
            }
            return new Case(new Director.Shape(
                Arrays.stream(lines.get(1).split(" ")).skip(1).mapToInt(Integer::parseInt).toArray(),
                Long.parseLong(lines.get(0).split(" ")[1])), lines.subList(2, lines.size()));
        } catch (final IOException e) {
            throw BenchException.usage(file + " cannot be read (" + e.getMessage() + ").");
        }
    }
}
