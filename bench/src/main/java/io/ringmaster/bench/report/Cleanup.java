package io.ringmaster.bench.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * What a run leaves behind unless somebody takes it away: folders, processes, whatever else is told here. All of it is
 * taken away when the JVM ends, by Ctrl-C, too, while the run's own threads are still busy. An instance holds what one
 * run made, closes it with the run, the last first, and if the JVM ends before that, then. Any thread.
 */
public final class Cleanup implements AutoCloseable {
    private static final Deque<Runnable> STEPS = new ArrayDeque<>();
    private static final String TOLD_TO_END = "Told to end.";
    private static final String NOT_ALL = "ringmaster bench: not all could be cleaned up: ";
    // Those of the run are of no interest once the JVM ends, those of the clean-up are.
    private static final PrintStream ERR = System.err;
    private static boolean ending;
    // Those that a run made and did not close yet.
    private static int open;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::end, "cleanup"));
    }

    private final Deque<AutoCloseable> made = new ArrayDeque<>();
    private final Runnable step = this::closeAll;
    private boolean closed;

    /**
     * Holds nothing yet.
     *
     * @throws BenchException if the JVM is ending already.
     */
    public Cleanup() {
        synchronized (Cleanup.class) {
            atEnd(step);
            open++;
        }
    }

    /**
     * Takes a thing over and answers it.
     *
     * @throws BenchException if the JVM is ending; the thing is closed then.
     */
    public synchronized <T extends AutoCloseable> T add(final T thing) {
        if (closed) {
            closeQuietly(thing);
            throw new BenchException(TOLD_TO_END);
        }
        made.push(thing);
        return thing;
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
            ERR.println(NOT_ALL + e.getMessage());
        }
    }

    @Override
    public void close() {
        closeAll();
        synchronized (Cleanup.class) {
            if (STEPS.remove(step)) {
                open--;
            }
        }
    }

    /** Whether the JVM is ending: errors that follow from that are of no interest. */
    public static synchronized boolean ending() {
        return ending;
    }

    /**
     * To be done at the end, last things first; it should take much less than a second, and be harmless if what it
     * takes away is gone already.
     *
     * @throws BenchException if the JVM is ending already: nothing new may be made.
     */
    public static synchronized void atEnd(final Runnable step) {
        refuseIfEnding();
        STEPS.push(step);
    }

    /** A temporary folder, removed with all that is in it at the end; or before, by {@link #remove}. */
    public static synchronized Path folder() throws IOException {
        refuseIfEnding();
        final Path folder = Files.createTempDirectory("ringmaster-bench");
        STEPS.push(() -> remove(folder));
        return folder;
    }

    /** Starts a process, which is killed at the end with all its children if it still runs. */
    public static synchronized Process start(final ProcessBuilder builder) throws IOException {
        refuseIfEnding();
        final Process process = builder.start();
        STEPS.push(() -> kill(process.toHandle()));
        return process;
    }

    private static void refuseIfEnding() {
        if (ending) {
            throw new BenchException(TOLD_TO_END);
        }
    }

    private static void end() {
        final List<Runnable> steps;
        synchronized (Cleanup.class) {
            ending = true;
            steps = List.copyOf(STEPS);
            if (open > 0) {
                ERR.println("ringmaster bench: told to end; removing everything.");
            }
        }
        // What the run itself would say from here on is only that things are gone.
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        // Children first, also those that were not started here, as those of JMH: they may write into the folders, and
        // those that are about to enter a namespace are in none yet, where they would be found.
        endChildren();
        for (final Runnable step : steps) {
            try {
                step.run();
            } catch (final RuntimeException e) {
                ERR.println(NOT_ALL + e.getMessage());
            }
        }
        endChildren();
    }

    private static void endChildren() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private static void kill(final ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Removes a folder and all that is in it, if it is there. */
    public static void remove(final Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException e) {
            ERR.println("Could not remove " + folder + " (" + e.getMessage() + "); it is no longer needed.");
        }
    }
}
