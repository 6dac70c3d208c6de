package io.ringmaster.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * What a run leaves behind unless somebody takes it away: folders, processes, whatever else is told here. All of it is
 * taken away when the JVM ends, by Ctrl-C, too, while the run's own threads are still busy. Any thread.
 */
public final class Cleanup {
    private static final Deque<Runnable> STEPS = new ArrayDeque<>();
    private static boolean ending;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::end, "cleanup"));
    }

    private Cleanup() {
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
            throw new BenchException("The bench is ending.");
        }
    }

    private static void end() {
        final List<Runnable> steps;
        synchronized (Cleanup.class) {
            ending = true;
            steps = List.copyOf(STEPS);
        }
        // Children that were not started here, as those of JMH, first: they may write into the folders.
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        for (final Runnable step : steps) {
            try {
                step.run();
            } catch (final RuntimeException e) {
                System.err.println("ringmaster bench: not all could be cleaned up: " + e.getMessage());
            }
        }
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
            System.err.println("Could not remove " + folder + " (" + e.getMessage() + "); it is no longer needed.");
        }
    }
}
