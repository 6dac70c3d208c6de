package io.ringmaster.verb;

import io.ringmaster.control.Conversation;
import io.ringmaster.control.Messages;
import io.ringmaster.control.Request;
import java.io.Reader;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A verb under way: its thread on one side, the control thread on the other. Between them stand a queue of lines for
 * the client, one task for the control thread, and the client's standard input; each is bounded.
 */
final class VerbRun implements Conversation {
    /** Of at most 32 Ki characters each: what a client that reads nothing can make the director hold. */
    private static final int LINES = 4;

    private final VerbLine line;
    private final Request request;
    private final Runnable wake;
    private final ArrayBlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(LINES);
    private final AtomicReference<ControlTask<?>> task = new AtomicReference<>();
    private final StdinPipe stdin;
    private final Thread thread;
    private volatile boolean gone;
    private volatile boolean stopped;
    private volatile boolean ended;
    /** Of the control thread. */
    private boolean noted;

    VerbRun(final VerbLine line, final Request request, final Runnable wake) {
        this.line = line;
        this.request = request;
        this.wake = wake;
        this.stdin = new StdinPipe(wake);
        this.thread = new Thread(this::work, "verb " + request.args().getFirst());
        thread.setDaemon(true);
    }

    /** Begins; the thread has the cores of the control thread, which are not the workers' where there are others. */
    void start() {
        thread.start();
    }

    private void work() {
        try {
            final Call call = new Call(request, this);
            final int exit = line.execute(call);
            call.flush();
            send(Messages.end(exit));
        } catch (final ClientGoneException e) {
            // Nobody is left to tell.
            gone = true;
        } finally {
            ended = true;
            wake.run();
        }
    }

    void send(final byte[] text) throws ClientGoneException {
        try {
            refuseIfGone();
            if (!lines.offer(text)) {
                lines.put(text);
            }
            wake.run();
            refuseIfGone();
        } catch (final InterruptedException e) {
            throw interrupted();
        }
    }

    void pause(final long durationMs) throws ClientGoneException {
        try {
            refuseIfGone();
            TimeUnit.MILLISECONDS.sleep(durationMs);
        } catch (final InterruptedException e) {
            throw interrupted();
        }
    }

    boolean stopped() {
        return stopped;
    }

    boolean gone() {
        return gone;
    }

    Reader stdin() {
        return stdin;
    }

    <T> T onControl(final Function<DirectorParts, T> work, final boolean change) throws ClientGoneException {
        refuseIfGone();
        final ControlTask<T> asked = new ControlTask<>(work, change, request.caller());
        task.set(asked);
        wake.run();
        try {
            // The control thread may have told the end before it could see the task.
            refuseIfGone();
            return asked.result.get();
        } catch (final InterruptedException | CancellationException e) {
            throw interrupted();
        } catch (final ExecutionException e) {
            throw ControlTask.thrown(e.getCause());
        }
    }

    private void refuseIfGone() throws ClientGoneException {
        if (gone) {
            throw interrupted();
        }
    }

    private ClientGoneException interrupted() {
        gone = true;
        return new ClientGoneException();
    }

    @Override
    public int step(final long nowNs) {
        final ControlTask<?> asked = task.get();
        if (asked == null) {
            return 0;
        }
        final int done = asked.step(line, nowNs);
        if (asked.changed() && !noted) {
            noted = true;
            line.parts().table().access().note(request, 0);
        }
        if (asked.result.isDone()) {
            // The verb may have asked for the next thing by now.
            task.compareAndSet(asked, null);
        }
        return done;
    }

    @Override
    public byte[] nextLine() {
        return lines.poll();
    }

    @Override
    public boolean over() {
        return ended && lines.isEmpty();
    }

    @Override
    public boolean wantsStdin() {
        return stdin.wanted();
    }

    @Override
    public void stdin(final String text) {
        stdin.add(text);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public void end() {
        gone = true;
        final ControlTask<?> asked = task.getAndSet(null);
        if (asked != null) {
            asked.result.cancel(false);
        }
        stdin.close();
        thread.interrupt();
    }
}
