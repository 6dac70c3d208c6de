package io.ringmaster.cli.top;

import static io.ringmaster.cli.top.Columns.amount;

import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines above the table. */
final class Summary {
    /** Reasons that are named there; all of them are in another view. */
    private static final int REASONS = 3;
    private static final int BITS = 8;

    private Summary() {
    }

    /** Size and period; packets and connections; workers; drops. */
    static List<String> lines(final Report report, final Columns columns) {
        long servers = 0;
        long active = 0;
        long inactive = 0;
        final double[] sums = new double[ServerCounters.OUT_BYTES + 1];
        for (final Report.Service service : report.services()) {
            servers += service.servers().size();
            active += service.row().active();
            inactive += service.row().inactive();
            for (int field = ServerCounters.CONNECTIONS; field <= ServerCounters.OUT_BYTES; field++) {
                sums[field] += service.row().rate(field);
            }
        }
        final List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "ringmaster top: %s, %s, last %.1f s",
            number(report.services().size(), "service"), number(servers, "real server"), report.periodSec()));
        lines.add("in " + amount(sums[ServerCounters.IN_PACKETS]) + " pps "
            + amount(BITS * sums[ServerCounters.IN_BYTES]) + "bit/s, out "
            + amount(sums[ServerCounters.OUT_PACKETS]) + " pps " + amount(BITS * sums[ServerCounters.OUT_BYTES])
            + "bit/s, new " + amount(sums[ServerCounters.CONNECTIONS]) + "/s, active " + amount(active)
            + ", inactive " + amount(inactive));
        lines.add(workers(report));
        lines.add(drops(report));
        return lines.stream().map(columns::cut).toList();
    }

    private static String number(final long number, final String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String workers(final Report report) {
        final StringBuilder text = new StringBuilder("workers:");
        for (int w = 0; w < report.workers().size(); w++) {
            final Report.Worker worker = report.workers().get(w);
            text.append(w == 0 ? " " : ", ").append(w).append(String.format(Locale.ROOT,
                " busy %.0f%% batch %.1f/64", 100 * worker.busy(), worker.batch()));
        }
        return text.toString();
    }

    private static String drops(final Report report) {
        double rate = 0;
        final StringBuilder reasons = new StringBuilder();
        int named = 0;
        for (final Report.Drop drop : report.drops()) {
            rate += drop.rate();
            if (drop.rate() > 0 && named++ < REASONS) {
                reasons.append(named == 1 ? ": " : ", ").append(drop.word()).append(' ').append(amount(drop.rate()))
                    .append("/s");
            }
        }
        return "drops: " + amount(rate) + "/s" + (named == 0 ? "" : reasons.substring(0))
            + (named > REASONS ? ", ..." : "");
    }
}
