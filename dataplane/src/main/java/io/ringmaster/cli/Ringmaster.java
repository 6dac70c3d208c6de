package io.ringmaster.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ringmaster} and its subcommands. */
@Command(name = "ringmaster", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "A Linux Virtual Server director on AF_XDP: takes packets from the network card, picks a real "
        + "server and sends them on by NAT, direct routing or tunneling.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RunCommand.class, IpvsadmCommand.class, SysctlCommand.class, MarkCommand.class,
        DropsCommand.class, TableCommand.class, DemoCommand.class, DecapCommand.class, BenchCommand.class,
        VersionCommand.class, AutoComplete.GenerateCompletion.class, CommandLine.HelpCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster demo", "  ringmaster run --interface eth0",
        "  ringmaster ipvsadm -A -t 10.0.0.1:80 -s wlc",
        "  ringmaster ipvsadm -a -t 10.0.0.1:80 -r 10.0.1.11 -m",
        "  ringmaster ipvsadm -Ln --stats", "",
        "Exit codes: 0 done; 1 failed; 2 the command line makes no sense, or no director answers."})
final class Ringmaster implements Runnable {
    private static final int NARROWEST = 60;
    private static final int ORDINARY = 100;
    private static final int WRONG = 2;

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
        final CommandLine line = new CommandLine(new Ringmaster(), new CommandLine.IFactory() {
            @Override
            public <K> K create(final Class<K> type) throws Exception {
                if (type == RunCommand.class) {
                    return type.cast(new RunCommand(programs, socket));
                }
                return type == DemoCommand.class ? type.cast(new DemoCommand(programs))
                    : type == DecapCommand.class ? type.cast(new DecapCommand(programs))
                    : CommandLine.defaultFactory().create(type);
            }
        });
        line.setColorScheme(CommandLine.Help.defaultColorScheme(columns > 0 ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(Math.max(NARROWEST, columns > 0 ? Math.min(columns, ORDINARY) : ORDINARY));
        line.setCaseInsensitiveEnumValuesAllowed(true);
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

    private static int complain(final ParameterException error) {
        final CommandLine line = error.getCommandLine();
        line.getErr().println(error.getMessage());
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help' for more information.");
        return WRONG;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
