package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Results;
import io.ringmaster.bench.report.Samples;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What a run found, for people and for programs.
 *
 * @param peerWord           name of the peer, null without one.
 * @param fill               of opening the connections; null if there were too few.
 * @param bytesPerConnection of the table.
 * @param pages              of the table.
 */
record Report(Plan plan, Machine machine, String peerWord, Comparison.Result fill, Comparison.Result known,
              boolean checksumsEqual, long checksum, double bytesPerConnection, String pages) {
    private static final double NS_PER_US = 1_000;

    /** Head of the table, before the run. */
    static void introduce(final PrintStream out, final Plan plan, final Machine machine, final String peer) {
        out.printf(Locale.ROOT, "pipeline: %,d connections, %s, %,d frames, %.1f %% new, one worker%s%n",
            plan.connections(), plan.method().word(), plan.frames(), plan.newPerMille() / 10.0,
            plan.cpu() < 0 ? "" : " on core " + plan.cpu());
        machine.print(out);
        if (peer != null) {
            out.println("peer:     " + CProgram.compiler() + "; " + String.join(" ", CProgram.FLAGS));
        }
    }

    void print(final PrintStream out) {
        final boolean alone = peerWord == null;
        out.println();
        line(out, "", "Ringmaster, ns a packet", alone ? "" : "C, ns a packet", alone ? "" : "speed, of C's");
        line(out, "", "median (min - max)", alone ? "" : "median (min - max)", alone ? "" : "median (quartiles)");
        row(out, plan.newPerMille() == 0 ? "known connections" : "known and new", known);
        if (fill != null) {
            row(out, "opening connections", fill);
        }
        out.printf(Locale.ROOT, "%n%.2f Mpps on one core; %.1f bytes a connection (%s); %d rounds; times are those that"
            + " the thread had a core%n", NS_PER_US / known.ownNs().median(), bytesPerConnection, pages,
            known.ownNs().count());
        if (peerWord != null) {
            out.printf("output checksum %016x, %s%n", checksum, checksumsEqual ? "equal in both" : "NOT THE SAME");
        }
        if (!doubts().isEmpty()) {
            out.println(doubts());
        }
    }

    private static void row(final PrintStream out, final String name, final Comparison.Result result) {
        line(out, name, figures(result.ownNs()), result.peerNs() == null ? "" : figures(result.peerNs()),
            result.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", result.ratio().median(),
                result.ratio().quantile(0.25), result.ratio().quantile(0.75)));
    }

    private static void line(final PrintStream out, final String name, final String own, final String peer,
                             final String ratio) {
        out.println(String.format("%-22s %28s %28s %22s", name, own, peer, ratio).stripTrailing());
    }

    private static String figures(final Samples ns) {
        return String.format(Locale.ROOT, "%.1f (%.1f - %.1f)", ns.median(), ns.min(), ns.max());
    }

    /** All of it for programs. */
    Results results() {
        final Results results = Results.of("pipeline", machine).put("method", plan.method().word())
            .put("connections", plan.connections()).put("frames", plan.frames())
            .put("newShare", plan.newPerMille() / 1_000.0).put("workers", 1).put("rounds", known.ownNs().count());
        put(results, known);
        results.put("bytesPerConnection", bytesPerConnection).put("tablePages", pages);
        results.honesty(known.spread(), doubts());
        if (fill != null) {
            results.object("opening", opening -> put(opening, fill));
        }
        if (peerWord != null) {
            results.put("outputChecksum", Long.toHexString(checksum)).put("checksumsEqual", checksumsEqual)
                .put("compiler", CProgram.compiler());
        }
        return results;
    }

    private void put(final Results results, final Comparison.Result result) {
        results.nsPerPacket(result.ownNs());
        if (result.ratio() != null) {
            results.ratioToPeer(peerWord, result.ratio()).samples("peerNsPerPacket", result.peerNs());
        }
    }

    private String doubts() {
        if (!checksumsEqual) {
            return "The packets are not the same as the peer's: one of them does another job, and the figures say"
                + " nothing.";
        }
        return known.spread() <= Results.HONEST_SPREAD ? "" : String.format(Locale.ROOT, "Not an honest run: a round"
            + " differs from the next by %.0f %%; repeat it on a quieter machine.", known.spread() * 100);
    }
}
