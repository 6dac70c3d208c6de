package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every recorded command of the real ipvsadm, run here without packets: same output, same errors, same exit code. */
final class IpvsadmTextsTest {
    @TestFactory
    Stream<DynamicTest> answersAsRecorded() throws IOException {
        final Map<String, String> files = all();
        final List<Excuse> excuses = Excuse.all();
        return files.entrySet().stream().filter(file -> !file.getKey().equals(RecordedText.RULES)).map(file ->
            DynamicTest.dynamicTest(file.getKey(), () -> replay(file.getKey(), file.getValue(),
                files.get(RecordedText.RULES), excuses)));
    }

    @Test
    void everyExcuseNamesARecordedCommand() throws IOException {
        final Map<String, String> files = all();
        for (final Excuse excuse : Excuse.all()) {
            assertTrue(files.entrySet().stream().anyMatch(file -> RecordedText.parse(file.getValue()).stream()
                .anyMatch(block -> !Excuse.of(List.of(excuse), file.getKey(), block.command()).isEmpty())),
                excuse.toString());
        }
    }

    private static Map<String, String> all() throws IOException {
        final Map<String, String> files = new TreeMap<>(RecordedText.files());
        files.putAll(RecordedText.more());
        return files;
    }

    private static void replay(final String file, final String text, final String rules, final List<Excuse> excuses) {
        final Rig rig = new Rig();
        if (RecordedText.isListing(file)) {
            // One listing was recorded a second later than the other.
            rig.fill(rules, file.equals("list-c.txt") ? 4 : 3);
        }
        final List<RecordedText> blocks = RecordedText.parse(text);
        assertFalse(blocks.isEmpty(), "no command found in " + file);
        for (final RecordedText block : blocks) {
            final List<Excuse> excused = Excuse.of(excuses, file, block.command());
            if (!Excuse.skipped(excused)) {
                assertEquals(Excuse.shown(block, excused, false),
                    Excuse.shown(rig.run(Excuse.command(excused, block.command())), excused, true),
                    file + ": " + block.command());
            }
        }
    }
}
