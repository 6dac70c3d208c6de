package io.ringmaster.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands here for the commands that the recorder gave to the kernel's shell and that are none of ipvsadm: the
 * resource {@code conformance/steps.txt}.
 */
final class StepTable {
    private static final Pattern COLUMNS = Pattern.compile("\\s*=>\\s*|\\s*\\|\\|\\s*");

    private final List<Row> rows = new ArrayList<>();

    private record Row(Pattern kernel, String ours, Check check) {
    }

    /** How the output is compared. */
    enum Check {
        /** It is not. */
        NONE,
        /** Our last word is the kernel's. */
        VALUE,
        /** Each of the kernel's lines name:value is one of ours, net.ipv4.vs.name = value. */
        SETTINGS
    }

    /** Our command, without words where there is nothing to do. */
    record Ours(List<String> words, Check check) {
    }

    StepTable() {
        for (final String line : Resources.lines("steps.txt")) {
            final String[] columns = COLUMNS.split(line);
            rows.add(new Row(Pattern.compile(columns[0]), columns[1], Check.valueOf(
                columns[2].toUpperCase(Locale.ROOT))));
        }
    }

    /** Ours for the kernel's command, or null if the table has no row for it. */
    Ours ours(final String command) {
        for (final Row row : rows) {
            final Matcher matcher = row.kernel().matcher(command);
            if (matcher.matches()) {
                final String words = row.ours().equals("nothing") ? "" : matcher.replaceFirst(row.ours());
                return new Ours(words.isEmpty() ? List.of() : List.of(words.split(" ")), row.check());
            }
        }
        return null;
    }
}
