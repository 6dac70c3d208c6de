package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Results;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What all scenarios have in common. Owned by the measuring thread.
 *
 * @param peer name of the peer, null without one.
 */
record Run(Plan plan, Machine machine, String peer, Progress progress) {
    private static final double MB = 1 << 20;
    private static final long MB_SHIFT = 20;
    // The JVM itself, and what else a run needs.
    private static final long OTHER_MB = 300;
    private static final double GB = 1_000_000_000;

    /** What is measured and on what, before the run. */
    void introduce(final PrintStream out) {
        out.printf(Locale.ROOT, "pipeline: %,d connections, %s, %,d frames, %.1f %% new, %s%s%s%n", plan.connections(),
            plan.method().word(), plan.frames(), plan.newPerMille() / 10.0,
            plan.workers() == 1 ? "one worker" : plan.workers() + " workers", cores(), scenario());
        machine.print(out);
        out.printf(Locale.ROOT, "memory:   %,.0f MB of table and frames%s%n", plan.memoryBytes() / MB,
            sides(plan, peer) == 1 ? "" : ", and as much for what it is compared with");
        if (peer != null) {
            out.println("peer:     " + CProgram.compiler() + "; " + String.join(" ", CProgram.FLAGS));
        }
    }

    /** How many tables there are: a peer has its own, and so has what a flood is compared with. */
    static int sides(final Plan plan, final String peer) {
        return peer == null && plan.scenario() != Plan.Scenario.FLOOD ? 1 : 2;
    }

    /** Refuses what does not fit into the memory that is free. */
    static void checkMemory(final Plan plan, final String peer, final long freeMb) {
        final long neededMb = (plan.memoryBytes() >> MB_SHIFT) * sides(plan, peer) + OTHER_MB;
        if (neededMb > freeMb) {
            throw new BenchException(String.format(Locale.ROOT, "This needs %,d MB of memory and the machine has %,d MB"
                + " free; give fewer --connections%s.", neededMb, freeMb, peer == null ? "" : " or leave --peer out"));
        }
    }

    /** Does it all. */
    Outcome measure() {
        return switch (plan.scenario()) {
            case KNOWN -> plan.workers() == 1 ? new KnownRun(this).measure() : new SpeedupRun(this).measure();
            case EXPIRY -> new ExpiryRun(this).measure();
            case FLOOD -> new FloodRun(this).measure();
            case TAIL -> new TailRun(this).measure();
        };
    }

    private String cores() {
        if (plan.cpu() < 0) {
            return "";
        }
        return plan.workers() == 1 ? " on core " + plan.cpu()
            : " on cores " + plan.cpuOf(0) + " and " + plan.cpuOf(1);
    }

    private String scenario() {
        return switch (plan.scenario()) {
            case KNOWN -> "";
            case EXPIRY -> "; connections end as fast as new ones come";
            case FLOOD -> "; a flood of " + plan.amount() + " times what the table holds";
            case TAIL -> "; every batch timed for " + plan.amount() + " s";
        };
    }

    /** Names and machine; the rest is the scenario's. */
    Results results() {
        return Results.of("pipeline", machine).put("scenario", plan.scenario().name().toLowerCase(Locale.ROOT))
            .put("method", plan.method().word()).put("connections", plan.connections()).put("frames", plan.frames())
            .put("newShare", plan.newPerMille() / 1_000.0).put("workers", plan.workers());
    }

    /** Tells of the memory, and that no garbage was made. */
    void tellMemory(final Outcome outcome, final JavaLane own, final Garbage garbage, final long packets) {
        final double perPacket = (double) garbage.bytes() / packets;
        outcome.note("%.1f bytes a connection (%s); %.3f bytes of garbage a packet%s; all of this process together"
            + " took %.2f GB at most", own.bytesPerConnection(), own.pages(), perPacket, garbage.note(),
            Machine.peakBytes() / GB);
        outcome.results().put("bytesPerConnection", own.bytesPerConnection()).put("tablePages", own.pages())
            .put("tableBytes", own.tableBytes()).put("processPeakBytes", Machine.peakBytes())
            .put("allocatedBytesPerPacket", perPacket);
        outcome.doubtIf(garbage.isSteady(), "The packet path made %,d bytes of garbage, which it must not.",
            garbage.bytes());
    }

    /** Lets all connections end, and tells what that took. */
    void end(final Outcome outcome, final JavaLane own) {
        final long connections = own.size();
        final double ns = own.end();
        outcome.note("%,d connections ended when their time was over, %.0f ns each; nothing was left behind",
            connections, ns);
        outcome.results().object("ending", ending -> ending.put("connections", connections)
            .put("nsPerConnection", ns));
    }
}
