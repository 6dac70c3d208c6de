package io.ringmaster.cli.ipvsadm;

import io.ringmaster.conformance.GivenFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    /** Name of the file that has the rules of listings. */
    static final String RULES = "TABLE.ipvsadm";
    private static final String SUFFIX = ".txt";
    private static final String MORE = "more-texts.txt";
    private static final Pattern BLOCK = Pattern.compile(
        "\\$ ([^\\n]*)\\n\\[exit (\\d+)\\]\\n--- stdout\\n(.*?)--- stderr\\n(.*?)(?=\\n\\$ |\\n\\z)", Pattern.DOTALL);

    /** Our own copy of recorded files, by their names. */
    static Map<String, String> files() throws IOException {
        final Map<String, String> files = new TreeMap<>();
        try (InputStream in = RecordedText.class.getResourceAsStream("/cli/texts.zip");
             ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    /** Further commands and answers, which were asked for later. */
    static Map<String, String> more() throws IOException {
        try (InputStream in = RecordedText.class.getResourceAsStream("/cli/" + MORE)) {
            return Map.of(MORE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * The recorded files of a folder, by their names. Where it has no {@link #RULES}, those of our own copy and what
     * tells of their traffic stand for them.
     *
     * @param folder as given on the command line.
     */
    static Map<String, String> files(final String folder) throws IOException {
        final Map<String, String> files = new TreeMap<>();
        for (final Path path : GivenFolder.files("ringmaster.cli", folder, SUFFIX)) {
            files.put(path.getFileName().toString(), new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
            final Path rules = path.resolveSibling(RULES);
            if (Files.isRegularFile(rules)) {
                files.putIfAbsent(RULES, Files.readString(rules));
            }
        }
        return files;
    }

    /** Whether a file's commands look at the table of {@link #RULES} and its traffic. */
    static boolean isListing(final String file) {
        return file.startsWith("list") || file.startsWith("save") || file.startsWith("proc");
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
