package io.ringmaster.cli.top;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmaster top}. */
@Command(name = "top",
    description = {"Watch services and real servers live: new connections, packets and bytes a second, connections "
        + "now, each real server's share of its service's connections as a bar; drops by reason; of each worker the "
        + "share of time that it worked and packets in a batch (64 at most).",
        "On a terminal a screen with keys, else the same as lines, one report an interval, or JSON, one object an "
        + "interval. Behind a real server stand its forwarding method and weight."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster top", "  ringmaster top --interval 1 --count 1 --json",
        "  ringmaster top --interval 1 --count 1 --only 10.77.2.11 --json", "",
        "Keys: q quit; s sort by another column; / show only services and real servers that contain a text; arrows, "
            + "page up, page down, home, end select a service; Enter shows and hides its real servers, a those of all; "
            + "d drops and what to do.", "",
        "Exit codes: 0 done; 2 wrong words, or no director."})
public final class TopCommand extends Verb {
    private static final double SHORTEST_SEC = 0.1;
    private static final double LONGEST_SEC = 3600;
    private static final long FIRST_LOOK_MS = 300;
    private static final int PLAIN_WIDTH = 120;
    private static final double MS_PER_SEC = 1e3;
    /** To the corner that is farthest, ask where that is, and back (DECSC, CUP, DSR, DECRC). */
    private static final String ASK_SIZE = "\0337\033[9999;9999H\033[6n\0338";
    private static final String BEGIN = "\033[?25l\033[2J";
    private static final String END = "\033[?25h";
    private static final String[] RATES = {"connectionsPerSec", "inPacketsPerSec", "outPacketsPerSec", "inBytesPerSec",
        "outBytesPerSec"};

    @Option(names = "--interval", paramLabel = "SECONDS", defaultValue = "2",
        description = "Time between two reports, 0.1 to 3600. Default: ${DEFAULT-VALUE}.")
    private double intervalSec;

    @Option(names = "--count", paramLabel = "N", description = "End after so many reports. Default: go on.")
    private Integer count;

    @Option(names = "--only", paramLabel = "TEXT", defaultValue = "",
        description = "Only services and real servers that contain this, as with the key /: an address, a port, a part "
            + "of one.")
    private String only;

    private Sample before;

    @Override
    public int run(final Call call) throws IOException {
        if (!(intervalSec >= SHORTEST_SEC && intervalSec <= LONGEST_SEC)) {
            throw new UsageException("--interval " + intervalSec + " is outside 0.1 to 3600 seconds.");
        }
        if (count != null && count < 1) {
            throw new UsageException("--count " + count + " is less than one report.");
        }
        if (only.length() > Filter.LONGEST) {
            throw new UsageException("--only takes " + Filter.LONGEST + " characters at most.");
        }
        before = Sample.of(call);
        if (call.terminal() && !json()) {
            live(call);
        } else {
            lines(call);
        }
        return 0;
    }

    private long intervalMs() {
        return Math.round(intervalSec * MS_PER_SEC);
    }

    private Report next(final Call call) throws IOException {
        final Sample now = Sample.of(call);
        final Report report = Report.between(before, now);
        before = now;
        return report;
    }

    private boolean more(final int reports) {
        return count == null || reports < count;
    }

    private void lines(final Call call) throws IOException {
        final Columns columns = new Columns(call.columns() == 0 ? PLAIN_WIDTH : call.columns());
        final Filter filter = new Filter(only);
        for (int reports = 0; more(reports); reports++) {
            call.pause(intervalMs());
            final Report report = next(call);
            final List<Report.Service> services = filter.cut(report.services());
            if (json()) {
                call.json(json -> write(json, report, services));
                continue;
            }
            for (final String line : Summary.lines(report, columns)) {
                call.println(line);
            }
            call.println(columns.title());
            for (final Report.Service service : services) {
                call.println(columns.row(service.row(), false));
                for (final Report.Row server : service.servers()) {
                    call.println(columns.row(server, true));
                }
            }
            call.println("");
        }
    }

    private void live(final Call call) throws IOException {
        final Screen screen = new Screen(call.columns(), only);
        call.print(BEGIN + ASK_SIZE);
        call.pause(Math.min(FIRST_LOOK_MS, intervalMs()));
        try (Keys keys = new Keys(call)) {
            for (int reports = 0; more(reports); reports++) {
                screen.show(next(call));
                call.print(screen.draw() + ASK_SIZE);
                call.flush();
                if (!untilNext(call, screen, keys)) {
                    break;
                }
            }
        }
        call.print("\033[" + screen.rows() + ";1H" + END + "\r\n");
    }

    /** Follows keys until the next report is due; false to quit. */
    private boolean untilNext(final Call call, final Screen screen, final Keys keys) throws IOException {
        final long dueNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(intervalMs());
        try {
            for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
                final Keys.Press press = keys.presses().poll(leftNs, TimeUnit.NANOSECONDS);
                if (press == null) {
                    return true;
                }
                if (press.key() == 'q' && !screen.typing()) {
                    return false;
                }
                if (screen.press(press)) {
                    call.print(screen.draw());
                    call.flush();
                }
            }
        } catch (final InterruptedException e) {
            throw new InterruptedIOException("the client has gone");
        }
        return true;
    }

    private static void write(final JsonGenerator json, final Report report, final List<Report.Service> services)
        throws IOException {
        json.writeNumberField("periodSec", report.periodSec());
        json.writeArrayFieldStart("workers");
        for (final Report.Worker worker : report.workers()) {
            json.writeStartObject();
            json.writeNumberField("busyShare", worker.busy());
            json.writeNumberField("packetsPerBatch", worker.batch());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("services");
        for (final Report.Service service : services) {
            json.writeStartObject();
            write(json, service.row(), "service", "scheduler");
            json.writeArrayFieldStart("realServers");
            for (final Report.Row server : service.servers()) {
                json.writeStartObject();
                write(json, server, "realServer", "methodAndWeight");
                json.writeNumberField("share", server.share());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("drops");
        for (final Report.Drop drop : report.drops()) {
            json.writeStartObject();
            json.writeStringField("reason", drop.word());
            json.writeNumberField("perSec", drop.rate());
            json.writeNumberField("total", drop.total());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(final JsonGenerator json, final Report.Row row, final String name, final String about)
        throws IOException {
        json.writeStringField(name, row.name());
        json.writeStringField(about, row.about());
        for (int i = 0; i < RATES.length; i++) {
            json.writeNumberField(RATES[i], row.rate(ServerCounters.CONNECTIONS + i));
        }
        json.writeNumberField("active", row.active());
        json.writeNumberField("inactive", row.inactive());
    }
}
