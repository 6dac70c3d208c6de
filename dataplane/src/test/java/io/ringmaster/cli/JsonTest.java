package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.PacketFates;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** With --json every verb prints JSON values, one a line, and nothing else. */
@Timeout(600)
class JsonTest {
    private static final List<String> LINES = List.of("ipvsadm -L --json", "ipvsadm -Ln --stats --json",
        "ipvsadm -L --rate --json", "ipvsadm -Lc --json", "ipvsadm -L --timeout --json",
        "ipvsadm -L -t 10.0.0.1:80 --json",
        "sysctl -a --json", "sysctl sloppy_tcp=1 --json", "mark add -d 10.9.0.0/16 -m 1 --json", "mark list --json",
        "mark del -d 10.5.0.0/16 -m 5 --json", "config show --json", "config check x.yaml --json",
        "config diff x.yaml --json", "config apply x.yaml --dry-run --json", "config apply x.yaml --json",
        "drain 10.0.1.1 --json", "undrain 10.0.1.1 --json", "lookup 10.9.1.1 --json", "drops --json",
        "drops --all --json", "top --interval 0.1 --count 2 --json", "events --past --json", "table check --json");
    /** What tells nothing here, or needs more of a director than this one has. */
    private static final Set<String> ELSEWHERE = Set.of(
        // There is no file that it was started with: ConfigApplyIT.
        "config reload",
        // It has no packets: CaptureCommandTest.
        "capture",
        // There is no worker to ask: ExplainIT.
        "explain",
        // It has no JSON: the kernel's tables are lines for programs already (BadInputTest).
        "proc");

    @TestFactory
    Stream<DynamicTest> eachLineIsAValue() {
        return LINES.stream().map(line -> dynamicTest(line, () -> {
            try (ServedDirector director = ServedDirector.withFates(
                new PacketFates.Fate("dropped", "drop-ttl", 3, "too \"old\"", ""))) {
                assertEquals(0, director.run("-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 2\n", 0,
                    "ipvsadm-restore").exit());
                director.run("mark", "add", "-d", "10.5.0.0/16", "-m", "5");
                director.dataplane().connections.add(visitor ->
                    visitor.connection(HostAddress.ipv4(0x0a090101), 4000, 1, 1, "ESTABLISHED", 890));
                final ServedDirector.Answer answer = director.run("sysctls: {sloppy_sctp: 1}\n", 0, line.split(" "));
                assertFalse(answer.out().isEmpty(), answer::toString);
                assertEquals("", answer.err().replaceAll("No real server of .*\n", ""), line);
                for (final String value : answer.out().split("\n")) {
                    assertValue(line, value);
                }
            }
        }));
    }

    private static void assertValue(final String line, final String text) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            final JsonToken first = json.nextToken();
            assertEquals(true, first == JsonToken.START_OBJECT || first == JsonToken.START_ARRAY, line + ": " + text);
            json.skipChildren();
            assertEquals(null, json.nextToken(), line + ": one value a line, not " + text);
        }
    }

    @Test
    void noVerbIsForgotten() {
        final Set<String> missing = new TreeSet<>();
        CommandTree.all().forEach((words, command) -> {
            final boolean json = command.getCommandSpec().findOption("--json") != null || words.equals("ipvsadm");
            if (json && CommandTree.by(words) != Verbs.By.PROGRAM && !ELSEWHERE.contains(words)
                && LINES.stream().noneMatch(line -> line.startsWith(words + " ")
                    && Arrays.asList(line.split(" ")).contains("--json"))) {
                missing.add(words);
            }
        });
        assertEquals(Set.of(), missing);
    }
}
