package io.ringmaster.control;

import java.util.List;

/**
 * One command of a client: {@code {"version":1,"args":["ipvsadm","-Ln"],"columns":80,"terminal":true}}. Immutable.
 *
 * @param args     the command and its arguments; never empty.
 * @param stdin    the whole of the client's standard input if it came with the request; empty if not.
 * @param columns  width of the client's terminal in characters, 0 if it has none.
 * @param terminal whether the client prints to a terminal.
 * @param caller   who asks.
 */
public record Request(List<String> args, String stdin, int columns, boolean terminal, Caller caller) {
    /** A request; the list is copied. */
    public Request {
        args = List.copyOf(args);
    }

    /** A request of this process itself. */
    public Request(final List<String> args, final String stdin, final int columns, final boolean terminal) {
        this(args, stdin, columns, terminal, Caller.SELF);
    }

    /** The standard input, empty if there is none yet. */
    @Override
    public String stdin() {
        return stdin == null ? "" : stdin;
    }

    /** Whether standard input came with the request; else it is asked for. */
    public boolean hasStdin() {
        return stdin != null;
    }

    /** The same with standard input. */
    Request withStdin(final String text) {
        return new Request(args, text, columns, terminal, caller);
    }
}
