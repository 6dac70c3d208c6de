package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Connection;
import io.ringmaster.conformance.Fixture.Listed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares listings of ipvsadm: connections row by row in no order, tables line by line. */
final class Listing {
    private static final Pattern ROW =
        Pattern.compile("(\\S+)\\s+(\\d+):(\\d+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)(?:\\s+(.*))?");
    private static final long TOLERANCE_SEC = 1;

    private Listing() {
    }

    /** Reads what {@code ipvsadm -Lnc} prints. */
    static List<Listed> connections(final String text) {
        final List<Listed> rows = new ArrayList<>();
        text.lines().skip(2).forEach(line -> {
            final Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Listed(new Connection(row.group(1), row.group(4), row.group(5), row.group(6),
                    row.group(7), row.group(8) == null ? "" : row.group(8)),
                    Long.parseLong(row.group(2)) * 60 + Long.parseLong(row.group(3))));
            }
        });
        return rows;
    }

    /** The kernel's row, or ours of the same connection where a bug of the kernel is all that is between them. */
    static Listed asMeant(final Listed kernel, final List<Listed> ours, final long lateSec, final Story story,
                          final Consumer<String> reason) {
        for (final Listed own : ours) {
            if (same(kernel, own, lateSec)) {
                return kernel;
            }
        }
        for (final KernelBug bug : KernelBug.values()) {
            for (final Listed own : ours) {
                if (own.connection().samePlaces(kernel.connection()) && bug.connection(kernel, own, story)) {
                    reason.accept(bug.reason());
                    return own;
                }
            }
        }
        return kernel;
    }

    private static boolean same(final Listed kernel, final Listed ours, final long lateSec) {
        final long shorterSec = kernel.expireSec() - ours.expireSec();
        return ours.connection().equals(kernel.connection()) && shorterSec >= -TOLERANCE_SEC
            && shorterSec <= TOLERANCE_SEC + lateSec;
    }

    /**
     * Lines about what differs; none if nothing does.
     *
     * @param lateSec how much later than the kernel's listing ours was made, at most.
     */
    static List<String> compareConnections(final List<Listed> kernel, final List<Listed> ours, final long lateSec) {
        final List<String> lines = new ArrayList<>();
        final List<Listed> left = new ArrayList<>(ours);
        for (final Listed row : kernel) {
            final Listed like = left.stream().filter(each -> each.connection().equals(row.connection()))
                .min(Comparator.comparingLong(each -> Math.abs(each.expireSec() - row.expireSec()))).orElse(null);
            left.remove(like);
            if (like == null) {
                lines.add("missing  " + row);
            } else if (!same(row, like, lateSec)) {
                lines.add("time-out " + row.connection() + ": kernel " + row.expireSec() + " s, ours "
                    + like.expireSec() + " s");
            }
        }
        left.forEach(row -> lines.add("too much " + row));
        return lines;
    }

    /** Lines about what differs between two texts; none if nothing does. */
    static List<String> compareText(final String kernel, final String ours) {
        final List<String> lines = new ArrayList<>();
        final List<String> wanted = kernel.lines().toList();
        final List<String> got = ours.lines().toList();
        for (int i = 0; i < Math.max(wanted.size(), got.size()); i++) {
            final String want = i < wanted.size() ? wanted.get(i) : "(nothing)";
            final String have = i < got.size() ? got.get(i) : "(nothing)";
            if (!want.equals(have)) {
                lines.add("kernel   " + want);
                lines.add("ours     " + have);
            }
        }
        return lines;
    }

    /** Saved rules as the real ipvsadm writes them: it forgets thresholds, ours does not (cli/excused.txt). */
    static String withoutThresholds(final String rules) {
        return rules.replaceAll(" -[xy] \\d+", "");
    }

    /** A table with its services in one order: without sorting, the kernel's is that of its hash. */
    static String servicesSorted(final String table) {
        final List<String> head = new ArrayList<>();
        final List<String> services = new ArrayList<>();
        for (final String line : table.lines().toList()) {
            if (head.size() < 3) {
                head.add(line);
            } else if (line.startsWith(" ") && !services.isEmpty()) {
                services.set(services.size() - 1, services.getLast() + line + "\n");
            } else {
                services.add(line + "\n");
            }
        }
        services.sort(null);
        return String.join("\n", head) + "\n" + String.join("", services);
    }
}
