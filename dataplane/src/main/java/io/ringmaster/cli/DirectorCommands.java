package io.ringmaster.cli;

import io.ringmaster.capture.Captures;
import io.ringmaster.cli.ipvsadm.Ipvsadm;
import io.ringmaster.cli.ipvsadm.Names;
import io.ringmaster.control.Commands;
import io.ringmaster.control.Conversation;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Startup;
import io.ringmaster.explain.Explainer;
import io.ringmaster.verb.DirectorParts;
import io.ringmaster.verb.VerbLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The commands that a running director answers. Owned by the control thread. */
public final class DirectorCommands implements Commands {
    private static final int UNKNOWN = 2;

    private final ServiceTable table;
    private final Ipvsadm ipvsadm;
    private final VerbLine verbs;

    /** Commands on one director, with the names of this machine. */
    public DirectorCommands(final ServiceTable table, final PacketFates fates) {
        this(table, fates, Startup.UNKNOWN, Optional.empty(), Captures.none());
    }

    /** The same on one with workers, which knows how it was started. */
    public DirectorCommands(final ServiceTable table, final PacketFates fates, final Startup startup,
                            final Optional<Explainer> explainer, final Captures captures) {
        this.table = table;
        this.ipvsadm = new Ipvsadm(table, new Names(Path.of("/etc/services"), Path.of("/etc/hosts")));
        this.verbs = new VerbLine(DirectorCommands::command, this,
            new DirectorParts(table, fates, startup, explainer, captures));
    }

    private static Object command(final String verb) {
        return Verbs.of(verb).command(null, null);
    }

    @Override
    public Optional<Conversation> converse(final Request request, final Runnable wake) {
        final Verbs verb = Verbs.of(request.args().getFirst());
        return verb != null && verb.by() == Verbs.By.DIRECTOR ? Optional.of(verbs.begin(request, wake))
            : Optional.empty();
    }

    /** -R may stand together with other letters. */
    @Override
    public boolean readsStdin(final Request request) {
        final List<String> args = request.args();
        return args.getFirst().equals("ipvsadm-restore") || args.getFirst().equals("ipvsadm") && args.size() > 1
            && (args.get(1).equals("--restore") || args.get(1).startsWith("-R"));
    }

    @Override
    public Reply run(final Request request) {
        return table.access().run(request, () -> answer(request));
    }

    @Override
    public void ending() {
        table.access().events().end();
    }

    @Override
    public boolean endsWithDirector(final Request request) {
        return request.args().getFirst().equals(Verbs.EVENTS.word());
    }

    private Reply answer(final Request request) {
        final List<String> rest = request.args().subList(1, request.args().size());
        return switch (request.args().getFirst()) {
            case "ipvsadm" -> ipvsadm.run(rest, request.stdin());
            case "ipvsadm-save" -> ipvsadm.save(rest);
            case "ipvsadm-restore" -> ipvsadm.restore(request.stdin());
            default -> Reply.failure(UNKNOWN, "This director knows no command '" + request.args().getFirst()
                + "'; it may be of another version than the program that asked.");
        };
    }

    @Override
    public long version() {
        return table.view().version();
    }

    @Override
    public boolean settled(final long version) {
        return table.settled(version);
    }
}
