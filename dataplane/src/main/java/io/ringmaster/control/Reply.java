package io.ringmaster.control;

/**
 * The answer to one {@link Request}: {@code {"exit":0,"out":"...","err":""}}. Immutable.
 *
 * @param exit exit code for the client, 0 to 255.
 * @param out  for its standard output.
 * @param err  for its standard error.
 */
public record Reply(int exit, String out, String err) {
    /** Success with some output. */
    public static Reply of(final String out) {
        return new Reply(0, out, "");
    }

    /** A failure with one line of explanation. */
    public static Reply failure(final int exit, final String sentence) {
        return new Reply(exit, "", sentence + "\n");
    }
}
