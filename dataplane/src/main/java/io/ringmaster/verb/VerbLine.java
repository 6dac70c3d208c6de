package io.ringmaster.verb;

import io.ringmaster.control.Commands;
import io.ringmaster.control.Conversation;
import io.ringmaster.control.NotPermittedException;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.Request;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reads the command line of a verb in the director and runs it. Immutable; its parts belong to the control thread. */
public final class VerbLine {
    private final Function<String, Object> verbs;
    private final Commands commands;
    private final DirectorParts parts;

    /**
     * For one director.
     *
     * @param verbs    makes the picocli command of a verb's name; any thread.
     * @param commands knows which version of the configuration workers have.
     * @param parts    of the director.
     */
    public VerbLine(final Function<String, Object> verbs, final Commands commands, final DirectorParts parts) {
        this.verbs = verbs;
        this.commands = commands;
        this.parts = parts;
    }

    Commands commands() {
        return commands;
    }

    DirectorParts parts() {
        return parts;
    }

    /** Begins the verb that a request names. */
    public Conversation begin(final Request request, final Runnable wake) {
        final VerbRun run = new VerbRun(this, request, wake);
        run.start();
        return run;
    }

    private static String[] rest(final List<String> args) {
        return args.subList(1, args.size()).toArray(String[]::new);
    }

    private static ParameterException missing(final CommandLine line) {
        return new ParameterException(line, "A command is missing; there are: "
            + String.join(", ", line.getSubcommands().keySet()) + ".");
    }

    /** Runs a call to its end, on its own thread; the exit code. */
    int execute(final Call call) throws ClientGoneException {
        final String verb = call.args().getFirst();
        final CommandLine line = Syntax.of(verbs.apply(verb), "ringmaster " + verb, call.columns());
        try {
            return run(line.parseArgs(rest(call.args())), call);
        } catch (final ParameterException e) {
            call.warn(Syntax.complaint(e).stripTrailing());
            return ExitCode.USAGE;
        } catch (final ClientGoneException e) {
            throw e;
        } catch (final IOException | RuntimeException | Error e) {
            if (call.gone()) {
                throw new ClientGoneException();
            }
            System.getLogger(VerbLine.class.getName()).log(System.Logger.Level.ERROR, "a command failed", e);
            call.warn("The director failed on this command (" + e + "); it goes on, its log has the details.");
            return ExitCode.BROKEN;
        }
    }

    private int run(final ParseResult parsed, final Call call) throws IOException {
        ParseResult last = parsed;
        while (last.hasSubcommand() && !last.isUsageHelpRequested()) {
            last = last.subcommand();
        }
        final CommandLine line = last.commandSpec().commandLine();
        if (last.isUsageHelpRequested()) {
            call.print(line.getUsageMessage());
            return ExitCode.DONE;
        }
        if (!(line.getCommand() instanceof Verb verb)) {
            throw missing(line);
        }
        try {
            return verb.run(call);
        } catch (final UsageException e) {
            throw new ParameterException(line, e.getMessage());
        } catch (final RefusedException e) {
            call.warn(e.getMessage());
            return ExitCode.REFUSED;
        } catch (final NotPermittedException e) {
            call.warn(e.getMessage());
            return ExitCode.NOT_PERMITTED;
        }
    }
}
