package io.ringmaster.cli.top;

import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What a person looks at and has chosen: order, selected service, unfolded services. Used by one thread. */
final class Screen {
    /** Lines of real servers that are shown without being asked for. */
    private static final int FEW = 40;
    private static final int SMALLEST_ROWS = 10;
    private static final String HOME = "\033[H";
    private static final String REST_OF_LINE_EMPTY = "\033[K";
    private static final String REST_EMPTY = "\033[J";
    private static final String[] LOOK = {"\033[0m", "\033[1m", "\033[7m"};
    private static final int PLAIN = 0;
    private static final int BOLD = 1;
    private static final int SELECTED = 2;

    private final Set<Integer> unfolded = new HashSet<>();
    private final Filter filter;
    private Sort sort = Sort.LISTING;
    private List<Report.Service> services = List.of();
    private Report report;
    private boolean begun;
    private boolean drops;
    private int selected = -1;
    private int first;
    private int rows = 24;
    private Columns columns;

    Screen(final int width, final String only) {
        columns = new Columns(width);
        filter = new Filter(only);
    }

    /** Orders of services; ties stay in the order of the listing. */
    private enum Sort {
        LISTING("name", null),
        CONNECTIONS("conn/s", row -> -row.rate(ServerCounters.CONNECTIONS)),
        PACKETS("pps", row -> -row.rate(ServerCounters.IN_PACKETS) - row.rate(ServerCounters.OUT_PACKETS)),
        BYTES("B/s", row -> -row.rate(ServerCounters.IN_BYTES) - row.rate(ServerCounters.OUT_BYTES)),
        ACTIVE("active", row -> (double) -row.active());

        private final String word;
        private final ToDoubleFunction<Report.Row> key;

        Sort(final String word, final ToDoubleFunction<Report.Row> key) {
            this.word = word;
            this.key = key;
        }

        private List<Report.Service> of(final List<Report.Service> services) {
            if (key == null) {
                return services;
            }
            final List<Report.Service> sorted = new ArrayList<>(services);
            sorted.sort(Comparator.comparingDouble(service -> key.applyAsDouble(service.row())));
            return sorted;
        }
    }

    /** Something new to show. */
    void show(final Report next) {
        report = next;
        services = sort.of(filter.of(next.services()));
        if (!begun) {
            begun = true;
            if (services.stream().mapToInt(service -> 1 + service.servers().size()).sum() <= FEW) {
                services.forEach(service -> unfolded.add(service.row().id()));
            }
        }
    }

    int rows() {
        return rows;
    }

    /** Whether letters are text for now, and no commands. */
    boolean typing() {
        return filter.typing();
    }

    /**
     * Does what a key asks for.
     *
     * @return whether there is something else to show now.
     */
    boolean press(final Keys.Press press) {
        if (filter.typing() && filter.press(press.key())) {
            services = sort.of(filter.of(report.services()));
            return true;
        }
        switch (press.key()) {
            case 'R' -> {
                if (press.rows() == rows && press.columns() == columns.width()) {
                    return false;
                }
                rows = Math.max(SMALLEST_ROWS, press.rows());
                columns = new Columns(press.columns());
            }
            case 's' -> {
                sort = Sort.values()[(sort.ordinal() + 1) % Sort.values().length];
                services = sort.of(filter.of(report.services()));
            }
            case '/' -> {
                filter.begin();
                services = sort.of(report.services());
            }
            case 'U', 'k' -> move(-1);
            case 'D', 'j' -> move(1);
            case 'P' -> move(-rows / 2);
            case 'N', ' ' -> move(rows / 2);
            case 'H' -> move(-services.size());
            case 'E' -> move(services.size());
            case '\n', '\r' -> fold(selected);
            case 'a' -> foldAll();
            case 'd' -> drops = !drops;
            default -> {
                return false;
            }
        }
        return true;
    }

    private int place() {
        for (int i = 0; i < services.size(); i++) {
            if (services.get(i).row().id() == selected) {
                return i;
            }
        }
        return -1;
    }

    private void move(final int by) {
        if (!services.isEmpty()) {
            // With none selected, the first is one step down.
            selected = services.get(Math.clamp((long) place() + by, 0, services.size() - 1)).row().id();
        }
    }

    private void fold(final int id) {
        if (!unfolded.remove(id) && id >= 0) {
            unfolded.add(id);
        }
    }

    private void foldAll() {
        if (unfolded.isEmpty()) {
            services.forEach(service -> unfolded.add(service.row().id()));
        } else {
            unfolded.clear();
        }
    }

    /** A line, and how it looks. */
    private record Line(String text, int look) {
    }

    /** Everything, drawn over what was there before. */
    String draw() {
        final StringBuilder text = new StringBuilder(HOME);
        final List<String> summary = Summary.lines(report, columns);
        summary.forEach(line -> append(text, new Line(line, PLAIN)));
        final List<Line> body = new ArrayList<>();
        final int chosen = drops ? dropLines(body) : tableLines(body);
        append(text, new Line(drops ? columns.cut("drops a second, since the start, reason, what to do")
            : columns.title(), BOLD));
        final int room = rows - summary.size() - 2;
        first = Math.clamp(first, 0, Math.max(0, body.size() - room));
        if (chosen >= 0) {
            first = Math.clamp(first, Math.max(0, chosen - room + 1), chosen);
        }
        for (int i = 0; i < room; i++) {
            append(text, first + i < body.size() ? body.get(first + i) : new Line("", PLAIN));
        }
        return text.append(LOOK[BOLD]).append(columns.cut(filter.typing() ? filter.hint() : "q quit  s sort: "
            + sort.word + "  " + filter.hint() + "  arrows  Enter servers  a all  d " + (drops ? "services" : "drops")))
            .append(LOOK[PLAIN]).append(REST_EMPTY).toString();
    }

    private static void append(final StringBuilder text, final Line line) {
        if (line.look != PLAIN) {
            text.append(LOOK[line.look]).append(line.text).append(LOOK[PLAIN]);
        } else {
            text.append(line.text);
        }
        text.append(REST_OF_LINE_EMPTY).append("\r\n");
    }

    /** The line of the selected service, or -1. */
    private int tableLines(final List<Line> body) {
        int chosen = -1;
        for (final Report.Service service : services) {
            final boolean here = service.row().id() == selected;
            chosen = here ? body.size() : chosen;
            body.add(new Line(columns.row(service.row(), false), here ? SELECTED : PLAIN));
            final boolean whole = unfolded.contains(service.row().id());
            for (final Report.Row server : service.servers()) {
                // Who asked for a real server sees it, also where its service is folded.
                if (whole || filter.meant(server) && !filter.meant(service.row())) {
                    body.add(new Line(columns.row(server, true), PLAIN));
                }
            }
        }
        if (body.isEmpty()) {
            body.add(new Line(report.services().isEmpty() ? "No services yet; make one with: ringmaster ipvsadm -A"
                : "No service or real server contains that; / begins again.", PLAIN));
        }
        return chosen;
    }

    private int dropLines(final List<Line> body) {
        for (final Report.Drop drop : report.drops()) {
            body.add(new Line(columns.cut(String.format("%8s %12d  %-26s %s", Columns.amount(drop.rate()), drop.total(),
                drop.word(), drop.advice())), PLAIN));
        }
        if (body.isEmpty()) {
            body.add(new Line("No packet was dropped.", PLAIN));
        }
        return -1;
    }
}
