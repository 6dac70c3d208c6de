package io.ringmaster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stands in lists of commands; the command itself goes to the director unparsed (see {@link Main}). */
@Command(name = "drops", description = "Show what became of packets: every reason with its count and what to do.",
    synopsisSubcommandLabel = "[--all|--json]",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster drops          reasons that occurred", "  ringmaster drops --json   all of them, to process",
        "", "Without a word behind it or with --all it prints aligned lines. Exit codes: 0 done; 2 no director answers."})
final class DropsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new IllegalStateException("ringmaster drops is answered by a running director.");
    }
}
