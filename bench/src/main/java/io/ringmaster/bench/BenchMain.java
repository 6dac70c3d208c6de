package io.ringmaster.bench;

import io.ringmaster.bench.forward.ForwardCommand;
import io.ringmaster.bench.latency.LatencyCommand;
import io.ringmaster.bench.pipeline.PipelineCommand;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.demo.DemoException;
import io.ringmaster.sys.SystemCallException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster bench}: measurements that anyone can repeat. */
@Command(name = "bench", description = "Measures this director on this machine.", mixinStandardHelpOptions = true,
    subcommands = {PipelineCommand.class, ForwardCommand.class, LatencyCommand.class})
public final class BenchMain implements Runnable {
    private static final String NAME = "bench";

    @Spec
    private CommandSpec spec;

    private BenchMain() {
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which: pipeline, forward or latency.");
    }

    /** Runs one measurement; the launcher gives the word bench as well. */
    public static void main(final String[] args) {
        final String[] own = args.length > 0 && args[0].equals(NAME) ? Arrays.copyOfRange(args, 1, args.length) : args;
        System.exit(new CommandLine(new BenchMain()).setExecutionExceptionHandler((e, line, parsed) -> {
            if (e instanceof BenchException || e instanceof SystemCallException || e instanceof DemoException
                || e instanceof IllegalStateException) {
                System.err.println("ringmaster bench: " + e.getMessage());
                return 1;
            }
            throw e;
        }).execute(own));
    }
}
