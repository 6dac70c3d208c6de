package io.ringmaster.bench.table;

import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Results;
import io.ringmaster.bench.report.Samples;
import io.ringmaster.bench.table.TableRun.Figures;
import io.ringmaster.bench.table.TableSide.Kind;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found, for people and for programs.
 *
 * @param slotBytes     of the slots.
 * @param cycleBytes    of the cycle numbers of worker and lister.
 * @param residentBytes by which the process grew until the table was full, or −1 if that is too few to tell.
 * @param refused       connections that found no place.
 * @param pages         behind the slots.
 */
record TableReport(TablePlan plan, Machine machine, String peer, Map<Kind, Figures> figures, long slotBytes,
                   long cycleBytes, long residentBytes, long refused, String pages) {
    private String form() {
        return plan.form().name().toLowerCase(Locale.ROOT);
    }

    private double bytesPerConnection() {
        return (double) (slotBytes + cycleBytes) / plan.connections();
    }

    private double spread() {
        return figures.get(Kind.HIT).spread();
    }

    private String doubts() {
        return spread() <= Results.HONEST_SPREAD ? "" : String.format(Locale.ROOT, "Not an honest run: a round differs"
            + " from the next by %.0f %%; repeat it on a quieter machine.", spread() * 100);
    }

    void print(final PrintStream out) {
        final boolean alone = peer == null;
        out.println();
        line(out, "ns for one", "Ringmaster", alone ? "" : "C", alone ? "" : "speed, of C's");
        line(out, "", "median (min - max)", alone ? "" : "median (min - max)", alone ? "" : "median (quartiles)");
        figures.forEach((kind, of) -> line(out, kind.words(), figures(of.ownNs()),
            of.peerNs() == null ? "" : figures(of.peerNs()), of.ratio() == null ? ""
            : String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", of.ratio().median(), of.ratio().quantile(0.25),
                of.ratio().quantile(0.75))));
        out.printf(Locale.ROOT, "%n%.2f bytes a connection at load 0.7 (%,d of slots, %,d of cycle numbers; %s)%n",
            bytesPerConnection(), slotBytes, cycleBytes, pages);
        if (residentBytes >= 0) {
            out.printf(Locale.ROOT, "the process grew by %,d MB until the table was full: %.2f bytes a connection%n",
                residentBytes >> 20, (double) residentBytes / plan.connections());
        }
        out.printf(Locale.ROOT, "filled, looked up and expired; %,d of %,d found no place%n", refused,
            plan.connections());
        if (!doubts().isEmpty()) {
            out.println(doubts());
        }
    }

    private static void line(final PrintStream out, final String name, final String own, final String peer,
                             final String ratio) {
        out.println(String.format("%-22s %26s %26s %22s", name, own, peer, ratio).stripTrailing());
    }

    private static String figures(final Samples ns) {
        return String.format(Locale.ROOT, "%.1f (%.1f - %.1f)", ns.median(), ns.min(), ns.max());
    }

    Results results() {
        final Results results = Results.of("table", machine).put("form", form())
            .put("connections", plan.connections()).put("rounds", plan.rounds())
            .put("bytesPerConnection", bytesPerConnection()).put("slotBytes", slotBytes)
            .put("cycleBytes", cycleBytes).put("refused", refused).put("tablePages", pages);
        if (residentBytes >= 0) {
            results.put("residentBytesPerConnection", (double) residentBytes / plan.connections());
        }
        figures.forEach((kind, of) -> results.object(kind.name().toLowerCase(Locale.ROOT), inner -> {
            inner.samples("nsPerOperation", of.ownNs());
            if (of.ratio() != null) {
                inner.samples("peerNsPerOperation", of.peerNs()).ratioToPeer(peer, of.ratio());
            }
        }));
        return results.honesty(spread(), doubts());
    }
}
