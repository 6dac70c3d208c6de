package io.ringmaster.cli;

import io.ringmaster.control.Events;
import io.ringmaster.control.Events.Event;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.InterruptedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmaster events}. */
@Command(name = "events",
    description = {"Print what happens to the director, one line each, from now on until Ctrl-C.",
        "change: somebody changed the configuration, with user and words. network: an interface, a route or a "
        + "neighbour. threshold: a real server reached its upper threshold, or is available again. table: connections "
        + "find no room, or find it again. worker: it stands still for more than a second, or goes on. capture: "
        + "somebody looks into packets, with user and words, or ended it. Thresholds, "
        + "table and workers are looked at once a second.",
        "Who reads too slowly is told how many events were lost: up to 1,024 wait."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster events", "  ringmaster events --count 1 --json", "",
        "Exit codes: 0 done; 2 wrong words, or no director."})
final class EventsCommand extends Verb {
    private static final long LOOK_MS = 500;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events. Default: go on.")
    private Integer count;

    @Override
    public int run(final Call call) throws IOException {
        if (count != null && count < 1) {
            throw new UsageException("--count " + count + " is less than one event.");
        }
        try (Events.Listener listener = call.ask(parts -> parts.table().access().events()).listen()) {
            for (int told = 0; count == null || told < count;) {
                final Event event = listener.next(LOOK_MS);
                final long lost = listener.takeLost();
                if (lost > 0) {
                    call.warn(lost + " events were lost, since this client did not read them in time.");
                }
                if (event != null) {
                    told++;
                    print(call, event);
                    call.flush();
                } else if (call.gone()) {
                    break;
                }
            }
        } catch (final InterruptedException e) {
            throw new InterruptedIOException("the client has gone");
        }
        return 0;
    }

    private void print(final Call call, final Event event) throws IOException {
        if (!json()) {
            call.println(event.kind().word() + ": " + event.text());
            return;
        }
        call.json(json -> {
            json.writeNumberField("number", event.number());
            json.writeStringField("kind", event.kind().word());
            json.writeStringField("text", event.text());
            if (event.kind() == Events.Kind.CHANGE) {
                json.writeNumberField("uid", event.caller().uid());
                json.writeStringField("user", event.caller().user());
            }
        });
    }
}
