package io.ringmaster.cli;

import io.ringmaster.verb.ExitCode;
import io.ringmaster.verb.Meant;
import io.ringmaster.verb.Syntax;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ringmaster} and its subcommands. */
@Command(name = "ringmaster", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "A Linux Virtual Server director on AF_XDP: takes packets from the network card, picks a real "
        + "server and sends them on by NAT, direct routing or tunneling.",
    customSynopsis = "ringmaster [-hV] [--socket=PATH] COMMAND [WORDS]",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster demo", "  ringmaster run --interface eth0",
        "  ringmaster ipvsadm -A -t 10.0.0.1:80 -s wlc",
        "  ringmaster ipvsadm -a -t 10.0.0.1:80 -r 10.0.1.11 -m",
        "  ringmaster ipvsadm -Ln --stats", "",
        "Exit codes: 0 done; 1 refused or failed, as the sentence says, and nothing was changed; 2 the command line "
            + "makes no sense, or no director answers; 3 this user may not do that; 4 the director is of another "
            + "version; 255 the director failed or hung up. ipvsadm has those of ipvsadm(8)."})
final class Ringmaster implements Runnable {
    private static final int LONGEST_VERB = 12;

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
        final String first = args.isEmpty() ? "" : args.getFirst();
        if (first.startsWith("--socket")) {
            return complain("--socket needs the path of a director's socket, and a command behind it.", writer);
        }
        if (!first.isEmpty() && !first.startsWith("-") && Verbs.of(first) == null) {
            return unknown(first, writer);
        }
        final CommandLine line = line(first, programs, socket, columns);
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

    /** Without picocli, which takes three times as long. */
    private static int unknown(final String word, final PrintWriter writer) {
        final List<String> words = new ArrayList<>();
        for (final Verbs verb : Verbs.values()) {
            words.add(verb.word());
        }
        return complain("ringmaster has no command '" + word + "'."
            + Meant.by(word, words).map(" Did you mean %s?"::formatted).orElse(""), writer);
    }

    private static int complain(final String sentence, final PrintWriter writer) {
        final PrintWriter err = writer == null ? new PrintWriter(System.err) : writer;
        err.println(sentence + "\nTry 'ringmaster --help' for more information.");
        err.flush();
        return ExitCode.USAGE;
    }

    /** With the verbs that are needed, each of which takes time: one, all, or none for their list. */
    private static CommandLine line(final String called, final Programs programs, final Path socket,
                                    final int columns) {
        final CommandLine line = new CommandLine(new Ringmaster());
        final Verbs one = Verbs.of(called);
        if (one == null) {
            line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, _ -> "Commands:\n");
            line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, _ -> list());
        }
        for (final Verbs verb : Verbs.values()) {
            if (verb == one || one == Verbs.HELP || one == Verbs.COMPLETION || one == Verbs.MAN) {
                line.addSubcommand(verb.word(), verb.command(programs, socket));
            }
        }
        return Syntax.of(line, "ringmaster", columns);
    }

    private static String list() {
        final StringBuilder text = new StringBuilder();
        for (final Verbs verb : Verbs.values()) {
            text.append("  ").append(verb.word()).repeat(' ', LONGEST_VERB - verb.word().length())
                .append(verb.summary()).append('\n');
        }
        return text.toString();
    }

    private static int complain(final ParameterException error) {
        error.getCommandLine().getErr().print(Syntax.complaint(error));
        error.getCommandLine().getErr().flush();
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing; 'ringmaster --help' lists them.");
    }
}
