package io.ringmaster.bench.jmh;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench list}. */
@Command(name = "list", description = "All runs and JMH benchmarks, a line each.", mixinStandardHelpOptions = true)
public final class ListCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        for (final Map.Entry<String, CommandLine> run : spec.parent().subcommands().entrySet()) {
            if (!run.getKey().equals(spec.name())) {
                print(run.getKey(), run.getValue().getCommandSpec().usageMessage().description()[0]);
            }
        }
        BenchmarkList.defaultList().getAll(null, List.of()).stream()
            .map(BenchmarkListEntry::getUsername).collect(Collectors.toCollection(TreeSet::new))
            .forEach(benchmark -> print("jmh " + JmhCommand.shortName(benchmark), ""));
    }

    private static void print(final String name, final String words) {
        System.out.println(String.format("%-12s %s", name, words).stripTrailing());
    }
}
