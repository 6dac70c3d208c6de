package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.Ipvsadm;
import io.ringmaster.control.ControlSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final List<String> OF_DIRECTOR = List.of("ipvsadm", "ipvsadm-save", "ipvsadm-restore", "drops",
        "table", "sysctl", "mark");
    /** Commands of a director whose help is picocli's. */
    private static final List<String> WITH_HELP = List.of("drops", "table", "sysctl", "mark");
    private static final List<String> HELP = List.of("-h", "--help", "-v", "--version");
    private static final String SOCKET_OPTION = "--socket";

    private Main() {
    }

    /** Runs one command. */
    public static void main(final String[] args) {
        System.exit(run(new ArrayList<>(Arrays.asList(args))));
    }

    /** Ends a command that went to the director: System.exit would first load the JDK's logging. */
    private static int end(final int exit) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exit);
        return exit;
    }

    private static int run(final List<String> args) {
        final String program = System.getenv(PROGRAM_VARIABLE);
        final String name = program == null ? "" : program.substring(program.lastIndexOf('/') + 1);
        if (OF_DIRECTOR.contains(name)) {
            args.addFirst(name);
        }
        Path socket = null;
        if (args.size() > 1 && args.getFirst().equals(SOCKET_OPTION)) {
            socket = Path.of(args.get(1));
            args.subList(0, 2).clear();
        } else if (!args.isEmpty() && args.getFirst().startsWith(SOCKET_OPTION + "=")) {
            socket = Path.of(args.removeFirst().substring(SOCKET_OPTION.length() + 1));
        }
        final boolean asksHelp = args.size() > 1 && HELP.contains(args.get(1));
        if (args.isEmpty() || !OF_DIRECTOR.contains(args.getFirst()) || asksHelpOfOurs(args)) {
            return Ringmaster.execute(args, socket, columns());
        }
        if (asksHelp && args.getFirst().equals("ipvsadm")) {
            System.out.print(args.get(1).contains("h") ? Ipvsadm.help() : Ipvsadm.VERSION);
            return end(0);
        }
        try {
            return end(new ThinClient(socket == null ? ControlSocket.defaultPath() : socket, System.out, System.err)
                .run(args, readsStdin(args) ? stdin() : "", columns()));
        } catch (final IOException e) {
            System.err.println("Standard input could not be read (" + e.getMessage() + ").");
            return ThinClient.NO_DIRECTOR;
        }
    }

    /** Help, or what a group of commands says without one. */
    private static boolean asksHelpOfOurs(final List<String> args) {
        return WITH_HELP.contains(args.getFirst()) && (args.stream().skip(1).anyMatch(HELP::contains)
            || args.equals(List.of("table")) || args.equals(List.of("mark")));
    }

    private static boolean readsStdin(final List<String> args) {
        return args.getFirst().equals("ipvsadm-restore")
            || args.size() > 1 && (args.get(1).equals("--restore") || args.get(1).startsWith("-R"));
    }

    private static String stdin() throws IOException {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int columns() {
        final String columns = System.getenv(COLUMNS_VARIABLE);
        return columns != null && columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0;
    }
}
