package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.director.XdpModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The conformance suite: every recording of what kernel IPVS did is played to a director.
 * <pre>
 *   mvn -pl dataplane -am verify -Dit.test=KernelFixturesIT
 *       -Dringmaster.fixtures=DIR    the recordings of a folder, which must all hold, instead of the project's own copy
 *       -Dringmaster.fixture=NAME    one only (or fwd-*, for several), with all that differs
 * </pre>
 * Of the project's own copy those that {@code holds.txt} lists must hold, and no others: whoever makes one hold adds
 * it. The frames of these that the host answers instead of us are listed in {@code excused.txt}, which must be right,
 * too. Both are written as they should be, beside the whole report, to {@code target/conformance}.
 */
class KernelFixturesIT {
    private static final String FOLDER = System.getProperty("ringmaster.fixtures", "");
    private static final String ONLY = System.getProperty("ringmaster.fixture", "");

    @Test
    void playedAsTheKernelDid() {
        final Map<String, Supplier<Map<?, ?>>> fixtures = FOLDER.isEmpty() ? own() : FixtureSet.of(FOLDER);
        final Map<String, String> notRequired = Resources.reasons("not-required.txt");
        final List<String> holding = new ArrayList<>();
        final List<String> failing = new ArrayList<>();
        final StepTable stepTable = new StepTable();
        final Report report = new Report(!ONLY.isEmpty());
        fixtures.forEach((name, root) -> {
            if (wanted(name)) {
                final Result result = play(name, root, stepTable);
                final String excuse = notRequired.get(name);
                report.add(result, excuse == null ? "" : "(not required: " + excuse + ")");
                if (result.holds() || excuse == null) {
                    (result.holds() ? holding : failing).add(name);
                }
            }
        });
        report.write();
        System.out.println(holding.size() + " passed, " + failing.size() + " failed");
        assertTrue(fixtures.keySet().stream().anyMatch(KernelFixturesIT::wanted), "no recording is named " + ONLY);
        if (FOLDER.isEmpty()) {
            assertEquals("", changes("holds.txt", holding) + changes("excused.txt", report.excused()));
        } else {
            assertEquals(List.of(), failing, "recordings that do not hold");
        }
    }

    private static Map<String, Supplier<Map<?, ?>>> own() {
        final Map<String, Supplier<Map<?, ?>>> all = new TreeMap<>();
        FixtureSet.own().forEach((name, root) -> all.put(name, () -> root));
        return all;
    }

    private static Result play(final String name, final Supplier<Map<?, ?>> root, final StepTable stepTable) {
        final Fixture fixture;
        try {
            fixture = FixtureReader.read(name, root.get());
        } catch (final RuntimeException e) {
            return new Result(name, List.of(new Result.Difference(0, "this is no recording, or one of another form",
                List.of(e.toString()))), List.of());
        }
        return Player.play(fixture, stepTable, new XdpModel());
    }

    /** How a list should be changed: the lines that must come and go; empty if it is right. */
    private static String changes(final String list, final List<String> right) {
        final List<String> gone = new ArrayList<>(Resources.lines(list).stream()
            .filter(line -> wanted(line.split(" \\| ")[0])).toList());
        final List<String> come = new ArrayList<>(right);
        come.removeAll(gone);
        gone.removeAll(right);
        return (come.isEmpty() ? "" : list + " lacks:\n" + String.join("\n", come) + "\n")
            + (gone.isEmpty() ? "" : list + " has, and it is not so:\n" + String.join("\n", gone) + "\n");
    }

    private static boolean wanted(final String name) {
        return ONLY.isEmpty() || name.matches(ONLY.replace("*", ".*"));
    }
}
