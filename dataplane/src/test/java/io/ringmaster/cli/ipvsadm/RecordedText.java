package io.ringmaster.cli.ipvsadm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * One command and what the real ipvsadm answered to it.
 *
 * @param command the shell line.
 * @param exit    its exit code.
 * @param out     standard output.
 * @param err     standard error.
 */
record RecordedText(String command, int exit, String out, String err) {
    private static final Pattern BLOCK = Pattern.compile(
        "\\$ ([^\\n]*)\\n\\[exit (\\d+)\\]\\n--- stdout\\n(.*?)--- stderr\\n(.*?)(?=\\n\\$ |\\n\\z)", Pattern.DOTALL);

    /** All recorded files by their name. */
    static Map<String, String> files() throws IOException {
        final Map<String, String> files = new TreeMap<>();
        try (InputStream in = RecordedText.class.getResourceAsStream("/cli/texts.zip");
             ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        try (InputStream in = RecordedText.class.getResourceAsStream("/cli/more-texts.txt")) {
            files.put("more-texts.txt", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return files;
    }

    /** The blocks of a file. */
    static List<RecordedText> parse(final String text) {
        final List<RecordedText> blocks = new ArrayList<>();
        final Matcher matcher = BLOCK.matcher(text.stripTrailing() + "\n\n");
        while (matcher.find()) {
            blocks.add(new RecordedText(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3),
                matcher.group(4)));
        }
        return blocks;
    }
}
