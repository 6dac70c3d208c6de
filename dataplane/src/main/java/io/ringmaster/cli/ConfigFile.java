package io.ringmaster.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that {@code ringmaster config} names. The program that the shell starts opens it, with its user's rights,
 * and the director reads it as standard input.
 */
final class ConfigFile {
    private static final List<String> VERBS = List.of("check", "diff", "apply");

    private ConfigFile() {
    }

    /** The name of the file, or null if there is none; - for standard input. */
    static String name(final List<String> args) {
        if (args.size() < 3 || !args.getFirst().equals("config") || !VERBS.contains(args.get(1))) {
            return null;
        }
        for (final String word : args.subList(2, args.size())) {
            if (word.equals("-") || !word.startsWith("-")) {
                return word;
            }
        }
        return null;
    }

    /** Whether the program can do it alone. */
    static boolean alone(final List<String> args) {
        return args.size() > 1 && args.getFirst().equals("config") && args.get(1).equals("check");
    }

    /** Opens it; anything else has the program's own standard input. */
    static InputStream open(final List<String> args) throws IOException {
        final String name = name(args);
        return name == null || name.equals("-") ? System.in : Files.newInputStream(Path.of(name));
    }
}
