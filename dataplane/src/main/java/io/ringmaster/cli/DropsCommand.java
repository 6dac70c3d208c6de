package io.ringmaster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stands in lists of commands; the command itself goes to the director unparsed (see {@link Main}). */
@Command(name = "drops", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Show what became of packets: every reason with its count and what to do.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster drops", "  ringmaster drops --json", "",
        "Exit codes: 0 done; 2 wrong words, or no director."})
final class DropsCommand implements Callable<Integer> {
    @Option(names = "--all", description = "Reasons that never occurred, too.")
    private boolean all;

    @Option(names = "--json", description = "Every reason, for programs.")
    private boolean json;

    @Override
    public Integer call() {
        throw new IllegalStateException("ringmaster drops is answered by a running director.");
    }
}
