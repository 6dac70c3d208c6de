package io.ringmaster.config;

import io.ringmaster.control.MarkWords;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The fewest changes that make one state of another. What is in both is not touched; what was changed is edited in
 * place, so that it keeps its connections and the scheduler its turn.
 */
public final class Changes {
    private final List<Change> changes = new ArrayList<>();
    private final State from;

    private Changes(final State from) {
        this.from = from;
    }

    /**
     * The changes from one to another; of globals that the other does not have none are changed, and nothing if it
     * speaks of the start alone.
     */
    public static Changes between(final State from, final State to) {
        final Changes changes = new Changes(from);
        if (to.onlyStart()) {
            return changes;
        }
        to.globals().ifPresent(changes::globals);
        changes.services(to);
        return changes;
    }

    /** Whether nothing is to be changed. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** How many there are. */
    public int count() {
        return changes.size();
    }

    /** As lines of a patch: each begins with - or +. */
    public List<String> lines() {
        final List<String> lines = new ArrayList<>();
        for (final Change change : changes) {
            change.before().forEach(line -> lines.add("-" + line));
            change.after().forEach(line -> lines.add("+" + line));
        }
        return lines;
    }

    /**
     * Makes them all as one change that workers see whole, or none of them. To be called on the control thread.
     *
     * @throws RefusedException if one is refused; the table is as it was then.
     */
    public void apply(final ServiceTable table) {
        table.together(() -> {
            final Deque<Change> done = new ArrayDeque<>();
            try {
                // Only what is added can be refused, for want of room: it comes first, so that what has to be undone
                // is new and has no connection yet.
                for (final Order order : Order.values()) {
                    for (final Change change : changes) {
                        if (change.order() == order) {
                            change.make().on(table);
                            done.push(change);
                        }
                    }
                }
            } catch (final RefusedException e) {
                done.forEach(change -> change.undo().on(table));
                throw new RefusedException(e.getMessage() + " Nothing was changed.");
            }
        });
    }

    /** A step on the table. */
    private interface Step {
        void on(ServiceTable table);
    }

    /** When a change is made. */
    private enum Order {
        ADD, EDIT, DELETE
    }

    /** One change, its lines before and after, and the way back. */
    private record Change(Order order, List<String> before, List<String> after, Step make, Step undo) {
    }

    private void edit(final String before, final String after, final Step make, final Step undo) {
        changes.add(new Change(Order.EDIT, List.of(before), List.of(after), make, undo));
    }

    private void globals(final State.Globals to) {
        final State.Globals now = from.globals().orElse(State.Globals.DEFAULTS);
        if (!now.timeouts().equals(to.timeouts())) {
            edit(text(now.timeouts()), text(to.timeouts()), table -> set(table, to.timeouts()),
                table -> set(table, now.timeouts()));
        }
        final TreeSet<Sysctl> names = new TreeSet<>(now.sysctls().keySet());
        names.addAll(to.sysctls().keySet());
        for (final Sysctl name : names) {
            final long old = now.sysctls().getOrDefault(name, name.byDefault());
            final long wanted = to.sysctls().getOrDefault(name, name.byDefault());
            if (old != wanted) {
                edit(text(name, old), text(name, wanted), table -> set(table, name, wanted),
                    table -> set(table, name, old));
            }
        }
        final List<String> nowMarks = now.marks().stream().map(Changes::text).toList();
        final List<String> toMarks = to.marks().stream().map(Changes::text).toList();
        if (!nowMarks.equals(toMarks)) {
            final boolean order = nowMarks.containsAll(toMarks) && toMarks.containsAll(nowMarks);
            changes.add(new Change(Order.ADD, order ? nowMarks : without(nowMarks, toMarks),
                order ? toMarks : without(toMarks, nowMarks), table -> replace(table, now.marks(), to.marks()),
                table -> replace(table, to.marks(), now.marks())));
        }
    }

    /** Their order counts, and nothing of packets is kept with them: they are all given anew, or none. */
    private static void replace(final ServiceTable table, final List<MarkRule> now, final List<MarkRule> to) {
        now.forEach(table::deleteMark);
        int added = 0;
        try {
            for (final MarkRule rule : to) {
                table.addMark(rule);
                added++;
            }
        } catch (final RefusedException e) {
            to.subList(0, added).forEach(table::deleteMark);
            now.forEach(table::addMark);
            throw e;
        }
    }

    private static List<String> without(final List<String> all, final List<String> others) {
        return all.stream().filter(line -> !others.contains(line)).toList();
    }

    private static String text(final SetTimeouts timeouts) {
        return "timeouts tcp=" + timeouts.tcpSec() + " tcp-fin=" + timeouts.tcpFinSec() + " udp="
            + timeouts.udpSec();
    }

    private static void set(final ServiceTable table, final SetTimeouts timeouts) {
        table.setTimeouts(timeouts.tcpSec(), timeouts.tcpFinSec(), timeouts.udpSec());
    }

    private static String text(final Sysctl name, final long value) {
        return "sysctl " + name.word() + "=" + name.text(value).replace('\t', ' ');
    }

    private static void set(final ServiceTable table, final Sysctl name, final long value) {
        final Sysctls now = table.sysctls();
        table.setSysctls(now.with(name, value));
    }

    private static String text(final MarkRule rule) {
        return "mark " + MarkWords.text(rule);
    }

    private void services(final State to) {
        to.services().forEach((id, wanted) -> {
            final State.Service now = from.services().get(id);
            if (now == null) {
                changes.add(new Change(Order.ADD, List.of(), List.of(text(id, wanted)),
                    table -> table.addService(id, wanted.settings()), table -> table.deleteService(id)));
            } else if (!now.settings().equals(wanted.settings())) {
                edit(text(id, now), text(id, wanted), table -> table.editService(id, wanted.settings()),
                    table -> table.editService(id, now.settings()));
            }
            servers(id, now == null ? Map.of() : now.servers(), wanted.servers());
        });
        from.services().forEach((id, now) -> {
            if (!to.services().containsKey(id)) {
                final List<String> lines = new ArrayList<>(List.of(text(id, now)));
                now.servers().forEach((server, settings) -> lines.add(text(id, server, settings)));
                changes.add(new Change(Order.DELETE, lines, List.of(), table -> table.deleteService(id),
                    Changes::neverUndone));
            }
        });
    }

    private void servers(final ServiceId service, final Map<ServerId, ServerSettings> now,
                         final Map<ServerId, ServerSettings> to) {
        to.forEach((id, wanted) -> {
            final ServerSettings old = now.get(id);
            if (old == null) {
                changes.add(new Change(Order.ADD, List.of(), List.of(text(service, id, wanted)),
                    table -> table.addServer(service, id, wanted), table -> table.deleteServer(service, id)));
            } else if (!old.equals(wanted)) {
                edit(text(service, id, old), text(service, id, wanted),
                    table -> table.editServer(service, id, wanted), table -> table.editServer(service, id, old));
            }
        });
        now.forEach((id, old) -> {
            if (!to.containsKey(id)) {
                changes.add(new Change(Order.DELETE, List.of(text(service, id, old)), List.of(),
                    table -> table.deleteServer(service, id), Changes::neverUndone));
            }
        });
    }

    /** Deletions come last and are not refused. */
    private static void neverUndone(final ServiceTable table) {
        throw new IllegalStateException("a deletion was refused");
    }

    private static String text(final ServiceId id, final State.Service service) {
        return Words.of(id) + text(Words.of(id, service.settings()));
    }

    private static String text(final ServiceId service, final ServerId id, final ServerSettings settings) {
        return Words.of(service) + " -> " + Words.of(id) + text(Words.of(settings));
    }

    private static String text(final Map<Key, String> words) {
        final StringBuilder text = new StringBuilder();
        words.forEach((key, value) -> text.append(' ').append(key.word()).append('=').append(value));
        return text.toString();
    }
}
