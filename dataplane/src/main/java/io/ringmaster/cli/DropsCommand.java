package io.ringmaster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stands in lists of commands; the command itself goes to the director unparsed (see {@link Main}). */
@Command(name = "drops", description = "Show what became of packets: every reason with its count and what to do.",
    synopsisSubcommandLabel = "[--all|--json]",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster drops", "  ringmaster drops --json", "",
        "Alone: the reasons that occurred; --all: every reason. Exit codes: 0 done; 2 wrong words, or no director."})
final class DropsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new IllegalStateException("ringmaster drops is answered by a running director.");
    }
}
