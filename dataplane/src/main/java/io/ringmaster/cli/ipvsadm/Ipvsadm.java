package io.ringmaster.cli.ipvsadm;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.Reply;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The programs ipvsadm, ipvsadm-save and ipvsadm-restore on the service table of this director. Exit codes are theirs:
 * 0; 1 for a listing of what is not there; 2 for a command that makes no sense; 255 for one that cannot be read or
 * that the table refuses. Owned by the control thread.
 */
public final class Ipvsadm {
    /** What --version prints. */
    public static final String VERSION = "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n";
    private static final int NOT_THERE = 1;
    private static final int REFUSED = 255;

    private final ServiceTable table;
    private final Names names;
    private StringBuilder out;
    private StringBuilder err;
    private Iterator<String> rest;
    private boolean ended;

    /** ipvsadm for one director. */
    public Ipvsadm(final ServiceTable table, final Names names) {
        this.table = table;
        this.names = names;
    }

    /**
     * Runs {@code ipvsadm WORDS}.
     *
     * @param words without the program's name.
     * @param stdin rules for -R, not looked at otherwise.
     */
    public Reply run(final List<String> words, final String stdin) {
        out = new StringBuilder();
        err = new StringBuilder();
        names.refresh();
        rest = Collections.emptyIterator();
        ended = false;
        return reply(execute(words, stdin, false));
    }

    /** Runs {@code ipvsadm-save WORDS}; words without a dash do not matter. */
    public Reply save(final List<String> words) {
        final List<String> options = words.stream().filter(word -> word.startsWith("-")).distinct().toList();
        if (options.isEmpty() || options.equals(List.of("-n"))) {
            return run(options.isEmpty() ? List.of("-S") : List.of("-S", "-n"), "");
        }
        return new Reply(1, "", """
            ipvsadm-save: Script to save the IPVS table to stdout.
               With the -n option, prints out the table in numeric format.
            """);
    }

    /** Runs {@code ipvsadm-restore}: lines that begin with # are dropped, the table is cleared, then filled. */
    public Reply restore(final String stdin) {
        final Reply[] reply = new Reply[1];
        table.together(() -> {
            run(List.of("-C"), "");
            reply[0] = run(List.of("-R"), stdin.replaceAll("(?m)^#.*\\R?", ""));
        });
        return reply[0];
    }

    private Reply reply(final int exit) {
        return new Reply(exit, out.toString(), err.toString(), rest);
    }

    private int execute(final List<String> words, final String stdin, final boolean restoring) {
        try {
            final CommandLine line = CommandLineParser.parse(words, names);
            if (restoring && line.command == Command.RESTORE) {
                throw UsageException.tryHelp();
            }
            return execute(line, stdin);
        } catch (final UsageException e) {
            err.append(e.getMessage()).append('\n');
            ended = e.ends();
            return e.exit();
        } catch (final RefusedException e) {
            err.append(e.getMessage()).append('\n');
            return REFUSED;
        }
    }

    private int execute(final CommandLine line, final String stdin) {
        switch (line.command) {
            case ADD_SERVICE -> table.addService(line.service(), line.serviceSettings());
            case EDIT_SERVICE -> table.editService(line.service(), line.serviceSettings());
            case DELETE_SERVICE -> table.deleteService(line.service());
            case FLUSH -> table.clear();
            case ADD_SERVER -> table.addServer(line.service(), line.server(), line.serverSettings());
            case EDIT_SERVER -> table.editServer(line.service(), line.server(), line.serverSettings());
            case DELETE_SERVER -> table.deleteServer(line.service(), line.server());
            case SET_TIMEOUTS -> table.setTimeouts(line.timeoutsSec[0], line.timeoutsSec[1], line.timeoutsSec[2]);
            case ZERO -> zero(line);
            case SAVE -> out.append(Rules.of(table.services(),
                EntryText.ofRules(names, line.has(Option.NUMERIC))));
            case RESTORE -> {
                final int[] exit = new int[1];
                table.together(() -> exit[0] = restoreLines(stdin));
                return exit[0];
            }
            case LIST -> {
                return list(line);
            }
            case START_DAEMON -> SyncDaemon.refuse(line, table.services());
            case STOP_DAEMON -> throw new RefusedException("No daemon is running");
            case HELP -> {
                out.append(help());
                ended = true;
            }
            case VERSION -> {
                out.append(VERSION);
                ended = true;
            }
            default -> throw new IllegalStateException("no such command: " + line.command);
        }
        return 0;
    }

    private void zero(final CommandLine line) {
        // A service of no address, port and mark stands for all of them.
        if (line.mark != 0 || line.vport != 0 || !line.vip.unspecified()) {
            table.zero(line.service());
        } else {
            table.zeroAll();
        }
    }

    private int list(final CommandLine line) {
        final boolean json = line.has(Option.JSON);
        if (line.has(Option.CONNECTION)) {
            rest = new ConnectionListing(json ? new ConnectionJson()
                : new ConnectionText(texts(line), line.has(Option.PERSISTENT_CONN)), table);
        } else if (line.has(Option.TIMEOUT)) {
            listTimeouts(json);
        } else if (line.has(Option.SERVICE_ADDRESS)) {
            final Optional<VirtualService> service = table.service(line.service());
            if (service.isEmpty()) {
                err.append(RefusedException.NO_SERVICE).append('\n');
                ended = true;
                return NOT_THERE;
            }
            out.append(json ? ListingJson.of(line, List.of(service.get()), table.capacity())
                : Listing.one(line, names, service.get()));
        } else if (line.has(Option.DAEMON)) {
            // None runs: nothing is listed.
            out.append(json ? "{\"daemons\":[]}\n" : "");
        } else {
            out.append(json ? ListingJson.of(line, table.services(), table.capacity())
                : Listing.all(line, names, table.services(), table.capacity()));
        }
        return 0;
    }

    private void listTimeouts(final boolean json) {
        final int tcpSec = table.timeouts().tcpSec(TcpState.ESTABLISHED.ordinal());
        final int finSec = table.timeouts().tcpSec(TcpState.FIN_WAIT.ordinal());
        final int udpSec = table.timeouts().udpSec();
        out.append(String.format(json ? "{\"tcpSec\":%d,\"tcpFinSec\":%d,\"udpSec\":%d}%n"
            : "Timeout (tcp tcpfin udp): %d %d %d%n", tcpSec, finSec, udpSec));
    }

    private EntryText texts(final CommandLine line) {
        return new EntryText(names, line.has(Option.NUMERIC));
    }

    /**
     * One command a line. What makes no sense ends it; what is refused does not, nor does an option that is none or
     * lacks its argument. The last line's exit code counts. A line that begins with # is a comment, at which ipvsadm
     * 1.31 would end.
     */
    private int restoreLines(final String stdin) {
        int exit = 0;
        for (final String text : RuleLines.of(stdin)) {
            final List<String> words = RuleLines.words(text);
            if (!words.isEmpty()) {
                exit = execute(words, "", true);
                rest.forEachRemaining(out::append);
            }
            if (ended) {
                return exit;
            }
        }
        return exit;
    }

    /** What --help prints. */
    public static String help() {
        try (InputStream text = Ipvsadm.class.getResourceAsStream("help.txt")) {
            return VERSION + new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("help.txt is missing from this jar: build it again", e);
        }
    }
}
