package io.ringmaster.control;

import java.util.List;

/**
 * One command of a client: {@code {"args":["ipvsadm","-Ln"],"stdin":"","columns":80,"terminal":true}}. Immutable.
 *
 * @param args     the command and its arguments; never empty.
 * @param stdin    what the client read from its standard input, if the command reads it.
 * @param columns  width of the client's terminal in characters, 0 if it has none.
 * @param terminal whether the client prints to a terminal.
 */
public record Request(List<String> args, String stdin, int columns, boolean terminal) {
    /** A request; the list is copied. */
    public Request {
        args = List.copyOf(args);
    }
}
