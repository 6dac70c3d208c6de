package io.ringmaster.verb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.control.Caller;
import io.ringmaster.control.Messages;
import io.ringmaster.control.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Function;

/**
 * One call of a verb: who asks, how to answer, and the way to the control thread. Used by the verb's thread only.
 * Output goes through a bounded queue that the control thread empties as fast as the client reads; every method that
 * speaks to the client throws {@link ClientGoneException} once that has gone.
 */
public final class Call {
    private static final int PIECE_CHARS = 32 << 10;
    private static final JsonFactory JSON = new JsonFactory();

    private final Request request;
    private final VerbRun run;
    private final StringBuilder pending = new StringBuilder();
    private BufferedReader stdin;

    Call(final Request request, final VerbRun run) {
        this.request = request;
        this.run = run;
    }

    /** Writes the fields of one JSON object. */
    @FunctionalInterface
    public interface Fields {
        /** Writes them; the object is begun and ended by the caller. */
        void write(JsonGenerator json) throws IOException;
    }

    /** The words of the command line, the verb's name first. */
    public List<String> args() {
        return request.args();
    }

    /** Who asks. */
    public Caller caller() {
        return request.caller();
    }

    /** Width of the client's terminal in characters, 0 if its standard output is none. */
    public int columns() {
        return request.columns();
    }

    /** Whether the client prints to a terminal. */
    public boolean terminal() {
        return request.terminal();
    }

    /** Prints to the client's standard output. */
    public void print(final String text) throws ClientGoneException {
        pending.append(text);
        if (pending.length() >= PIECE_CHARS) {
            flush();
        }
    }

    /** Prints a line to the client's standard output. */
    public void println(final String line) throws ClientGoneException {
        pending.append(line).append('\n');
        if (pending.length() >= PIECE_CHARS) {
            flush();
        }
    }

    /** Prints one JSON object as a line to the client's standard output. */
    public void json(final Fields fields) throws IOException {
        final StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        println(line.toString());
    }

    /** Writes bytes to the client's standard output, which need not be text. */
    public void write(final byte[] bytes, final int offset, final int lengthBytes) throws ClientGoneException {
        flush();
        for (int done = 0; done < lengthBytes; done += PIECE_CHARS) {
            run.send(Messages.bytes(bytes, offset + done, Math.min(PIECE_CHARS, lengthBytes - done)));
        }
    }

    /** Prints a line to the client's standard error. */
    public void warn(final String sentence) throws ClientGoneException {
        flush();
        run.send(Messages.warning(sentence + "\n"));
    }

    /** Shows how far the verb is, in the place of what was shown before; people see it, files do not. */
    public void progress(final String text) throws ClientGoneException {
        flush();
        run.send(Messages.progress(text));
    }

    /** Sends what was printed so far; waits while the client takes no more. */
    public void flush() throws ClientGoneException {
        int from = 0;
        while (from < pending.length()) {
            int to = Math.min(pending.length(), from + PIECE_CHARS);
            // The halves of a pair stand in one piece: alone neither is a character.
            to += to < pending.length() && Character.isHighSurrogate(pending.charAt(to - 1)) ? 1 : 0;
            run.send(Messages.output(pending.substring(from, to)));
            from = to;
        }
        pending.setLength(0);
    }

    /** Sends what was printed and waits; ends early, by the exception, when the client goes. */
    public void pause(final long durationMs) throws ClientGoneException {
        flush();
        run.pause(durationMs);
    }

    /** Whether the client has gone; for work that does not speak to it. */
    public boolean gone() {
        return run.gone();
    }

    /** Whether the client asks to come to an end, as at Ctrl-C; what goes on without end looks at it. */
    public boolean stopped() {
        return run.stopped();
    }

    /** The client's standard input, asked for at the first read. */
    public BufferedReader stdin() {
        if (stdin == null) {
            stdin = new BufferedReader(request.hasStdin() ? new java.io.StringReader(request.stdin()) : run.stdin());
        }
        return stdin;
    }

    /**
     * Looks at the director on the control thread.
     *
     * @param look returns within a millisecond, and nothing that only the control thread may touch.
     * @return what it returned; what it threw is thrown here.
     */
    public <T> T ask(final Function<DirectorParts, T> look) throws ClientGoneException {
        return run.onControl(look, false);
    }

    /**
     * Changes the director on the control thread, and waits until all workers have taken that over.
     *
     * @param change as for {@link #ask}; if it throws, it has changed nothing.
     * @return what it returned; what it threw is thrown here.
     * @throws io.ringmaster.control.NotPermittedException if the caller may only look; it just passes through.
     */
    public <T> T change(final Function<DirectorParts, T> change) throws ClientGoneException {
        return run.onControl(change, true);
    }
}
