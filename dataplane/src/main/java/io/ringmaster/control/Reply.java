package io.ringmaster.control;

import java.util.Collections;
import java.util.Iterator;

/**
 * The answer to one {@link Request}: {@code {"exit":0,"out":"...","err":""}}. Immutable, but for the rest of an output
 * that is too long to be made at once.
 *
 * @param exit exit code for the client, 0 to 255.
 * @param out  for its standard output.
 * @param err  for its standard error.
 * @param rest more for its standard output, piece by piece, each made when the client has taken the one before.
 */
public record Reply(int exit, String out, String err, Iterator<String> rest) {
    /** An answer that is made at once. */
    public Reply(final int exit, final String out, final String err) {
        this(exit, out, err, Collections.emptyIterator());
    }

    /** Success with some output. */
    public static Reply of(final String out) {
        return new Reply(0, out, "");
    }

    /** All output; the rest is used up. */
    public String whole() {
        final StringBuilder all = new StringBuilder(out);
        rest.forEachRemaining(all::append);
        return all.toString();
    }

    /** A failure with one line of explanation. */
    public static Reply failure(final int exit, final String sentence) {
        return new Reply(exit, "", sentence + "\n");
    }
}
