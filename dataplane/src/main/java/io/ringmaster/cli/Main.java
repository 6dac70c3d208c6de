package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.Ipvsadm;
import io.ringmaster.control.ControlSocket;
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
        if (PROGRAMS.contains(name)) {
            args.addFirst(name);
        }
        Path socket = null;
        if (args.size() > 1 && args.getFirst().equals(SOCKET_OPTION)) {
            socket = Path.of(args.get(1));
            args.subList(0, 2).clear();
        } else if (!args.isEmpty() && args.getFirst().startsWith(SOCKET_OPTION + "=")) {
            socket = Path.of(args.removeFirst().substring(SOCKET_OPTION.length() + 1));
        }
        final String verb = args.isEmpty() ? "" : args.getFirst();
        if (verb.equals("ipvsadm") && args.size() > 1 && HELP.contains(args.get(1))) {
            System.out.print(args.get(1).contains("h") ? Ipvsadm.help() : Ipvsadm.VERSION);
            return end(0);
        }
        if (!ofDirector(verb) || !PROGRAMS.contains(verb) && args.stream().skip(1).anyMatch(HELP::contains)) {
            return Ringmaster.execute(args, socket, columns());
        }
        return end(new ThinClient(socket == null ? ControlSocket.defaultPath() : socket, System.in, System.out,
            System.err).run(args, columns()));
    }

    private static boolean ofDirector(final String verb) {
        return PROGRAMS.contains(verb) || Verbs.of(verb).filter(known -> known.by() != Verbs.By.PROGRAM).isPresent();
    }

    private static int columns() {
        final String columns = System.getenv(COLUMNS_VARIABLE);
        return columns != null && columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0;
    }
}
