package io.ringmaster.bench.chart;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code bench --chart}: results of runs as one picture. */
public final class Charts {
    private Charts() {
    }

    /**
     * Draws the ratios of all results, in the order given, into a file.
     *
     * @throws BenchException if a result cannot be read, or none has anything to draw, or the file cannot be written.
     */
    public static void write(final Path picture, final List<Path> results) {
        if (results.isEmpty()) {
            throw BenchException.usage("--chart needs results: bench --chart " + picture + " RESULT.json ...");
        }
        final List<Bar> bars = new ArrayList<>();
        final Set<String> machines = new LinkedHashSet<>();
        for (final Path file : results) {
            final Map<String, Object> result = read(file);
            final List<Bar> own = Bar.of(result);
            if (own.isEmpty()) {
                System.err.println("ringmaster bench: " + file + " compares nothing with a peer and is left out.");
            } else {
                bars.addAll(own);
                machines.add(machine(result));
            }
        }
        if (bars.isEmpty()) {
            throw BenchException.usage("None of the results compares anything with a peer: there is nothing to draw.");
        }
        try {
            Files.writeString(picture, Chart.draw(bars, machines));
        } catch (final IOException e) {
            throw new BenchException("The chart could not be written to " + picture + " (" + e.getMessage() + ").", e);
        }
    }

    private static Map<String, Object> read(final Path file) {
        try {
            return Json.read(file);
        } catch (final IOException e) {
            throw BenchException.usage(file + " is not the result of a run (" + e.getMessage().lines().findFirst()
                .orElse("") + ").");
        }
    }

    private static String machine(final Map<String, Object> result) {
        final Object on = result.get("machine");
        if (!(on instanceof final Map<?, ?> machine)) {
            return String.valueOf(on);
        }
        return machine.get("cpu") + ", " + machine.get("cores") + " cores, " + machine.get("memoryMb") + " MB, Linux "
            + machine.get("kernel") + ", " + machine.get("jdk");
    }
}
