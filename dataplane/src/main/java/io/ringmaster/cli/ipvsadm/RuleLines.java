package io.ringmaster.cli.ipvsadm;

import java.util.Arrays;
import java.util.List;

/**
 * Takes the input of {@code ipvsadm -R} apart: a command a line, words between blanks, no quotes. A carriage return is
 * a blank, and the word {@code ipvsadm} means nothing wherever it stands.
 */
final class RuleLines {
    private RuleLines() {
    }

    /** The lines, without their ends. */
    static List<String> of(final String text) {
        return List.of(text.split("\n"));
    }

    /** The words of a line; none of an empty one and of a comment, which begins with #. */
    static List<String> words(final String line) {
        final List<String> words = Arrays.stream(line.split("[ \t\r]+"))
            .filter(word -> !word.isEmpty() && !word.equals("ipvsadm")).toList();
        return !words.isEmpty() && words.getFirst().charAt(0) == '#' ? List.of() : words;
    }
}
