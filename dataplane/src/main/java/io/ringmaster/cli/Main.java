package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.Ipvsadm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program {@code ringmaster}. Commands for a running director go to it as they are and are parsed there; only the
 * others load picocli. Under the names ipvsadm, ipvsadm-save and ipvsadm-restore (told by the launcher in
 * RINGMASTER_PROGRAM) it is that program.
 */
public final class Main {
    /** Set by the launcher: the name it was called by. */
    static final String PROGRAM_VARIABLE = "RINGMASTER_PROGRAM";
    /** Set by the launcher: width of the terminal that standard output is, unset or 0 if it is none. */
    static final String COLUMNS_VARIABLE = "RINGMASTER_COLUMNS";
    /** Names that the program may be called by besides ringmaster. */
    private static final List<String> PROGRAMS = List.of("ipvsadm", "ipvsadm-save", "ipvsadm-restore");
    private static final List<String> HELP = List.of("-h", "--help", "-v", "--version");
    /** What can say nothing for long, and goes on. */
    private static final List<String> ENDLESS = List.of("capture", "events", "top");
    private static final String SOCKET_OPTION = "--socket";

    private Main() {
    }

    /** Runs one command. */
    public static void main(final String[] args) {
        final int exit = run(args);
        System.out.flush();
        System.err.flush();
        // System.exit would first load the JDK's logging, and only these have something to undo.
        if (List.of("run", "demo", "decap").contains(args.length == 0 ? "" : args[0])) {
            System.exit(exit);
        }
        Runtime.getRuntime().halt(exit);
    }

    /** Runs one command; the exit code. */
    public static int run(final String[] words) {
        final List<String> args = new ArrayList<>(Arrays.asList(words));
        final String program = System.getenv(PROGRAM_VARIABLE);
        final String name = program == null ? "" : program.substring(program.lastIndexOf('/') + 1);
        if (PROGRAMS.contains(name)) {
            args.addFirst(name);
        }
        Path socket = null;
        if (args.size() > 1 && args.getFirst().equals(SOCKET_OPTION)) {
            socket = Path.of(args.get(1));
            args.subList(0, 2).clear();
        } else if (!args.isEmpty() && args.getFirst().startsWith(SOCKET_OPTION + "=")) {
            final String path = args.getFirst().substring(SOCKET_OPTION.length() + 1);
            if (!path.isEmpty()) {
                socket = Path.of(path);
                args.removeFirst();
            }
        }
        final String verb = args.isEmpty() ? "" : args.getFirst();
        if (verb.equals("ipvsadm") && args.size() > 1 && HELP.contains(args.get(1))) {
            System.out.print(args.get(1).contains("h") ? Ipvsadm.help() : Ipvsadm.VERSION);
            return 0;
        }
        if (!PROGRAMS.contains(verb) && (!ofDirector(verb) || asksHelp(args))) {
            return Ringmaster.execute(args, socket, columns());
        }
        try {
            socket = socket == null ? DirectorSocket.find() : socket;
        } catch (final IllegalStateException e) {
            System.err.println(e.getMessage());
            return ThinClient.NO_DIRECTOR;
        }
        return ask(socket, args);
    }

    private static int ask(final Path socket, final List<String> args) {
        try (InputStream in = ConfigFile.open(args)) {
            if (ConfigFile.alone(args) && ConfigFile.name(args) != null && !ThinClient.answers(socket)) {
                return ConfigCommand.Check.alone(ConfigFile.name(args), in, System.out, System.err);
            }
            if (ENDLESS.contains(args.getFirst()) && CaptureFile.toStandardOutput(args)) {
                OutputWatch.begin(ThinClient.NOBODY_READS);
            }
            return args.getFirst().equals("capture") ? CaptureFile.capture(socket, in, args, columns())
                : new ThinClient(socket, in, System.out, System.err).run(args, columns());
        } catch (final IOException | InvalidPathException e) {
            System.err.println("The file " + ConfigFile.name(args) + " cannot be read (" + (e instanceof
                NoSuchFileException ? "there is none" : e.getMessage()) + ").");
            return ThinClient.NO_DIRECTOR;
        }
    }

    private static boolean ofDirector(final String verb) {
        final Verbs known = Verbs.of(verb);
        return known != null && known.by() != Verbs.By.PROGRAM;
    }

    private static boolean asksHelp(final List<String> args) {
        for (final String word : args.subList(1, args.size())) {
            if (HELP.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static int columns() {
        final String columns = System.getenv(COLUMNS_VARIABLE);
        return columns != null && columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0;
    }
}
