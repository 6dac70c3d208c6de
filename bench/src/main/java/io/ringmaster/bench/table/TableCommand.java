package io.ringmaster.bench.table;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Quantity;
import io.ringmaster.bench.report.Results;
import io.ringmaster.connection.TableForm;
import io.ringmaster.sys.CpuAffinity;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench table}. */
@Command(name = "table", description = "The connection table by itself: look-up, insert, refresh, expiry, memory.",
    mixinStandardHelpOptions = true, sortOptions = false)
public final class TableCommand implements Callable<Integer> {
    private static final int MB_SHIFT = 20;
    private static final long OTHER_MB = 300;
    // Below this the process's own pages hide those of the table.
    private static final long TELLING_BYTES = 64L << MB_SHIFT;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "1m",
        description = "Connections: 100000, 100k, 10m, 100m. Default: ${DEFAULT-VALUE}.")
    private String connections;
    @Option(names = "--form", paramLabel = "narrow|wide", defaultValue = "narrow", description = "IPv4, or IPv6 and"
        + " services of all ports. Default: ${DEFAULT-VALUE}.")
    private String form;
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "61", description = "Measured rounds of 65,536"
        + " operations of each kind, in turns with the peer's. Default: ${DEFAULT-VALUE}.")
    private int rounds;
    @Option(names = "--cpu", paramLabel = "N", description = "Core for both sides. -1: any. Default: the last.")
    private Integer cpu;
    @Option(names = "--peer", paramLabel = "c", description = "Compare with the same table in C; needs cc.")
    private String peer;
    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;

    @Override
    public Integer call() {
        final TablePlan plan = new TablePlan(Quantity.number("--connections", connections), form(), rounds,
            cpu == null ? TablePlan.defaultCpu() : cpu);
        check(plan);
        final Machine machine = Machine.look();
        if (plan.cpu() >= 0) {
            CpuAffinity.pinThisThread(plan.cpu());
        }
        System.out.printf(Locale.ROOT, "table:    %,d connections, %s form%s%n", plan.connections(), form,
            plan.cpu() < 0 ? "" : ", on core " + plan.cpu());
        machine.print(System.out);
        if (peer != null) {
            System.out.println("peer:     " + CProgram.compiler() + "; " + String.join(" ", CProgram.FLAGS));
        }
        final TableReport report = measure(plan, machine);
        report.print(System.out);
        report.results().write(json);
        return 0;
    }

    private TableReport measure(final TablePlan plan, final Machine machine) {
        final Progress progress = new Progress(System.out, System.getenv("RINGMASTER_COLUMNS") != null);
        try (TableSide theirs = peer == null ? null : PeerSide.start(plan)) {
            final long before = Machine.residentBytes();
            try (JavaSide own = new JavaSide(plan)) {
                final TableRun run = new TableRun(plan, own, theirs, progress);
                final var figures = run.measure();
                // All pages that were ever touched are still there.
                final long grown = Machine.residentBytes() - before;
                return new TableReport(plan, machine, peer, figures, own.table().memoryBytes(),
                    own.table().cycleBytes(), own.table().memoryBytes() < TELLING_BYTES ? -1 : grown, run.refused(),
                    own.pages().toString());
            }
        }
    }

    private TableForm form() {
        for (final TableForm each : TableForm.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(form)) {
                return each;
            }
        }
        throw BenchException.usage("--form " + form + " is not one; give narrow or wide.");
    }

    private void check(final TablePlan plan) {
        if (peer != null && !peer.equals("c")) {
            throw BenchException.usage("--peer " + peer + " is not there for table; give c.");
        }
        Results.check(json);
        if (peer != null) {
            CProgram.check();
        }
        final long neededMb = (plan.form().memoryBytes(plan.connections()) >> MB_SHIFT) * (peer == null ? 1 : 2)
            + OTHER_MB;
        final long freeMb = Machine.availableMb();
        if (neededMb > freeMb) {
            throw new BenchException("This needs " + neededMb + " MB of memory and the machine has " + freeMb
                + " MB free; give fewer --connections" + (peer == null ? "." : " or leave --peer out."));
        }
    }
}
