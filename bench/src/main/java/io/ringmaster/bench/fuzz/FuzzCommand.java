package io.ringmaster.bench.fuzz;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.bench.report.Quantity;
import io.ringmaster.bench.report.Results;
import io.ringmaster.stats.Counter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench fuzz}. */
@Command(name = "fuzz", description = "Recorded frames, mutated without end, through the director's worker: what may"
    + " never happen.", mixinStandardHelpOptions = true, sortOptions = false)
public final class FuzzCommand implements Callable<Integer> {
    private static final int SEEDS = 1_000_000_000;

    @Option(names = "--frames", paramLabel = "N", defaultValue = "10m",
        description = "Frames, at least: 500k, 100m. Default: ${DEFAULT-VALUE}.")
    private String frames;
    @Option(names = "--seconds", paramLabel = "N", defaultValue = "0", description = "End after so many even if there"
        + " were fewer frames. Default: go on.")
    private long seconds;
    @Option(names = "--seed", paramLabel = "N", description = "The same seed makes the same frames. Default: a new"
        + " one, which is printed.")
    private Long seed;
    @Option(names = "--threads", paramLabel = "N", description = "Directors side by side. Default: one a core.")
    private Integer threads;
    @Option(names = "--cases", paramLabel = "FOLDER", defaultValue = ".", description = "Where a file is written for"
        + " each kind of fault. Default: here.")
    private Path cases;
    @Option(names = "--replay", paramLabel = "FILE", description = "Play one such file instead.")
    private Path replay;
    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;

    @Override
    public Integer call() {
        check();
        // Before any class of the director is there: all accesses of packet memory are checked.
        FuzzCommand.class.getClassLoader().setPackageAssertionStatus("io.ringmaster", true);
        if (replay != null) {
            return replay();
        }
        final FuzzPlan plan = new FuzzPlan(Quantity.number("--frames", frames), seconds,
            seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed,
            threads == null ? Runtime.getRuntime().availableProcessors() : threads, cases, Tamper.NONE);
        final Machine machine = Machine.look();
        final List<Recording> recordings = Recordings.all();
        System.out.printf(Locale.ROOT, "fuzz:     %,d frames, seed %d, %d threads, %d recordings%n", plan.frames(),
            plan.seed(), plan.threads(), recordings.size());
        machine.print(System.out);
        final FuzzRun run = new FuzzRun(plan, recordings,
            new Progress(System.out, System.getenv("RINGMASTER_COLUMNS") != null));
        run.run();
        print(run);
        results(plan, machine, run).write(json);
        return run.found().isEmpty() ? 0 : 1;
    }

    private void check() {
        Results.check(json);
        if (!Files.isDirectory(cases) || !Files.isWritable(cases)) {
            throw BenchException.usage("--cases " + cases + " is no folder that can be written to.");
        }
    }

    private int replay() {
        final CaseFile.Case given = CaseFile.read(replay);
        final Fault fault = FuzzRun.replay(given, Tamper.NONE);
        System.out.println(fault == null ? "No fault: all that must hold holds." : "fault:    " + fault.getMessage());
        if (fault != null && fault.getCause() != null) {
            fault.getCause().printStackTrace(System.out);
        }
        return fault == null ? 0 : 1;
    }

    private static void print(final FuzzRun run) {
        System.out.printf(Locale.ROOT, "frames:   %,d in %.0f s, %,.0f a second; %,d directors%n", run.frames(),
            run.seconds(), run.frames() / Math.max(1e-3, run.seconds()), run.episodes());
        final List<String> never = new ArrayList<>();
        int ends = 0;
        for (final Counter counter : Counter.values()) {
            if (counter.kind() != Counter.Kind.EVENT) {
                ends++;
                if (run.count(counter) == 0) {
                    never.add(counter.word());
                }
            }
        }
        System.out.printf(Locale.ROOT, "ends:     %d of %d ways that a packet can end were taken%s%n",
            ends - never.size(), ends, never.isEmpty() ? "" : "; never " + String.join(", ", never));
        System.out.println(run.found().isEmpty() ? "result:   no fault" : "result:   " + run.found().size()
            + " kinds of fault");
    }

    private static Results results(final FuzzPlan plan, final Machine machine, final FuzzRun run) {
        return Results.of("fuzz", machine).put("seed", plan.seed()).put("frames", run.frames())
            .put("seconds", run.seconds()).put("framesPerSec", run.frames() / Math.max(1e-3, run.seconds()))
            .put("threads", plan.threads()).put("directors", run.episodes()).put("faults", run.found().size())
            .object("ends", of -> {
                for (final Counter counter : Counter.values()) {
                    if (counter.kind() != Counter.Kind.EVENT) {
                        of.put(counter.word(), run.count(counter));
                    }
                }
            });
    }
}
