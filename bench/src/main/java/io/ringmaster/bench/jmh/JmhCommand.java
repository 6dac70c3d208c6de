package io.ringmaster.bench.jmh;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}: JMH with the flags that its forked JVMs need here, since these do not read the manifest. */
@Command(name = "jmh", description = "Micro-benchmarks by JMH: rings, packet path, checksums, connection table.",
    mixinStandardHelpOptions = true, sortOptions = false,
    footer = {"", "Options of JMH may follow: bench jmh Pipeline -prof gc -f 1. bench list names the benchmarks."})
public final class JmhCommand implements Callable<Integer> {
    private static final String[] FLAGS = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED"};

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results for programs, too.")
    private Path json;
    @Parameters(arity = "0..*", paramLabel = "PATTERN", description = "Regular expression that a benchmark's name"
        + " contains. Default: all.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Results.check(json);
        final Machine machine = Machine.look();
        machine.print(System.out);
        // JMH writes small files where temporary files go: into a folder that is taken away whatever happens.
        System.setProperty("java.io.tmpdir", Cleanup.folder().toString());
        try {
            final Collection<RunResult> results = new Runner(options()).run();
            write(machine, results);
            return results.isEmpty() ? 1 : 0;
        } catch (final NoBenchmarksException e) {
            throw BenchException.usage("No benchmark is named like " + String.join(" ", arguments)
                + "; bench list names them all.");
        } catch (final CommandLineOptionException e) {
            throw BenchException.usage(e.getMessage() + ".");
        } catch (final RunnerException e) {
            throw new BenchException("JMH could not run: " + e.getMessage() + ".", e);
        }
    }

    private Options options() throws CommandLineOptionException {
        return new OptionsBuilder().parent(new CommandLineOptions(arguments.toArray(String[]::new)))
            .jvmArgsAppend(FLAGS).shouldFailOnError(true).build();
    }

    private void write(final Machine machine, final Collection<RunResult> results) {
        final Results all = Results.of("jmh", machine);
        for (final RunResult result : results) {
            all.object(name(result.getParams()), of -> {
                final Statistics score = result.getPrimaryResult().getStatistics();
                of.put("unit", result.getPrimaryResult().getScoreUnit())
                    .object("score", figures -> figures.put("median", score.getPercentile(50))
                        .put("min", score.getMin()).put("max", score.getMax())
                        .put("lowerQuartile", score.getPercentile(25)).put("upperQuartile", score.getPercentile(75))
                        .put("rounds", score.getN()));
                result.getSecondaryResults().forEach((name, second) -> of.put(name, second.getScore()));
            });
        }
        all.write(json);
    }

    private static String name(final BenchmarkParams params) {
        final StringBuilder name = new StringBuilder(shortName(params.getBenchmark()));
        for (final String key : params.getParamsKeys()) {
            name.append(' ').append(key).append('=').append(params.getParam(key));
        }
        return name.toString();
    }

    /** Class and method, without the package. */
    static String shortName(final String benchmark) {
        final int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }
}
