package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Quantity;
import io.ringmaster.bench.report.Results;
import io.ringmaster.sys.CpuAffinity;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench pipeline}. */
@Command(name = "pipeline", description = "The packet path without sockets: time of a packet, beside the same in C.",
    mixinStandardHelpOptions = true, sortOptions = false)
public final class PipelineCommand implements Callable<Integer> {
    private static final int ROUNDS = 61;
    private static final int DEFAULT_FLOOD_PER_MILLE = 500;
    private static final int DEFAULT_EXPIRY_PER_MILLE = 100;
    private static final long MB_SHIFT = 20;
    // The JVM itself, and what else a run needs.
    private static final long OTHER_MB = 300;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "1m",
        description = "Connections in the table: 100000, 100k, 10m, 100m. Default: ${DEFAULT-VALUE}.")
    private String connections;
    @Option(names = "--method", paramLabel = "nat|dr|tun", defaultValue = "nat",
        description = "Forwarding method. Default: ${DEFAULT-VALUE}.")
    private String method;
    @Option(names = "--new", paramLabel = "P%%",
        description = "Share of packets that open a connection. Default: 0%%, with --expiry 10%%, with --flood 50%%.")
    private String share;
    @Option(names = "--workers", paramLabel = "1|2", defaultValue = "1",
        description = "Two: what a second one gains, each on a core of its own. Default: ${DEFAULT-VALUE}.")
    private int workers;
    @ArgGroup
    private final Special special = new Special();
    @Option(names = "--frames", paramLabel = "N", defaultValue = "65536",
        description = "Packets of a round, each in its own frame; a power of two. Default: ${DEFAULT-VALUE}.")
    private String frames;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "" + ROUNDS,
        description = "Measured rounds, in turns with the peer's. Default: ${DEFAULT-VALUE}.")
    private int rounds;
    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "4m", description = "Packets before the measured"
        + " rounds, until the JIT compiler is done. Default: ${DEFAULT-VALUE}.")
    private String warmUp;
    @Option(names = "--cpu", paramLabel = "N",
        description = "Core for both sides, in turns: one may be slower than another. -1: any. Default: the last.")
    private Integer cpu;
    @Option(names = "--peer", paramLabel = "c", description = "Compare with the same job in C; needs cc.")
    private String peer;
    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;

    /** What else than known connections may be looked at: one of these. */
    private static final class Special {
        @Option(names = "--expiry", description = "New connections, and as many that end, beside the same without.")
        private boolean expiry;
        @Option(names = "--flood", paramLabel = "TIMES", description = "SYNs of as many times as many connections as"
            + " the table is made for, beside the same while there is room.")
        private Integer flood;
        @Option(names = "--tail", paramLabel = "SECONDS", description = "Time of every batch, beside a loop that does"
            + " nothing for as long.")
        private Integer tail;
    }

    @Override
    public Integer call() {
        final Plan plan = plan();
        check(plan);
        final Run run = new Run(plan, Machine.look(), peer,
            new Progress(System.out, System.getenv("RINGMASTER_COLUMNS") != null));
        if (plan.cpu() >= 0) {
            CpuAffinity.pinThisThread(plan.cpu());
        }
        run.introduce(System.out);
        final Outcome outcome = run.measure();
        outcome.print(System.out);
        outcome.results().write(json);
        return outcome.failed() ? 1 : 0;
    }

    private Plan plan() {
        final Plan.Scenario scenario = special.expiry ? Plan.Scenario.EXPIRY
            : special.flood != null ? Plan.Scenario.FLOOD
            : special.tail != null ? Plan.Scenario.TAIL : Plan.Scenario.KNOWN;
        final int amount = switch (scenario) {
            case FLOOD -> special.flood;
            case TAIL -> special.tail;
            default -> 0;
        };
        return new Plan(Quantity.number("--connections", connections), methodOf(method),
            (int) Math.min(Quantity.number("--frames", frames), Integer.MAX_VALUE), newPerMille(scenario), rounds,
            cpu == null ? Plan.defaultCpu() : cpu, workers, scenario, amount,
            Quantity.number("--warm-up", warmUp));
    }

    private int newPerMille(final Plan.Scenario scenario) {
        if (share != null) {
            return Quantity.perMille("--new", share);
        }
        return switch (scenario) {
            case EXPIRY -> DEFAULT_EXPIRY_PER_MILLE;
            case FLOOD -> DEFAULT_FLOOD_PER_MILLE;
            default -> 0;
        };
    }

    private void check(final Plan plan) {
        if (peer != null && !peer.equals("c")) {
            throw BenchException.usage("--peer " + peer + " is not there for pipeline; give c.");
        }
        if (peer != null && plan.scenario() != Plan.Scenario.KNOWN) {
            throw BenchException.usage("--expiry, --flood and --tail compare the director with itself; leave --peer"
                + " out.");
        }
        Results.check(json);
        if (peer != null) {
            CProgram.check();
        }
        final long neededMb = (plan.memoryBytes() >> MB_SHIFT) * Run.sides(plan, peer) + OTHER_MB;
        final long freeMb = Machine.availableMb();
        if (neededMb > freeMb) {
            throw new BenchException("This needs " + neededMb + " MB of memory and the machine has " + freeMb
                + " MB free; give fewer --connections" + (peer == null ? "." : " or leave --peer out."));
        }
    }

    private static Plan.Method methodOf(final String word) {
        for (final Plan.Method each : Plan.Method.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw BenchException.usage("--method " + word + " is not one; give nat, dr or tun.");
    }
}
