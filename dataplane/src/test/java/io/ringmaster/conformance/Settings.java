package io.ringmaster.conformance;

import io.ringmaster.conformance.StepTable.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares what {@code ringmaster sysctl} prints with what the kernel's files hold. */
final class Settings {
    private static final Pattern LINE = Pattern.compile("(?m)^net\\.ipv4\\.vs\\.(\\w+) = (.+)");

    /** A share of the memory that the kernel had. */
    private static final String OF_THE_MEMORY = "sync_qlen_max";

    private Settings() {
    }

    /** Lines about what differs; none if nothing does. */
    static List<String> compare(final Check check, final String kernel, final String ours) {
        final List<String> lines = new ArrayList<>();
        final Map<String, String> values = new HashMap<>();
        final Matcher all = LINE.matcher(ours);
        while (all.find()) {
            values.put(all.group(1), all.group(2));
        }
        if (check == Check.VALUE && !List.of(kernel.strip()).equals(List.copyOf(values.values()))) {
            lines.add("kernel   " + kernel.strip());
            lines.add("ours     " + ours.strip());
        }
        if (check == Check.SETTINGS) {
            for (final String line : kernel.lines().toList()) {
                final String name = line.substring(0, line.indexOf(':'));
                final String value = line.substring(line.indexOf(':') + 1);
                if (!value.equals(values.get(name)) && !(name.equals(OF_THE_MEMORY) && values.containsKey(name))) {
                    lines.add(name + ": kernel " + value + ", ours " + values.getOrDefault(name, "(absent)"));
                }
            }
        }
        return lines;
    }
}
