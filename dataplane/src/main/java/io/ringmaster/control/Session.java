package io.ringmaster.control;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * One client of the control socket: reads a request line, runs it, waits until workers have it, writes the reply line;
 * then the next request. Owned by the control thread; never blocks.
 */
final class Session {
    private static final long SILENCE_NS = 10_000_000_000L;
    private static final long SETTLE_NS = 5_000_000_000L;
    private static final long PROGRESS_NS = 500_000_000L;
    private static final int FIRST_BYTES = 4096;
    private static final int STEP_BYTES = 64 << 10;
    private static final int WRONG = 2;
    private static final int FAILED = 255;

    private final SocketChannel channel;
    private final Commands commands;
    private ByteBuffer input = ByteBuffer.allocate(FIRST_BYTES);
    private int searched;
    private ByteBuffer output;
    private Reply unfinished;
    private LongCommand task;
    private long progressNs;
    private Reply waiting;
    private long waitingVersion;
    private long since;
    private boolean inputEnded;
    private boolean closing;
    private boolean closed;

    Session(final SocketChannel channel, final Commands commands, final long nowNs) {
        this.channel = channel;
        this.commands = commands;
        this.since = nowNs;
    }

    /** Whether the channel was closed. */
    boolean closed() {
        return closed;
    }

    /** Bytes of memory that the session holds. */
    int memoryBytes() {
        return input.capacity() + (output == null ? 0 : output.capacity());
    }

    /** How long nothing has come from the client, nor been taken by it; 0 while the director is at work for it. */
    long silentNs(final long nowNs) {
        return busy() ? 0 : nowNs - since;
    }

    /** Whether the director is at work for the client: it is not the client that keeps it waiting. */
    private boolean busy() {
        return waiting != null || task != null && output == null;
    }

    /** Says something to a client that is not served, and parts from it. */
    void refuse(final String sentence, final long nowNs) {
        answer(Reply.failure(FAILED, sentence), nowNs);
        closing = true;
        work(nowNs, false);
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
            int done = 0;
            if (output == null && waiting == null && task == null && !closing) {
                done += read(nowNs, roomy);
            }
            if (output == null && task != null) {
                done += step(nowNs);
            }
            if (waiting != null) {
                done += settle(nowNs);
            }
            if (output != null) {
                done += write(nowNs);
            }
            timeOut(nowNs);
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

    private int read(final long nowNs, final boolean roomy) throws IOException {
        int got = 0;
        if (!inputEnded) {
            makeRoom(roomy, nowNs);
            if (output != null) {
                return 1;
            }
            got = channel.read(input);
            inputEnded = got < 0;
            // A request has its time from its first byte on, not from the reply before it.
            since = got > 0 && input.position() == got ? nowNs : since;
        }
        while (searched < input.position()) {
            if (input.get(searched) == '\n') {
                run(searched, nowNs);
                consume(searched + 1);
                return 1;
            }
            searched++;
        }
        if (inputEnded && output == null) {
            if (input.position() > 0) {
                refuseLine("This is no request: it ended before its newline.", nowNs);
            } else {
                close();
            }
        }
        return Math.max(0, got);
    }

    private void makeRoom(final boolean roomy, final long nowNs) {
        if (input.hasRemaining()) {
            return;
        }
        if (input.capacity() >= Messages.LONGEST_REQUEST_BYTES) {
            refuseLine("The request is longer than " + Messages.LONGEST_REQUEST_BYTES + " bytes; split it.", nowNs);
        } else if (!roomy) {
            refuseLine("The director has too many long requests at once; try again.", nowNs);
        } else {
            final int more = Math.max(STEP_BYTES, input.capacity() * 2);
            input = ByteBuffer.wrap(Arrays.copyOf(input.array(), Math.min(more, Messages.LONGEST_REQUEST_BYTES)))
                .position(input.position());
        }
    }

    private void consume(final int bytes) {
        input.flip().position(bytes);
        input.compact();
        searched = 0;
        if (input.position() == 0 && input.capacity() > FIRST_BYTES) {
            input = ByteBuffer.allocate(FIRST_BYTES);
        }
    }

    private void run(final int lengthBytes, final long nowNs) {
        try {
            final Request request = Messages.readRequest(input.array(), 0, lengthBytes);
            task = commands.begin(request).orElse(null);
            progressNs = nowNs;
            since = nowNs;
            if (task == null) {
                settleFirst(commands.run(request));
            }
        } catch (final JacksonException e) {
            refuseLine("This is no request: " + e.getOriginalMessage() + ".", nowNs);
        } catch (final IOException e) {
            refuseLine("This is no request: " + e.getMessage() + ".", nowNs);
        } catch (final RuntimeException | OutOfMemoryError | StackOverflowError e) {
            failed(e, nowNs);
        }
    }

    private void failed(final Throwable e, final long nowNs) {
        System.getLogger(Session.class.getName()).log(System.Logger.Level.ERROR, "a command failed", e);
        answer(Reply.failure(FAILED, "The director failed on this command (" + e
            + "); it goes on, its log has the details."), nowNs);
    }

    private void settleFirst(final Reply reply) {
        waiting = reply;
        waitingVersion = commands.version();
    }

    /** One step of a long command; now and then a line about it, by which one also sees whether a client is left. */
    private int step(final long nowNs) {
        final int done;
        try {
            done = task.step();
        } catch (final RuntimeException | OutOfMemoryError e) {
            endTask();
            failed(e, nowNs);
            return 1;
        }
        task.reply().ifPresent(reply -> {
            endTask();
            settleFirst(reply);
            since = nowNs;
        });
        if (task != null && nowNs - progressNs >= PROGRESS_NS) {
            progressNs = nowNs;
            output = ByteBuffer.wrap(Messages.progress(task.progress()));
            since = nowNs;
        }
        return done;
    }

    private void endTask() {
        if (task != null) {
            task.end();
            task = null;
        }
    }

    private void refuseLine(final String sentence, final long nowNs) {
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

    private void answer(final Reply reply, final long nowNs) {
        unfinished = reply.rest().hasNext() ? reply : null;
        output = ByteBuffer.wrap(unfinished == null ? Messages.line(reply) : Messages.head(reply));
        since = nowNs;
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
            return ByteBuffer.wrap(Messages.piece(unfinished.rest().next()));
        }
        final ByteBuffer tail = ByteBuffer.wrap(Messages.tail(unfinished));
        unfinished = null;
        return tail;
    }

    private void timeOut(final long nowNs) {
        if (closed || busy() || nowNs - since <= SILENCE_NS) {
            return;
        }
        if (output != null || input.position() == 0 || closing) {
            close();
        } else {
            refuseLine("This is no request: no newline came for 10 seconds.", nowNs);
        }
    }

    void close() {
        closed = true;
        endTask();
        try {
            channel.close();
        } catch (final IOException e) {
            // Nothing can be done about a channel that does not close, and nobody waits for it.
            return;
        }
    }
}
