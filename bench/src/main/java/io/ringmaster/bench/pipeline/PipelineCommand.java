package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Quantity;
import io.ringmaster.bench.report.Results;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.sys.CpuAffinity;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench pipeline}. */
@Command(name = "pipeline", description = "The packet path without sockets: time of a packet, beside the same in C.",
    mixinStandardHelpOptions = true, sortOptions = false)
public final class PipelineCommand implements Callable<Integer> {
    private static final int ROUNDS = 61;
    private static final long PEER_SHARE = 2;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "1m",
        description = "Connections in the table: 100000, 100k, 10m. Default: ${DEFAULT-VALUE}.")
    private String connections;
    @Option(names = "--method", paramLabel = "nat|dr|tun", defaultValue = "nat",
        description = "Forwarding method. Default: ${DEFAULT-VALUE}.")
    private String method;
    @Option(names = "--new", paramLabel = "P%%", defaultValue = "0%",
        description = "Share of packets that open a connection. Default: ${DEFAULT-VALUE}.")
    private String share;
    @Option(names = "--frames", paramLabel = "N", defaultValue = "65536",
        description = "Packets of a round, each in its own frame; a power of two. Default: ${DEFAULT-VALUE}.")
    private String frames;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "" + ROUNDS,
        description = "Measured rounds, in turns with the peer's. Default: ${DEFAULT-VALUE}.")
    private int rounds;
    @Option(names = "--cpu", paramLabel = "N",
        description = "Core for both sides, in turns: one may be slower than another. -1: any. Default: the last.")
    private Integer cpu;
    @Option(names = "--peer", paramLabel = "c", description = "Compare with the same job in C; needs cc.")
    private String peer;
    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;

    @Override
    public Integer call() {
        final Plan plan = new Plan(Quantity.number("--connections", connections), methodOf(method),
            (int) Math.min(Quantity.number("--frames", frames), Integer.MAX_VALUE),
            Quantity.perMille("--new", share), rounds,
            cpu == null ? Runtime.getRuntime().availableProcessors() - 1 : cpu);
        check(plan);
        final Machine machine = Machine.look();
        if (plan.cpu() >= 0) {
            CpuAffinity.pinThisThread(plan.cpu());
        }
        Report.introduce(System.out, plan, machine, peer);
        final boolean terminal = System.getenv("RINGMASTER_COLUMNS") != null;
        try (PeerLane theirs = peer == null ? null : PeerLane.start(plan); JavaLane own = new JavaLane(plan)) {
            final Comparison comparison = new Comparison(plan, own, theirs, new Progress(System.out, terminal));
            final Comparison.Result fill = comparison.fill();
            final Comparison.Result known = comparison.known();
            final Report report = new Report(plan, machine, peer, fill, known, comparison.checksumsEqual(),
                comparison.checksum(), own.bytesPerConnection(), own.pages());
            report.print(System.out);
            report.results().write(json);
            return comparison.checksumsEqual() ? 0 : 1;
        }
    }

    private void check(final Plan plan) {
        if (peer != null && !peer.equals("c")) {
            throw BenchException.usage("--peer " + peer + " is not there for pipeline; give c.");
        }
        final long bytes = ConnectionTable.memoryBytes(plan.capacity())
            + (long) plan.frames() * FakeKernel.FRAME_BYTES;
        final long neededMb = (bytes >> 20) * (peer == null ? 1 : PEER_SHARE);
        if (neededMb > Machine.availableMb()) {
            throw new BenchException("This needs " + neededMb + " MB of memory and the machine has "
                + Machine.availableMb() + " MB free; give fewer --connections or leave --peer out.");
        }
        Results.check(json);
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
