package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every recorded command of the real ipvsadm, run here: same output, same errors, same exit code. */
final class IpvsadmTextsTest {
    private static final String RULES = "TABLE.ipvsadm";

    @TestFactory
    Stream<DynamicTest> answersAsRecorded() throws IOException {
        final Map<String, String> files = RecordedText.files();
        final List<Excuse> excuses = excuses();
        return files.entrySet().stream().filter(file -> !file.getKey().equals(RULES)).map(file ->
            DynamicTest.dynamicTest(file.getKey(), () -> replay(file.getKey(), file.getValue(),
                files.get(RULES), excuses)));
    }

    @Test
    void everyExcuseNamesARecordedFile() throws IOException {
        final Set<String> known = new HashSet<>(RecordedText.files().keySet());
        excuses().forEach(excuse -> assertTrue(known.contains(excuse.file()), excuse.file()));
    }

    private static void replay(final String file, final String text, final String rules, final List<Excuse> excuses) {
        final Rig rig = new Rig();
        if (file.startsWith("list") || file.startsWith("save")) {
            // One listing was recorded a second later than the other.
            rig.fill(rules, file.equals("list-c.txt") ? 4 : 3);
        }
        final List<RecordedText> blocks = RecordedText.parse(text);
        assertFalse(blocks.isEmpty(), "no command found in " + file);
        for (final RecordedText block : blocks) {
            final List<Excuse> excused = excuses.stream().filter(excuse -> excuse.covers(file, block)).toList();
            if (excused.stream().noneMatch(excuse -> excuse.how().equals("skip"))) {
                compare(file, block, rig.run(block.command()), excused);
            }
        }
    }

    private static void compare(final String file, final RecordedText recorded, final RecordedText answer,
                                final List<Excuse> excused) {
        assertEquals(shown(recorded, excused), shown(answer, excused), file);
    }

    private static String shown(final RecordedText text, final List<Excuse> excused) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.out().split("\n", -1)));
        for (final Excuse excuse : excused) {
            if (excuse.how().equals("unordered")) {
                lines.sort(null);
            } else if (excuse.how().startsWith("without ")) {
                final String regex = ".*(" + excuse.how().substring("without ".length()) + ").*";
                lines = lines.stream().filter(line -> !line.matches(regex)).toList();
            }
        }
        return "$ " + text.command() + "\n[exit " + text.exit() + "]\n--- stdout\n" + String.join("\n", lines)
            + "--- stderr\n" + text.err();
    }

    private static List<Excuse> excuses() throws IOException {
        final byte[] text = IpvsadmTextsTest.class.getResourceAsStream("/cli/excused.txt").readAllBytes();
        return new String(text, StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(line -> {
            final String[] fields = line.split(" \\| ");
            assertEquals(4, fields.length, line);
            return new Excuse(fields[0], fields[1], fields[2]);
        }).toList();
    }

    private record Excuse(String file, String command, String how) {
        boolean covers(final String otherFile, final RecordedText block) {
            return file.equals(otherFile) && (command.equals("*") || command.equals(block.command()));
        }
    }
}
