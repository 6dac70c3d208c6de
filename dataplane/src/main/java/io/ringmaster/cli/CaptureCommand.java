package io.ringmaster.cli;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.Captures;
import io.ringmaster.cli.capture.CaptureOutput;
import io.ringmaster.cli.capture.JsonOutput;
import io.ringmaster.cli.capture.LineOutput;
import io.ringmaster.cli.capture.PcapngOutput;
import io.ringmaster.cli.capture.WallClock;
import io.ringmaster.control.ChangeLog;
import io.ringmaster.control.Events;
import io.ringmaster.control.NotPermittedException;
import io.ringmaster.control.RefusedException;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmaster capture}. */
@Command(name = "capture",
    description = {"Show packets before and after the director's work on them: as lines like tcpdump's, or as a "
        + "pcapng file for Wireshark and tcpdump, with service, real server and what became of it behind each.",
        "What the director hands to the kernel is shown as it came; what never left the kernel's path is seen by "
        + "tcpdump. The records of one packet have the same number. Ends after --count or --seconds, by Ctrl-C, or "
        + "when nobody reads it any more.",
        "Without a capture, packets cost what they ever did. With one, each packet that its headers do not rule out "
        + "(--client, --proto, --port) goes through its worker alone instead of in a batch and is copied: name a "
        + "client where traffic is high, or --sample. Where the director is faster than its reader, packets are "
        + "counted as not taken, and go their way."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster capture --seconds 5 --service 10.77.1.100:8000",
        "  ringmaster capture --client 10.77.0.0/16 --seconds 2 -w - | tcpdump -nr -",
        "", "Exit codes: 0 done; 1 refused, or the file cannot be written; 2 wrong words, or no director; 3 not "
            + "permitted: packets are private."})
final class CaptureCommand extends Verb {
    /** Some pieces of what the client gets. */
    private static final int RECORDS_AT_ONCE = 1024;
    /** How long a worker has, from a record's time on, until others' younger ones go before it: many cycles. */
    private static final long SETTLES_NS = 50_000_000L;
    private static final long LOOK_MS = 10;
    private static final long LOOKS = 20;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final System.Logger LOG = System.getLogger(CaptureCommand.class.getName());

    @Mixin
    private CaptureOptions options = new CaptureOptions();

    @Option(names = "-w", paramLabel = "FILE",
        description = "Write pcapng to a file of yours, or to standard output: -.")
    private String file;

    @Option(names = "--count", paramLabel = "N", description = "End after so many packets; one counts once, however "
        + "often it is shown.")
    private Long count;

    @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds.")
    private Double seconds;

    /** Of each worker, the number of the packet whose records were shown last. */
    private long[] latest;
    private long packets;
    private long records;

    @Override
    public int run(final Call call) throws IOException {
        check(call);
        final CaptureFilter filter = options.filter();
        if (!call.caller().mayChange()) {
            throw new NotPermittedException(call.caller());
        }
        final Captures captures = call.ask(parts -> parts.captures());
        final Events events = call.ask(parts -> parts.table().access().events());
        final Capture capture = captures.begin(filter).orElseThrow(() -> new RefusedException("There are "
            + Captures.MOST + " captures already, the most at once; try again when one has ended."));
        try {
            note(call, events, " began");
            latest = new long[Math.max(1, captures.workers())];
            waitFor(call, () -> captures.hasBegun(capture));
            call.warn("Capturing on " + (captures.interfaces().isEmpty() ? "no interface"
                : String.join(", ", captures.interfaces())) + "; Ctrl-C ends it.");
            final CaptureOutput output = output(call, captures);
            take(call, captures, capture, output);
            output.end(capture);
            output.send(call);
        } finally {
            captures.leave(capture);
            note(call, events, " ended: " + summary(capture, captures));
        }
        call.warn(summary(capture, captures));
        return 0;
    }

    private void check(final Call call) {
        if (count != null && count < 1) {
            throw new UsageException("--count " + count + " is less than one packet.");
        }
        if (seconds != null && !(seconds > 0 && seconds <= Integer.MAX_VALUE)) {
            throw new UsageException("--seconds " + seconds + " is no time to capture for.");
        }
        if (file != null && json()) {
            throw new UsageException("-w writes pcapng and --json prints JSON: choose one.");
        }
        if ("-".equals(file) && call.terminal()) {
            throw new UsageException("-w - writes bytes that no terminal can show; add a program that reads them, as "
                + "in ringmaster capture -w - | tcpdump -nr -");
        }
    }

    private CaptureOutput output(final Call call, final Captures captures) {
        final WallClock clock = new WallClock(captures);
        if (file != null) {
            return new PcapngOutput(captures.interfaces(), clock, options.filter().extent().snapBytes(),
                "ringmaster " + String.join(" ", call.args()));
        }
        return json() ? new JsonOutput(captures.interfaces(), clock) : new LineOutput(captures.interfaces(), clock);
    }

    private void take(final Call call, final Captures captures, final Capture capture, final CaptureOutput output)
        throws IOException {
        final long endNs = seconds == null ? Long.MAX_VALUE : captures.nowNs() + (long) (seconds * SECOND_NS);
        final Capture.Reader reader = (memory, offset, lengthBytes) -> keep(output, memory, offset, lengthBytes);
        // A file begins even if no packet comes.
        output.send(call);
        while ((count == null || packets < count) && captures.nowNs() < endNs && !call.stopped()) {
            final int taken = capture.poll(reader, RECORDS_AT_ONCE, captures.nowNs() - SETTLES_NS);
            if (taken > 0) {
                output.send(call);
            } else {
                call.pause(LOOK_MS);
            }
        }
        captures.end(capture);
        waitFor(call, () -> captures.hasEnded(capture));
        while (capture.poll(reader, RECORDS_AT_ONCE, Long.MAX_VALUE) > 0) {
            output.send(call);
        }
    }

    /** For workers, of which one that stands still is not waited for. */
    private static void waitFor(final Call call, final BooleanSupplier workers) throws IOException {
        for (int look = 0; look < LOOKS && !workers.getAsBoolean(); look++) {
            call.pause(LOOK_MS);
        }
    }

    /** The records of a packet follow each other in the ring of its worker, but those of workers are mixed. */
    private void keep(final CaptureOutput output, final MemorySegment memory, final long offset,
                      final int lengthBytes) {
        final long number = CaptureRecord.number(memory, offset);
        final int worker = (int) ((number - 1) % latest.length);
        if (latest[worker] != number) {
            if (count != null && packets >= count) {
                return;
            }
            packets++;
            latest[worker] = number;
        }
        records++;
        output.onRecord(memory, offset, lengthBytes);
    }

    private String summary(final Capture capture, final Captures captures) {
        long missed = 0;
        for (int port = 0; port < captures.interfaces().size(); port++) {
            missed += capture.missed(port);
        }
        return packets + (packets == 1 ? " packet" : " packets") + " captured (" + records + " records), " + missed
            + " not taken because the ring was full.";
    }

    private static void note(final Call call, final Events events, final String what) {
        final String line = ChangeLog.line(call.caller(), call.args()) + what;
        LOG.log(System.Logger.Level.INFO, line);
        events.tell(Events.Kind.CAPTURE, line, call.caller());
    }
}
