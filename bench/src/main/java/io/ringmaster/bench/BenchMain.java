package io.ringmaster.bench;

import io.ringmaster.bench.chart.Charts;
import io.ringmaster.bench.forward.ForwardCommand;
import io.ringmaster.bench.fuzz.FuzzCommand;
import io.ringmaster.bench.jmh.JmhCommand;
import io.ringmaster.bench.jmh.ListCommand;
import io.ringmaster.bench.latency.LatencyCommand;
import io.ringmaster.bench.pipeline.PipelineCommand;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.bench.table.TableCommand;
import io.ringmaster.demo.DemoException;
import io.ringmaster.sys.SystemCallException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringmaster bench}: measurements that anyone can repeat. */
@Command(name = "bench", description = "Measures this director on this machine.", mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 done; 1 it cannot be here, for the reason told, or found a fault; 2 asked wrongly."},
    subcommands = {PipelineCommand.class, ForwardCommand.class, LatencyCommand.class, TableCommand.class,
        FuzzCommand.class, JmhCommand.class, ListCommand.class})
public final class BenchMain implements Runnable {
    private static final String NAME = "bench";
    private static final int CANNOT_BE = 1;

    @Spec
    private CommandSpec spec;
    @Option(names = "--chart", paramLabel = "FILE.svg", description = "Draws results of runs (--json) as a picture.")
    private Path chart;
    @Parameters(paramLabel = "RESULT.json", arity = "0..*", description = "Results for --chart.")
    private List<Path> results = List.of();

    private BenchMain() {
    }

    @Override
    public void run() {
        if (chart == null) {
            throw new ParameterException(spec.commandLine(), (results.isEmpty() ? "" : "There is no run " + results
                .getFirst() + ". ") + "Say which: " + String.join(", ", spec.subcommands().keySet()) + ".");
        }
        Charts.write(chart, results);
    }

    /** Runs one measurement; the launcher gives the word bench as well. */
    public static void main(final String[] args) {
        final String[] own = args.length > 0 && args[0].equals(NAME) ? Arrays.copyOfRange(args, 1, args.length) : args;
        System.exit(commands().execute(own));
    }

    static CommandLine commands() {
        final CommandLine line = new CommandLine(new BenchMain());
        // Options that are not ours are JMH's.
        line.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        return line.setExecutionExceptionHandler((e, command, parsed) -> exitCode(e));
    }

    private static int exitCode(final Exception e) throws Exception {
        if (Cleanup.ending()) {
            return CANNOT_BE;
        }
        if (!isSentence(e)) {
            throw e;
        }
        System.err.println("ringmaster bench: " + e.getMessage());
        return e instanceof final BenchException own ? own.exitCode() : CANNOT_BE;
    }

    /** Whether its message is all that a person needs; the last is how modules below say what is missing. */
    private static boolean isSentence(final Exception e) {
        return e instanceof BenchException || e instanceof SystemCallException || e instanceof DemoException
            || e instanceof IllegalStateException;
    }
}
