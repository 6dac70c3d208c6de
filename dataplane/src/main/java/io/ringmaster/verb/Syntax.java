package io.ringmaster.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How all command lines of ringmaster are read and explained, by the program from the shell and by the director. */
public final class Syntax {
    private static final int NARROWEST = 60;
    private static final int ORDINARY = 100;

    private Syntax() {
    }

    /**
     * A command as it is called from the shell.
     *
     * @param command picocli's annotated object.
     * @param name    what it is called by, like "ringmaster drops".
     * @param columns width of the terminal, 0 if the help does not go to one.
     */
    public static CommandLine of(final Object command, final String name, final int columns) {
        return of(new CommandLine(command), name, columns);
    }

    /** As above for a command that was put together. */
    public static CommandLine of(final CommandLine line, final String name, final int columns) {
        line.setCommandName(name);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(columns > 0 ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(Math.max(NARROWEST, columns > 0 ? Math.min(columns, ORDINARY) : ORDINARY));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** What is wrong with a command line, what was probably meant, and where to read on; lines for standard error. */
    public static String complaint(final ParameterException error) {
        final StringBuilder text = new StringBuilder();
        if (error instanceof UnmatchedArgumentException unmatched) {
            final String word = unmatched.getUnmatched().getFirst();
            text.append(unknown(word, error));
            meant(word, error.getCommandLine())
                .ifPresent(likely -> text.append(". Did you mean ").append(likely).append('?'));
        } else {
            text.append(plain(error.getMessage()));
        }
        return text.append('\n').append(hint(error.getCommandLine())).toString();
    }

    /** Without the names of Java's types. */
    private static String plain(final String message) {
        return message.replace("' is not an int", "' is no whole number")
            .replace("' is not a double", "' is no number");
    }

    /** Where a command is to follow, what is no option was meant to be one. */
    private static String unknown(final String word, final ParameterException error) {
        final CommandLine line = error.getCommandLine();
        return line.getSubcommands().isEmpty() || word.startsWith("-") ? error.getMessage()
            : line.getCommandSpec().qualifiedName() + " has no command '" + word + "'; there are: "
                + String.join(", ", line.getSubcommands().keySet());
    }

    private static Optional<String> meant(final String mistyped, final CommandLine line) {
        final List<String> words = new ArrayList<>(line.getSubcommands().keySet());
        line.getCommandSpec().options().forEach(option -> words.addAll(List.of(option.names())));
        final int equals = mistyped.indexOf('=');
        return Meant.by(equals < 0 ? mistyped : mistyped.substring(0, equals), words);
    }

    /** Where to read on. */
    static String hint(final CommandLine line) {
        return "Try '" + line.getCommandSpec().qualifiedName() + " --help' for more information.\n";
    }
}
