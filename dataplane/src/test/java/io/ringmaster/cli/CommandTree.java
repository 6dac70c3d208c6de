package io.ringmaster.cli;

import io.ringmaster.verb.Syntax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** All commands of ringmaster by their words: "mark", "mark add" and so on. */
final class CommandTree {
    private CommandTree() {
    }

    /** With those that only have others below them; without help, which is picocli's own. */
    static Map<String, CommandLine> all() {
        final Map<String, CommandLine> commands = new LinkedHashMap<>();
        for (final Verbs verb : Verbs.values()) {
            if (verb != Verbs.HELP) {
                add(commands, verb.word(), Syntax.of(verb.command(null, null), verb.word(), 0));
            }
        }
        return commands;
    }

    private static void add(final Map<String, CommandLine> commands, final String words, final CommandLine line) {
        commands.put(words, line);
        line.getSubcommands().forEach((word, sub) -> add(commands, words + " " + word, sub));
    }

    /** Who does the work of a command. */
    static Verbs.By by(final String words) {
        return Verbs.of(words.split(" ")[0]).by();
    }

    /** The examples in the help of a command. */
    static List<String> examples(final CommandLine line) {
        return Stream.of(line.getCommandSpec().usageMessage().footer()).filter(text -> text.startsWith("  "))
            .map(String::strip).toList();
    }
}
