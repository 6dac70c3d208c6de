package io.ringmaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of features names tests and recordings that there are. */
class FeaturesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path TABLE = ROOT.resolve("docs/features.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`(?: \\(([^)]*)\\))?");
    private static final Pattern BUG = Pattern.compile("(?m)^    ([A-Z0-9_]+)\\(\"");

    private static String text(final Path file) throws IOException {
        return Files.readString(file);
    }

    private static Set<String> classes() throws IOException {
        final Set<String> names = new TreeSet<>();
        for (final String module : List.of("ringbuffers", "native", "dataplane", "bench")) {
            final Path tests = ROOT.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    names.addAll(files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java")).map(name -> name.substring(0, name.length() - 5))
                        .collect(Collectors.toSet()));
                }
            }
        }
        return names;
    }

    private static List<String> list(final String name) throws IOException {
        return text(ROOT.resolve("dataplane/src/test/resources/conformance").resolve(name)).lines()
            .filter(line -> !line.startsWith("#")).map(line -> line.split("[ |]")[0]).toList();
    }

    @Test
    void everyTestAndRecordingThatIsNamedExists() throws IOException {
        final Set<String> classes = classes();
        final List<String> wrong = new ArrayList<>();
        int named = 0;
        final Matcher tests = TEST.matcher(text(TABLE));
        while (tests.find()) {
            named++;
            if (!classes.contains(tests.group(1))) {
                wrong.add("no test is named " + tests.group(1));
            }
            if (tests.group(2) != null) {
                final List<String> holding = list(tests.group(1).equals("KernelFixturesOverVethIT") ? "over-veth.txt"
                    : "holds.txt");
                for (final String recording : tests.group(2).split(", ")) {
                    if (holding.stream().noneMatch(name -> name.matches(recording.replace("*", ".*")))) {
                        wrong.add(tests.group(1) + " plays no " + recording);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(named > 50, "tests named: " + named);
    }

    @Test
    void everyRowNamesATest() throws IOException {
        assertEquals(List.of(), text(TABLE).lines().filter(line -> line.startsWith("| ")
            && !line.startsWith("| ---") && !line.startsWith("| feature |")
            && !TEST.matcher(line.substring(line.lastIndexOf(" | "))).find()).toList());
    }

    @Test
    void everyBugOfTheKernelThatIsNotRepeatedIsTold() throws IOException {
        final String table = text(TABLE);
        final Matcher bugs = BUG.matcher(text(
            ROOT.resolve("dataplane/src/test/java/io/ringmaster/conformance/KernelBug.java")));
        int found = 0;
        while (bugs.find()) {
            found++;
            assertTrue(table.contains("`" + bugs.group(1) + "`"), bugs.group(1) + " is missing in " + TABLE);
        }
        assertTrue(found > 0, "no bug was found in KernelBug.java");
    }
}
