package io.ringmaster.bench.latency;

import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Quantity;
import io.ringmaster.bench.report.Results;
import io.ringmaster.bench.wire.Cores;
import io.ringmaster.bench.wire.Method;
import io.ringmaster.bench.wire.Peer;
import io.ringmaster.bench.wire.Prerequisites;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench latency}. */
@Command(name = "latency", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"How long packets take through a director between veths, beside a peer's. Needs root and cc.",
        "They are sent at a steady rate, each timed from when it was to be sent (corrected for coordinated omission)."},
    footerHeading = "%nExamples:%n",
    footer = {"  ./ringmaster bench latency --rate 20k --peer c",
        "  ./ringmaster bench latency --peer c --json result.json --hgrm result.hgrm"})
public final class LatencyCommand implements Callable<Integer> {
    @Option(names = "--rate", paramLabel = "N", defaultValue = "50k",
        description = "Packets a second, 100 to 1m. Default: ${DEFAULT-VALUE}.")
    private String rate;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "30",
        description = "Seconds of packets through each side, over all rounds. Default: ${DEFAULT-VALUE}.")
    private int seconds;
    @Option(names = "--method", paramLabel = "nat|dr|tun", defaultValue = "nat",
        description = "Forwarding method of the director. Default: ${DEFAULT-VALUE}.")
    private String method;
    @Option(names = "--flows", paramLabel = "N", defaultValue = "10k",
        description = "Connections that packets go round over. Default: ${DEFAULT-VALUE}.")
    private String flows;
    @Option(names = "--peer", paramLabel = "c|kernel|nftables",
        description = "Compare with a forwarder in C that only rewrites MACs, with the kernel's routing, or with its"
            + " DNAT (needs nft).")
    private String peer;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "10",
        description = "Rounds of each side, in turns. Default: ${DEFAULT-VALUE}.")
    private int rounds;
    @Option(names = "--cpu", paramLabel = "N",
        description = "Core of the director's worker, and of the peer in its turns. Default: the last.")
    private Integer cpu;
    @Option(names = "--load-cpu", paramLabel = "N", description = "Core that sends. Default: the first.")
    private Integer loadCpu;
    @Option(names = "--idle", paramLabel = "spin|backoff|sleep", defaultValue = "spin",
        description = "What the director's worker does without packets. Default: ${DEFAULT-VALUE}, as the C peer.")
    private String idle;
    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;
    @Option(names = "--hgrm", paramLabel = "FILE",
        description = "Write all percentiles, in microseconds, as HdrHistogram does; the peer's into a file with its"
            + " name before the ending.")
    private Path hgrm;

    @Override
    public Integer call() {
        final LatencyPlan plan = new LatencyPlan(Method.of(method),
            Quantity.number("--rate", rate, LatencyPlan.LEAST_RATE, LatencyPlan.MOST_RATE), seconds,
            Quantity.number("--flows", flows, 1, LatencyPlan.MOST_CONNECTIONS), Peer.of(peer, Peer.values()), rounds,
            Cores.choose(cpu, loadCpu), idle);
        Results.check(json);
        Results.check("--hgrm", hgrm);
        Peer.requireCompiler();
        Prerequisites.check(plan.connections());
        final Machine machine = Machine.look();
        LatencyReport.introduce(System.out, plan, machine);
        final boolean terminal = System.getenv("RINGMASTER_COLUMNS") != null;
        final LatencyReport report = new LatencyReport(plan, machine,
            new LatencyRun(plan, new Progress(System.out, terminal)).run());
        report.print(System.out);
        new LatencyJson(report).results().write(json);
        if (hgrm != null) {
            report.writePercentiles(hgrm);
        }
        return 0;
    }
}
