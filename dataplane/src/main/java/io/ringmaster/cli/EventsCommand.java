package io.ringmaster.cli;

import io.ringmaster.control.Events;
import io.ringmaster.control.Events.Event;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmaster events}. */
@Command(name = "events",
    description = {"Print what happens to the director, one line each with its time, from now on until Ctrl-C, or "
        + "what has happened: it keeps the last " + Events.KEPT + ".",
        "director: it has started, or ends. change: somebody changed the configuration, with user and words. config: "
        + "a file was applied. drain: one began or ended, with user. network: an interface, a route or a neighbour. "
        + "threshold: a real server reached its upper threshold, or is available again. table: connections find no "
        + "room, or find it again. worker: it stands still for more than a second, or goes on. capture: somebody looks "
        + "into packets, or ended it, with user. Thresholds, table and workers are looked at once a second.",
        "Who reads too slowly is told how many events were lost: up to " + Events.KEPT + " wait."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster events", "  ringmaster events --last 20 --past", "  ringmaster events --since 10m --json",
        "", "Exit codes: 0 done; 2 wrong words, or no director."})
final class EventsCommand extends Verb {
    private static final long LOOK_MS = 500;
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    /** ISO 8601, with milliseconds and the distance from UTC. */
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    private static final Set<Events.Kind> BY_SOMEBODY = EnumSet.of(Events.Kind.CHANGE, Events.Kind.CONFIG,
        Events.Kind.DRAIN, Events.Kind.CAPTURE);

    @Option(names = "--last", paramLabel = "N", description = "Begin with the last N events that are kept, 1 to "
        + Events.KEPT + ".")
    private Integer last;

    @Option(names = "--since", paramLabel = "TIME", converter = Period.Reader.class,
        description = "Begin with those of the last TIME that are kept (90s, 10m, 2h).")
    private Period since;

    @Option(names = "--past", description = "End with those that are kept: all, or what --last and --since say.")
    private boolean onlyPast;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events. Default: go on.")
    private Integer count;

    private final ZoneId zone = ZoneId.systemDefault();
    private int told;

    @Override
    public int run(final Call call) throws IOException {
        refuseUnless(count == null || count >= 1, "--count " + count + " is less than one event.");
        refuseUnless(last == null || last >= 1 && last <= Events.KEPT, "--last " + last + " is outside 1 to "
            + Events.KEPT + ", as many as are kept.");
        final boolean past = onlyPast || last != null || since != null;
        final long oldestMs = since == null ? Long.MAX_VALUE : TimeUnit.SECONDS.toMillis(since.seconds());
        final Events events = call.ask(parts -> parts.table().access().events());
        try (Events.Listener listener = events.listen(last != null ? last : past ? Events.KEPT : 0, oldestMs)) {
            for (final Event event : listener.past()) {
                print(call, event);
            }
            call.flush();
            if (!onlyPast) {
                follow(call, listener);
            }
        } catch (final InterruptedException e) {
            throw new InterruptedIOException("the client has gone");
        }
        return 0;
    }

    private static void refuseUnless(final boolean right, final String sentence) {
        if (!right) {
            throw new UsageException(sentence);
        }
    }

    private boolean more() {
        return count == null || told < count;
    }

    private void follow(final Call call, final Events.Listener listener) throws IOException, InterruptedException {
        while (more() && !listener.over()) {
            final Event event = listener.next(LOOK_MS);
            final long lost = listener.takeLost();
            if (lost > 0) {
                call.warn(lost + " events were lost, since this client did not read them in time.");
            }
            if (event != null) {
                print(call, event);
                call.flush();
            } else if (call.gone()) {
                break;
            }
        }
    }

    private void print(final Call call, final Event event) throws IOException {
        if (!more()) {
            return;
        }
        told++;
        final ZonedDateTime at = Instant.ofEpochMilli(event.atMs()).atZone(zone);
        if (!json()) {
            call.println(LOCAL.format(at) + " " + event.kind().word() + ": " + event.text());
            return;
        }
        call.json(json -> {
            json.writeNumberField("number", event.number());
            json.writeStringField("time", ISO.format(at));
            json.writeStringField("kind", event.kind().word());
            json.writeStringField("text", event.text());
            if (BY_SOMEBODY.contains(event.kind())) {
                json.writeNumberField("uid", event.caller().uid());
                json.writeStringField("user", event.caller().user());
            }
        });
    }
}
