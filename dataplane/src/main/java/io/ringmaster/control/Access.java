package io.ringmaster.control;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * For whom the service table is used at the moment, and whether that caller changes something. Whoever runs no command
 * is the director itself. Owned by the control thread.
 */
public final class Access {
    private final LongSupplier version;
    private final Events events = new Events();
    private Caller caller = Caller.SELF;
    private boolean changed;

    /**
     * For a table.
     *
     * @param version of what it last made.
     */
    Access(final LongSupplier version) {
        this.version = version;
    }

    /**
     * Runs a command for the one who asked, and notes in the log what changed something.
     *
     * @throws NotPermittedException as the command throws it, before it has changed anything.
     */
    public Reply run(final Request request, final Supplier<Reply> command) {
        caller = request.caller();
        changed = false;
        final long before = version.getAsLong();
        try {
            final Reply reply = command.get();
            if (changed && (reply.exit() == 0 || version.getAsLong() != before)) {
                note(request, reply.exit());
            }
            return reply;
        } finally {
            caller = Caller.SELF;
        }
    }

    /** Notes a change in the log and tells those who listen for events. */
    public void note(final Request request, final int exit) {
        ChangeLog.note(request, exit);
        events.tell(Events.Kind.CHANGE, ChangeLog.line(request, exit), request.caller());
    }

    /** What happens to the director. */
    public Events events() {
        return events;
    }

    /** To be called before each change. */
    void change() {
        if (!caller.mayChange()) {
            throw new NotPermittedException(caller);
        }
        changed = true;
    }
}
