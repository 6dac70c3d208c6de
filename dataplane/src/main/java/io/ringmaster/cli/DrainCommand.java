package io.ringmaster.cli;

import io.ringmaster.cli.DrainedServers.Left;
import io.ringmaster.cli.DrainedServers.Target;
import io.ringmaster.control.Events;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.ClientGoneException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmaster drain}. */
@Command(name = "drain",
    description = {"Take a real server out of service without hurting a connection: its weight becomes 0, and the "
        + "command waits until its last connection has ended.",
        "If this command is ended before (Ctrl-C, a lost connection), weights stay 0, and nothing is cut or deleted; "
        + "the same command goes on. Several may wait for one real server.",
        "Persistent clients (templates) come back to it as long as their templates live; with "
        + "net.ipv4.vs.expire_quiescent_template=1 they go elsewhere at once."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster drain 10.77.2.11", "  ringmaster drain 10.77.2.11:8080 --timeout 10m --then delete", "",
        "Exit codes: 0 nothing was left; 1 refused, cut at the time-out, or undone or deleted by somebody "
            + "else; 2 wrong words, or no director; 3 not permitted."})
final class DrainCommand extends Verb {
    private static final long LOOK_MS = 250;
    /** Between two lines in a file; a terminal's one line is as new as the last look. */
    private static final long LINE_MS = 10_000;
    private static final int NOT_EMPTY = 1;

    @Parameters(paramLabel = "RS", converter = Place.Reader.class,
        description = "Address of the real server, of all its ports or with one: 10.0.0.1, 10.0.0.1:80, [fd00::1]:80.")
    private Place realServer;

    @Option(names = "--service", paramLabel = "SERVICE", converter = WantedService.Reader.class,
        description = "In this virtual service only (VIP:PORT, VIP:PORT/udp, mark:N); may be given several times.")
    private List<WantedService> services = new ArrayList<>();

    @Option(names = "--timeout", paramLabel = "TIME", converter = Period.Reader.class,
        description = "Wait no longer than this (90s, 10m, 2h): what is left then ends, each connection with its "
            + "client's next packet, which the kernel answers (TCP: by a reset).")
    private Period timeout;

    @Option(names = "--then", paramLabel = "delete", description = "Delete the real server afterwards.")
    private Then then;

    private Events events;
    private final DrainForecast forecast = new DrainForecast();
    private List<Target> targets;
    private long startMs;
    private long lineMs;
    private boolean wasEmpty;

    /** What may follow. */
    enum Then {
        /** The real server is deleted. */
        DELETE;

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public int run(final Call call) throws IOException {
        targets = call.ask(parts -> DrainedServers.find(parts.table(), realServer, services));
        for (final ServiceId empty : call.change(parts -> DrainedServers.quiesce(parts.table(), targets))) {
            call.warn("No real server of " + WantedService.text(empty)
                + " has a weight now: new clients of it are refused.");
        }
        events = call.ask(parts -> parts.table().access().events());
        tell(call, "began: new clients go elsewhere" + (timeout == null ? "" : ", and what is left in "
            + timeout + " is cut"));
        startMs = nowMs();
        lineMs = startMs - LINE_MS;
        if (!json() && call.terminal()) {
            call.warn("Weight 0 is set; Ctrl-C ends the waiting and leaves it so (ringmaster undrain " + realServer
                + " undoes it).");
        }
        try {
            return watch(call);
        } catch (final ClientGoneException e) {
            tell(call, "is watched by nobody any more, " + waited() + " after it began: weights stay 0, and nothing "
                + "will be cut or deleted");
            throw e;
        }
    }

    private void tell(final Call call, final String what) {
        events.tell(Events.Kind.DRAIN, "The drain of " + realServer + " by " + call.caller() + " " + what + ".",
            call.caller());
    }

    /** Until its end, whatever that is; the exit code. */
    private int watch(final Call call) throws IOException {
        while (true) {
            final Left left = call.ask(parts -> DrainedServers.left(parts.table(), targets));
            forecast.add(nowMs(), left.all());
            if (left.missing() + left.weighted() > 0) {
                return undone(call, left);
            }
            // Twice: a connection that becomes inactive is for a moment counted as neither.
            if (left.all() == 0 && wasEmpty) {
                return done(call, left);
            }
            wasEmpty = left.all() == 0;
            if (timeout != null && nowMs() - startMs >= TimeUnit.SECONDS.toMillis(timeout.seconds())) {
                return cut(call, left);
            }
            if (!wasEmpty) {
                report(call, left);
            }
            call.pause(LOOK_MS);
        }
    }

    private void report(final Call call, final Left left) throws IOException {
        if (call.terminal() && !json()) {
            call.progress(realServer + ": " + text(left) + foreseen());
        } else if (nowMs() - lineMs >= LINE_MS) {
            lineMs = nowMs();
            if (json()) {
                line(call, "draining", left);
            } else {
                call.println(realServer + ": " + text(left) + foreseen());
            }
        }
    }

    private String foreseen() {
        final OptionalLong seconds = forecast.secondsLeft();
        return seconds.isPresent() ? ", none in about " + Period.text(seconds.getAsLong())
            : ", not foreseeable until when";
    }

    private static String text(final Left left) {
        return left.active() + " active and " + left.inactive() + " inactive connections"
            + (left.templates() == 0 ? "" : ", " + left.templates() + " templates of persistent clients") + " left";
    }

    private int done(final Call call, final Left left) throws IOException {
        delete(call);
        tell(call, "ended: no connection was left after " + waited() + deleted());
        if (json()) {
            line(call, "drained", left);
        } else {
            call.println(realServer + " has no connection left after " + waited() + deleted() + ".");
        }
        return 0;
    }

    /** Together with a deletion that is one change: nothing comes in between. */
    private int cut(final Call call, final Left left) throws IOException {
        call.change(parts -> {
            final ServiceTable table = parts.table();
            table.together(() -> targets.stream().filter(target -> target.in(table).isPresent())
                .forEach(target -> cut(table, target)));
            return null;
        });
        tell(call, "ended: cut after " + waited() + " with " + text(left) + deleted());
        if (json()) {
            line(call, "cut", left);
        } else {
            call.println(realServer + ": time-out after " + waited() + " with " + text(left)
                + ": each ends with its client's next packet" + deleted() + ".");
        }
        return NOT_EMPTY;
    }

    private void cut(final ServiceTable table, final Target target) {
        table.cutServer(target.service(), target.server());
        if (then == Then.DELETE) {
            table.deleteServer(target.service(), target.server());
        }
    }

    private void delete(final Call call) throws IOException {
        if (then == Then.DELETE) {
            call.change(parts -> {
                parts.table().together(() -> targets.stream().filter(target -> target.in(parts.table()).isPresent())
                    .forEach(target -> parts.table().deleteServer(target.service(), target.server())));
                return null;
            });
        }
    }

    private int undone(final Call call, final Left left) throws IOException {
        tell(call, "ended: " + (left.missing() > 0 ? "it was deleted" : "it was given a weight again") + " after "
            + waited() + ", with " + text(left));
        if (json()) {
            line(call, left.missing() > 0 ? "deleted" : "undone", left);
        } else {
            call.println(realServer + (left.missing() > 0 ? " was deleted" : " was given a weight again")
                + " by somebody else after " + waited() + ", with " + text(left) + ".");
        }
        return NOT_EMPTY;
    }

    private void line(final Call call, final String state, final Left left) throws IOException {
        final OptionalLong seconds = forecast.secondsLeft();
        call.json(json -> {
            json.writeStringField("realServer", realServer.toString());
            json.writeStringField("state", state);
            json.writeNumberField("active", left.active());
            json.writeNumberField("inactive", left.inactive());
            json.writeNumberField("templates", left.templates());
            json.writeNumberField("waitedSec", TimeUnit.MILLISECONDS.toSeconds(nowMs() - startMs));
            if (seconds.isPresent()) {
                json.writeNumberField("expectedSec", seconds.getAsLong());
            }
            json.writeBooleanField("deleted", then == Then.DELETE && !state.equals("draining"));
        });
    }

    private String waited() {
        return Period.text(TimeUnit.MILLISECONDS.toSeconds(nowMs() - startMs));
    }

    private String deleted() {
        return then == Then.DELETE ? "; it was deleted" : "";
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
