package io.ringmaster.bench.forward;

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

/** {@code bench forward}. */
@Command(name = "forward", mixinStandardHelpOptions = true, sortOptions = false,
    description = "A director between veths, through AF_XDP: packets a second, beside a peer's. Needs root.",
    footerHeading = "%nExamples:%n",
    footer = {"  ./ringmaster bench forward --peer c", "  ./ringmaster bench forward --method dr --peer nftables"
        + " --json result.json"})
public final class ForwardCommand implements Callable<Integer> {
    @Option(names = "--method", paramLabel = "nat|dr|tun", defaultValue = "nat",
        description = "Forwarding method of the director. Default: ${DEFAULT-VALUE}.")
    private String method;
    @Option(names = "--size", paramLabel = "BYTES", defaultValue = "64",
        description = "Size of a frame with its checksum, 64 to 1518. Default: ${DEFAULT-VALUE}.")
    private int size;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10",
        description = "Seconds of traffic that is measured through each side, over all rounds. Default:"
            + " ${DEFAULT-VALUE}.")
    private int seconds;
    @Option(names = "--flows", paramLabel = "N", defaultValue = "1m",
        description = "Connections that packets go round over: 10k, 1m. Default: ${DEFAULT-VALUE}.")
    private String flows;
    @Option(names = "--peer", paramLabel = "c|kernel|nftables",
        description = "Compare with a forwarder in C that only rewrites MACs (needs cc), with the kernel's routing, or"
            + " with its DNAT (needs nft).")
    private String peer;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "10",
        description = "Rounds of each side, in turns. Default: ${DEFAULT-VALUE}.")
    private int rounds;
    @Option(names = "--cpu", paramLabel = "N",
        description = "Core of the director's worker, and of the peer in its turns. Default: the last.")
    private Integer cpu;
    @Option(names = "--load-cpu", paramLabel = "N", description = "Core that generates. Default: the first.")
    private Integer loadCpu;
    @Option(names = "--idle", paramLabel = "spin|backoff|sleep", defaultValue = "backoff",
        description = "What the director's worker does without packets. Default: ${DEFAULT-VALUE}.")
    private String idle;
    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;

    @Override
    public Integer call() {
        final ForwardPlan plan = new ForwardPlan(Method.of(method), size, seconds,
            Quantity.number("--flows", flows, 1, ForwardPlan.MOST_CONNECTIONS),
            Peer.of(peer, Peer.values()), rounds, Cores.choose(cpu, loadCpu), idle);
        Results.check(json);
        Prerequisites.check(plan.connections());
        final Machine machine = Machine.look();
        ForwardReport.introduce(System.out, plan, machine);
        final boolean terminal = System.getenv("RINGMASTER_COLUMNS") != null;
        final ForwardRun.Result result = new ForwardRun(plan, new Progress(System.out, terminal)).run();
        final ForwardReport report = new ForwardReport(plan, machine, result);
        report.print(System.out);
        report.results().write(json);
        return 0;
    }
}
