package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringmaster.director.Needs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Recordings of what kernel IPVS did, played to {@code ringmaster run} over veth: real sockets, real XDP program, and
 * a real kernel for what the host answers, which is compared, too. Those that {@code over-veth.txt} lists, each beside
 * what it is there for; {@code -Dringmaster.fixture=NAME} plays one (or fwd-*), listed or not. All must hold.
 * <p>
 * Pauses are as long as they were, so recordings of minutes are not listed. {@code src/test/replay/replay-hook} does
 * the same for the player that the recorder has.
 */
class KernelFixturesOverVethIT {
    private static final String ONLY = System.getProperty("ringmaster.fixture", "");

    @Test
    void playedAsTheKernelDid() {
        Needs.root();
        final Map<String, String> listed = Resources.reasons("over-veth.txt");
        final List<Fixture> fixtures = FixtureSet.own().entrySet().stream()
            .filter(each -> ONLY.isEmpty() ? listed.containsKey(each.getKey())
                : each.getKey().matches(ONLY.replace("*", ".*")))
            .map(each -> FixtureReader.read(each.getKey(), each.getValue())).toList();
        final Report report = new Report(!ONLY.isEmpty());
        final List<String> failing = new ArrayList<>();
        try (WirePlays plays = new WirePlays(fixtures)) {
            for (int i = 0; i < fixtures.size(); i++) {
                final Result result = plays.next();
                report.add(result, ONLY.isEmpty() ? "(" + listed.get(result.name()) + ")" : "");
                if (!result.holds()) {
                    failing.add(result.name());
                }
            }
        }
        System.out.println(fixtures.size() - failing.size() + " passed, " + failing.size() + " failed");
        assertEquals(List.of(), failing, "recordings that do not hold over veth");
        assertEquals(ONLY.isEmpty() ? listed.size() : fixtures.size(), fixtures.size(), "recordings that there are");
        assertFalse(fixtures.isEmpty(), "no recording is named " + ONLY);
    }
}
