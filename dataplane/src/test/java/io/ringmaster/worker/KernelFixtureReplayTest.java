package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Recordings of what kernel IPVS did, played to a worker: same rules, same packets in, same packets out, same listings.
 * Which ones run says {@code worker/fixtures-run.txt}; where we differ on purpose says, step by step and with the
 * reason, {@code worker/excuses.txt}. An excuse that is not needed fails, too.
 */
class KernelFixtureReplayTest {
    @TestFactory
    Stream<DynamicTest> sameAsTheKernel() {
        final Map<String, Map<String, String>> excuses = excuses();
        return lines("/worker/fixtures-run.txt").map(name -> DynamicTest.dynamicTest(name, () -> {
            final Map<String, String> excused = excuses.getOrDefault(name, Map.of());
            final Map<String, String> differences = new TreeMap<>(new Replay(name).run());
            final StringBuilder unexplained = new StringBuilder();
            differences.forEach((step, text) -> {
                if (!excused.containsKey(step)) {
                    unexplained.append(step).append(": ").append(text).append('\n');
                }
            });
            excused.keySet().stream().filter(step -> !differences.containsKey(step))
                .forEach(step -> unexplained.append(step).append(": excused, but as the kernel\n"));
            assertEquals("", unexplained.toString());
        }));
    }

    private static Map<String, Map<String, String>> excuses() {
        final Map<String, Map<String, String>> excuses = new TreeMap<>();
        lines("/worker/excuses.txt").forEach(line -> {
            final List<String> parts = List.of(line.split("\\s*\\|\\s*"));
            for (final String fixture : parts.get(0).split("\\s*,\\s*")) {
                for (final String step : parts.get(1).split("\\s*,\\s*")) {
                    excuses.computeIfAbsent(fixture, name -> new TreeMap<>()).put(step, parts.get(2));
                }
            }
        });
        return excuses;
    }

    private static Stream<String> lines(final String resource) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            KernelFixtureReplayTest.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return reader.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList().stream();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
