package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of {@code excused.txt}: where an answer may differ from the recorded one, and how. Nothing else may.
 *
 * @param file    name of the recorded file, * in it for anything.
 * @param command the command, * in it for anything.
 * @param how     a word of the list at the top of {@code excused.txt}, and what belongs to it.
 */
record Excuse(String file, String command, String how) {
    private static final Pattern CLOCK = Pattern.compile("(?<= )(\\d\\d+):(\\d\\d)(?= )");
    private static final Pattern LAST_NUMBER = Pattern.compile(" +(\\d+)$");
    private static final int SECONDS = 60;

    /** All of them. */
    static List<Excuse> all() throws IOException {
        final byte[] text = Excuse.class.getResourceAsStream("/cli/excused.txt").readAllBytes();
        return new String(text, StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(line -> {
            final String[] fields = line.split(" \\| ");
            assertEquals(4, fields.length, line);
            return new Excuse(fields[0], fields[1], fields[2]);
        }).toList();
    }

    /** Those of one command in one file. */
    static List<Excuse> of(final List<Excuse> all, final String file, final String command) {
        return all.stream().filter(excuse -> fits(excuse.file, file) && fits(excuse.command, command)).toList();
    }

    private static boolean fits(final String pattern, final String text) {
        return text.matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
    }

    /** Whether the command is not run. */
    static boolean skipped(final List<Excuse> excuses) {
        return excuses.stream().anyMatch(excuse -> excuse.how.equals("skip"));
    }

    /** The command that stands for it here. */
    static String command(final List<Excuse> excuses, final String recorded) {
        return excuses.stream().filter(excuse -> excuse.how.startsWith("as "))
            .map(excuse -> excuse.how.substring("as ".length())).findFirst().orElse(recorded);
    }

    /** How many seconds an answer may take to become the recorded one. */
    static int patienceSec(final List<Excuse> excuses) {
        return excuses.stream().filter(excuse -> excuse.how.startsWith("within "))
            .mapToInt(excuse -> Integer.parseInt(excuse.how.substring("within ".length()))).max().orElse(0);
    }

    /**
     * A text in which what is excused does not show.
     *
     * @param ours whether it is our answer; else what was recorded.
     */
    static String shown(final RecordedText text, final List<Excuse> excuses, final boolean ours) {
        final boolean free = excuses.stream().anyMatch(excuse -> excuse.how.equals("answer"));
        return free ? "" : "[exit " + text.exit() + "]\n--- stdout\n" + applied(text.out(), excuses, ours)
            + "--- stderr\n" + applied(text.err(), excuses, ours);
    }

    private static String applied(final String text, final List<Excuse> excuses, final boolean ours) {
        if (text.isEmpty()) {
            return text;
        }
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n")));
        for (final Excuse excuse : excuses) {
            lines = excuse.applied(lines, ours);
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private List<String> applied(final List<String> lines, final boolean ours) {
        final String word = how.split(" ")[0];
        final String rest = how.substring(Math.min(how.length(), word.length() + 1));
        return switch (word) {
            case "unordered" -> lines.stream().sorted().toList();
            case "plus" -> ours ? without(lines, rest) : lines;
            case "drop" -> lines.stream().map(line -> line.replaceAll(rest, "")).toList();
            case "minutes" -> lines.stream().map(Excuse::inMinutes).toList();
            default -> lines;
        };
    }

    private static List<String> without(final List<String> lines, final String regex) {
        final Pattern pattern = Pattern.compile(regex);
        return lines.stream().filter(line -> !pattern.matcher(line).find()).toList();
    }

    private static String inMinutes(final String line) {
        final String clocks = CLOCK.matcher(line).replaceAll(found -> minutes(Integer.parseInt(found.group(1)) * SECONDS
            + Integer.parseInt(found.group(2))));
        return clocks.equals(line) ? LAST_NUMBER.matcher(line)
            .replaceAll(found -> " " + minutes(Integer.parseInt(found.group(1)))) : clocks;
    }

    private static String minutes(final int seconds) {
        return Math.ceilDiv(seconds, SECONDS) + " min";
    }
}
