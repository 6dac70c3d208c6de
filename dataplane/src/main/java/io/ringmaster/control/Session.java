package io.ringmaster.control;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One client of the control socket: reads a request line, runs it, waits until workers have it, writes the reply; then
 * the next request. Owned by the control thread; never blocks.
 */
final class Session {
    private static final long SILENCE_NS = 10_000_000_000L;
    private static final long SETTLE_NS = 5_000_000_000L;
    private static final long HEARTBEAT_NS = 5_000_000_000L;
    /** Whoever has stopped sending may have gone altogether, which only a line to it tells. */
    private static final long DOUBT_NS = 1_000_000_000L;
    private static final int WRONG = 2;
    private static final int NOT_PERMITTED = 3;
    private static final int OTHER_VERSION = 4;
    private static final int FAILED = 255;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Caller caller;
    private final Commands commands;
    private final LineBuffer input = new LineBuffer();
    private ByteBuffer output;
    private Reply unfinished;
    private Conversation conversation;
    private boolean endsWithDirector;
    private Request held;
    private StringBuilder gathered;
    private boolean asked;
    private long saidNs;
    private long begunNs;
    private Reply waiting;
    private long waitingVersion;
    private long since;
    private boolean inputEnded;
    private boolean closing;
    private boolean closed;

    Session(final SocketChannel channel, final SelectionKey key, final Caller caller, final Commands commands,
            final long nowNs) {
        this.channel = channel;
        this.key = key;
        this.caller = caller;
        this.commands = commands;
        this.since = nowNs;
    }

    /** Whether the channel was closed. */
    boolean closed() {
        return closed;
    }

    /** The director ends; whether the client is still to hear more than that. */
    boolean saysGoodbye(final long nowNs) {
        if (conversation != null && endsWithDirector) {
            return !closed;
        }
        if (!closed && (conversation != null || held != null)) {
            refuse("The director ends.", nowNs);
        }
        return false;
    }

    /** Bytes of memory that the session holds. */
    int memoryBytes() {
        return input.memoryBytes() + (output == null ? 0 : output.capacity())
            + (gathered == null ? 0 : Character.BYTES * gathered.capacity());
    }

    /**
     * How long nothing has come from the client, nor been taken by it; 0 while the director is at work for it. What
     * goes on without end, like a live screen, is no work after a while: where places are wanted, it has had its time.
     */
    long silentNs(final long nowNs) {
        if (conversation != null) {
            return Math.max(0, nowNs - begunNs - SILENCE_NS);
        }
        return busy() ? 0 : nowNs - since;
    }

    /** Whether the director is at work for the client: it is not the client that keeps it waiting. */
    private boolean busy() {
        return waiting != null || output == null && conversation != null && !asked;
    }

    /** Whether no request is under way. */
    private boolean idle() {
        return output == null && waiting == null && conversation == null && held == null && !closing;
    }

    /** Says something to a client that is not served, and parts from it. */
    void refuse(final String sentence, final long nowNs) {
        endWork();
        // Behind half a line it would not be understood.
        if (output == null) {
            answer(Reply.failure(FAILED, sentence), nowNs);
            closing = true;
            work(nowNs, false);
        }
    }

    /**
     * Does what can be done without waiting.
     *
     * @param roomy whether there is memory for longer requests.
     * @return how many steps were made.
     */
    int work(final long nowNs, final boolean roomy) {
        if (closed) {
            return 0;
        }
        try {
            int done = read(nowNs, roomy);
            if (conversation != null) {
                done += converse(nowNs);
            }
            if (waiting != null) {
                done += settle(nowNs);
            }
            if (output != null) {
                done += write(nowNs);
            }
            timeOut(nowNs);
            if (!closed) {
                wakeFor();
            }
            return done;
        } catch (final IOException e) {
            // The client went away: nobody is left to tell.
            close();
            return 1;
        } catch (final RuntimeException | OutOfMemoryError e) {
            System.getLogger(Session.class.getName()).log(System.Logger.Level.ERROR, "a reply could not be made", e);
            close();
            return 1;
        }
    }

    /** What is to wake the control thread. */
    private void wakeFor() {
        final int ops = (inputEnded || input.isFull() || input.line() >= 0 ? 0 : SelectionKey.OP_READ)
            | (output != null ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    private int read(final long nowNs, final boolean roomy) throws IOException {
        int got = 0;
        if (!inputEnded) {
            if (input.isFull() && input.line() < 0 && !makeRoom(roomy, nowNs)) {
                return 1;
            }
            got = input.read(channel);
            inputEnded = got < 0;
            // A request has its time from its first byte on, not from the reply before it.
            since = got > 0 && (input.lengthBytes() == got || !idle()) ? nowNs : since;
        }
        final int lengthBytes = input.line();
        if (lengthBytes >= 0) {
            return take(lengthBytes, nowNs) + Math.max(0, got);
        }
        if (inputEnded && idle()) {
            if (input.isEmpty()) {
                close();
            } else {
                refuseLine("This is no request: it ended before its newline.", nowNs);
            }
        } else if (inputEnded && asked) {
            giveStdin(new Messages.Stdin(null), nowNs);
        }
        return Math.max(0, got);
    }

    private boolean makeRoom(final boolean roomy, final long nowNs) {
        if (!idle() && !asked) {
            return false;
        }
        if (input.isLongest()) {
            refuseLine("The request is longer than " + Messages.LONGEST_REQUEST_BYTES + " bytes; split it.", nowNs);
        } else if (!roomy) {
            refuseLine("The director has too many long requests at once; try again.", nowNs);
        } else {
            input.grow();
            return true;
        }
        return false;
    }

    /** Uses a line, if now is its time. */
    private int take(final int lengthBytes, final long nowNs) {
        if (idle()) {
            run(lengthBytes, nowNs);
        } else if (lengthBytes == 2 && input.array()[0] == '{' && input.array()[1] == '}') {
            since = nowNs;
        } else if (conversation != null && Messages.asksToStop(input.array(), lengthBytes)) {
            since = nowNs;
            conversation.stop();
        } else if (asked && output == null) {
            try {
                Messages.readStdin(input.array(), lengthBytes).ifPresent(text -> giveStdin(text, nowNs));
            } catch (final IOException e) {
                refuseLine("This is no standard input: " + reason(e) + ".", nowNs);
            }
        } else {
            return 0;
        }
        if (!closed) {
            input.consumeLine();
        }
        return 1;
    }

    private static String reason(final IOException e) {
        return e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    }

    private void run(final int lengthBytes, final long nowNs) {
        try {
            start(Messages.readRequest(input.array(), 0, lengthBytes, caller), nowNs);
        } catch (final Messages.OtherVersionException e) {
            answer(Reply.failure(OTHER_VERSION, e.getMessage()), nowNs);
            closing = true;
        } catch (final IOException e) {
            refuseLine("This is no request: " + reason(e) + ".", nowNs);
        } catch (final NotPermittedException e) {
            answer(Reply.failure(NOT_PERMITTED, e.getMessage()), nowNs);
        } catch (final RuntimeException | OutOfMemoryError | StackOverflowError e) {
            failed(e, nowNs);
        }
    }

    private void start(final Request request, final long nowNs) {
        saidNs = nowNs;
        since = nowNs;
        begunNs = nowNs;
        if (!request.hasStdin() && commands.readsStdin(request)) {
            held = request;
            gathered = new StringBuilder();
            askForStdin(nowNs);
            return;
        }
        final Selector selector = key.selector();
        endsWithDirector = commands.endsWithDirector(request);
        conversation = commands.converse(request, selector::wakeup).orElse(null);
        if (conversation == null) {
            settleFirst(commands.run(request));
        }
    }

    private void failed(final Throwable e, final long nowNs) {
        System.getLogger(Session.class.getName()).log(System.Logger.Level.ERROR, "a command failed", e);
        answer(Reply.failure(FAILED, "The director failed on this command (" + e
            + "); it goes on, its log has the details."), nowNs);
    }

    private void askForStdin(final long nowNs) {
        asked = true;
        say(Messages.wantStdin(), nowNs);
    }

    private void giveStdin(final Messages.Stdin piece, final long nowNs) {
        asked = false;
        if (conversation != null) {
            conversation.stdin(piece.text());
            return;
        }
        if (piece.text() != null && gathered.length() + piece.text().length() <= Messages.LONGEST_REQUEST_BYTES) {
            gathered.append(piece.text());
            askForStdin(nowNs);
            return;
        }
        final Request request = held.withStdin(gathered.toString());
        held = null;
        gathered = null;
        if (piece.text() != null) {
            refuseLine("Standard input is longer than " + Messages.LONGEST_REQUEST_BYTES + " characters; split it.",
                nowNs);
            return;
        }
        try {
            start(request, nowNs);
        } catch (final NotPermittedException e) {
            answer(Reply.failure(NOT_PERMITTED, e.getMessage()), nowNs);
        } catch (final RuntimeException | OutOfMemoryError | StackOverflowError e) {
            failed(e, nowNs);
        }
    }

    private void settleFirst(final Reply reply) {
        waiting = reply;
        waitingVersion = commands.version();
    }

    /** One step of a command that speaks with its client. */
    private int converse(final long nowNs) {
        final int done = conversation.step(nowNs);
        if (output != null) {
            return done;
        }
        final byte[] line = conversation.nextLine();
        if (line != null) {
            say(line, nowNs);
        } else if (conversation.over()) {
            conversation = null;
            asked = false;
        } else if (!asked && conversation.wantsStdin()) {
            askForStdin(nowNs);
        } else if (nowNs - saidNs >= (inputEnded ? DOUBT_NS : HEARTBEAT_NS)) {
            say(Messages.nothing(), nowNs);
        } else {
            return done;
        }
        return done + 1;
    }

    private void endWork() {
        if (conversation != null) {
            conversation.end();
            conversation = null;
        }
        held = null;
        gathered = null;
        asked = false;
    }

    private void refuseLine(final String sentence, final long nowNs) {
        endWork();
        answer(Reply.failure(WRONG, sentence), nowNs);
        closing = true;
    }

    private int settle(final long nowNs) {
        if (commands.settled(waitingVersion)) {
            answer(waiting, nowNs);
        } else if (nowNs - since > SETTLE_NS) {
            answer(new Reply(FAILED, waiting.out(), waiting.err()
                + "The change was made, but not all workers have taken it over within 5 seconds.\n", waiting.rest()),
                nowNs);
        } else {
            return 0;
        }
        waiting = null;
        return 1;
    }

    private void say(final byte[] line, final long nowNs) {
        output = ByteBuffer.wrap(line);
        saidNs = nowNs;
        since = nowNs;
    }

    private void answer(final Reply reply, final long nowNs) {
        unfinished = reply.rest().hasNext() ? reply : null;
        say(unfinished == null ? Messages.line(reply) : Messages.output(reply.out()), nowNs);
    }

    private int write(final long nowNs) throws IOException {
        final int written = channel.write(output);
        if (written > 0) {
            since = nowNs;
        }
        if (!output.hasRemaining()) {
            output = next();
            if (output == null && closing) {
                close();
            }
        }
        return written;
    }

    /** What is to be written next, or null: pieces of output are made one by one, as the client takes them. */
    private ByteBuffer next() {
        if (unfinished == null) {
            return null;
        }
        if (unfinished.rest().hasNext()) {
            return ByteBuffer.wrap(Messages.output(unfinished.rest().next()));
        }
        final ByteBuffer last = ByteBuffer.wrap(Messages.line(new Reply(unfinished.exit(), "", unfinished.err())));
        unfinished = null;
        return last;
    }

    private void timeOut(final long nowNs) {
        if (closed || busy() || nowNs - since <= SILENCE_NS) {
            return;
        }
        if (output != null || closing || idle() && input.isEmpty()) {
            close();
        } else {
            refuseLine(asked ? "Standard input was asked for, and nothing came for 10 seconds."
                : "This is no request: no newline came for 10 seconds.", nowNs);
        }
    }

    void close() {
        closed = true;
        endWork();
        try {
            channel.close();
        } catch (final IOException e) {
            // Nothing can be done about a channel that does not close, and nobody waits for it.
            return;
        }
    }
}
