package io.ringmaster.bench;

import io.ringmaster.bench.pipeline.PipelineCommand;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.bench.table.TableCommand;
import io.ringmaster.sys.SystemCallException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster bench}: measurements that anyone can repeat. */
@Command(name = "bench", description = "Measures this director on this machine.", subcommands = {
    PipelineCommand.class, TableCommand.class},
    mixinStandardHelpOptions = true)
public final class BenchMain implements Runnable {
    private static final String NAME = "bench";

    @Spec
    private CommandSpec spec;

    private BenchMain() {
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which: pipeline or table.");
    }

    /** Runs one measurement; the launcher gives the word bench as well. */
    public static void main(final String[] args) {
        final String[] own = args.length > 0 && args[0].equals(NAME) ? Arrays.copyOfRange(args, 1, args.length) : args;
        System.exit(new CommandLine(new BenchMain())
            .setExecutionExceptionHandler((e, line, parsed) -> exitCode(e)).execute(own));
    }

    private static int exitCode(final Exception e) throws Exception {
        if (Cleanup.ending()) {
            return 1;
        }
        if (e instanceof BenchException || e instanceof SystemCallException) {
            System.err.println("ringmaster bench: " + e.getMessage());
            return e instanceof final BenchException own ? own.exitCode() : 1;
        }
        throw e;
    }
}
