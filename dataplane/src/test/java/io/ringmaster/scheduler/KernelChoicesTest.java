package io.ringmaster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every connection goes to the real server that kernel IPVS chose for it, rule by rule and packet by packet. */
class KernelChoicesTest {
    @TestFactory
    Stream<DynamicTest> sameChoicesAsTheKernel() throws IOException {
        return cases().entrySet().stream().map(c -> DynamicTest.dynamicTest(c.getKey(), () -> replay(c.getValue())));
    }

    private static Map<String, List<String>> cases() throws IOException {
        final Map<String, List<String>> cases = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                KernelChoicesTest.class.getResourceAsStream("/scheduler/kernel-choices.txt.gz")),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("case ")) {
                    lines = new ArrayList<>();
                    cases.put(line.substring("case ".length()), lines);
                } else if (!line.startsWith("#")) {
                    lines.add(line);
                }
            }
        }
        return cases;
    }

    private static void replay(final List<String> lines) throws Exception {
        final RuleBook book = new RuleBook();
        int opened = 0;
        for (final String line : lines) {
            final String[] word = line.split(" ");
            switch (word[0]) {
                case "rule" -> book.rule(line.substring("rule ".length()));
                case "close" -> book.close(Integer.parseInt(word[1]));
                case "end" -> book.end(Integer.parseInt(word[1]));
                case "open" -> {
                    assertEquals(word[7], book.open(Integer.parseInt(word[1]), word[2], Integer.parseInt(word[3]),
                        word[4] + " " + word[5] + ":" + word[6]), line);
                    opened++;
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
        assertTrue(opened > 0, "nothing was compared");
    }
}
