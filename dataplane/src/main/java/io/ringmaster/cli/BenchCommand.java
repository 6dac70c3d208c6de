package io.ringmaster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stands in lists of commands; the launcher runs it from module bench, which the program itself does not contain. */
@Command(name = "bench", description = "Measure the packet path beside the same job in C, from a source tree.",
    footerHeading = "%nExamples:%n",
    footer = {"  ./ringmaster bench pipeline --connections 1m --method nat --peer c",
        "  ./ringmaster bench pipeline --connections 100k --method dr --json result.json"})
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new IllegalStateException("Measurements are run from a source tree by its launcher: ./ringmaster bench");
    }
}
