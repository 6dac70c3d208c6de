package io.ringmaster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stands in lists of commands; the commands themselves go to the director unparsed (see {@link Main}). */
@Command(name = "table", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Look into the connection table of the running director.",
    synopsisSubcommandLabel = "COMMAND", subcommands = TableCommand.Check.class,
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster table check", "  ringmaster table check --json"})
final class TableCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    /** The check. */
    @Command(name = "check", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
        description = {"Prove the rules of the connection table while the director goes on: each key there once and "
            + "within reach, no entry of an unknown service or real server, counts equal to what is there.",
            "Counts move while the table is looked at: what differs is looked at again, and is a fault only if it "
            + "differs by more than moved, three times. Workers are not held up; a table for 10 million connections "
            + "takes seconds."},
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster table check", "  ringmaster table check --json", "",
            "Exit codes: 0 clean; 1 something is wrong; 2 wrong words, or no director."})
    static final class Check implements Callable<Integer> {
        @Option(names = "--json", description = "All of it, for programs.")
        private boolean json;

        @Override
        public Integer call() {
            throw new IllegalStateException("ringmaster table check is answered by a running director.");
        }
    }
}
