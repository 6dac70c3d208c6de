package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what a run made, the last first: at its end, and also when the process is told to end (Ctrl-C, SIGTERM). Any
 * thread.
 */
public final class Cleanup implements AutoCloseable {
    private final Deque<AutoCloseable> made = new ArrayDeque<>();
    private final Thread hook = new Thread(this::toldToEnd, "end-bench");
    private boolean closed;

    /** Begins to stand by. */
    public Cleanup() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes a thing over and answers it. */
    public synchronized <T extends AutoCloseable> T add(final T thing) {
        if (closed) {
            closeQuietly(thing);
            throw new BenchException("Told to end.");
        }
        made.push(thing);
        return thing;
    }

    private void toldToEnd() {
        System.err.println("ringmaster bench: told to end; removing everything.");
        // What the run itself will say is only that things are gone.
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        // Those that are about to enter a namespace are in none yet, where they would be found.
        endChildren();
        closeAll();
        endChildren();
    }

    private static void endChildren() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private synchronized void closeAll() {
        closed = true;
        while (!made.isEmpty()) {
            closeQuietly(made.pop());
        }
    }

    private static void closeQuietly(final AutoCloseable thing) {
        try {
            thing.close();
        } catch (final Exception e) {
            System.err.println("ringmaster bench: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The process is ending, and the hook finds nothing to do.
        }
    }
}
