package io.ringmaster.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lists beside the recordings: test resources in {@code conformance}. */
final class Resources {
    private Resources() {
    }

    /** The lines of a list, without comments and empty ones. */
    static List<String> lines(final String name) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            Resources.class.getResourceAsStream("/conformance/" + name), StandardCharsets.UTF_8))) {
            return reader.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        } catch (final IOException e) {
            throw new UncheckedIOException("conformance/" + name + " cannot be read", e);
        }
    }

    /** Lines "name | reason". */
    static Map<String, String> reasons(final String name) {
        final Map<String, String> reasons = new LinkedHashMap<>();
        for (final String line : lines(name)) {
            final String[] columns = line.split("\\s*\\|\\s*", 2);
            reasons.put(columns[0], columns[1]);
        }
        return reasons;
    }
}
