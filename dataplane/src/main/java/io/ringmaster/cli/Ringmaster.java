package io.ringmaster.cli;

import io.ringmaster.verb.ExitCode;
import io.ringmaster.verb.Syntax;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ringmaster} and its subcommands. */
@Command(name = "ringmaster", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "A Linux Virtual Server director on AF_XDP: takes packets from the network card, picks a real "
        + "server and sends them on by NAT, direct routing or tunneling.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster demo", "  ringmaster run --interface eth0",
        "  ringmaster ipvsadm -A -t 10.0.0.1:80 -s wlc",
        "  ringmaster ipvsadm -a -t 10.0.0.1:80 -r 10.0.1.11 -m",
        "  ringmaster ipvsadm -Ln --stats", "",
        "Exit codes: 0 done; 1 failed; 2 the command line makes no sense, or no director answers."})
final class Ringmaster implements Runnable {
    @Spec
    private CommandSpec spec;

    private Ringmaster() {
    }

    /**
     * Runs a command.
     *
     * @param args    what stands behind ringmaster.
     * @param socket  of --socket before the command, or null.
     * @param columns width of the terminal, 0 if standard output is none.
     * @return the exit code.
     */
    static int execute(final List<String> args, final Path socket, final int columns) {
        return execute(args, socket, columns, new ThisBuild(), null);
    }

    /** As above with other programs, and with a writer for both outputs if that is not null: for tests. */
    static int execute(final List<String> args, final Path socket, final int columns, final Programs programs,
                       final PrintWriter writer) {
        final CommandLine line = line(args.isEmpty() ? "" : args.getFirst(), programs, socket, columns);
        line.setParameterExceptionHandler((error, words) -> complain(error));
        line.setExecutionExceptionHandler((error, command, result) -> {
            command.getErr().println(error.getMessage());
            return 1;
        });
        if (writer != null) {
            line.setOut(writer);
            line.setErr(writer);
        }
        return line.execute(args.toArray(new String[0]));
    }

    /** With all verbs, or with the one that is called: each of them takes time. */
    private static CommandLine line(final String called, final Programs programs, final Path socket,
                                    final int columns) {
        final CommandLine line = new CommandLine(new Ringmaster());
        final Verbs one = Verbs.of(called).filter(verb -> verb != Verbs.HELP && verb != Verbs.COMPLETION).orElse(null);
        for (final Verbs verb : one == null ? List.of(Verbs.values()) : List.of(one)) {
            line.addSubcommand(verb.word(), verb.command(programs, socket));
        }
        return Syntax.of(line, "ringmaster", columns);
    }

    private static int complain(final ParameterException error) {
        error.getCommandLine().getErr().print(Syntax.complaint(error));
        error.getCommandLine().getErr().flush();
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
