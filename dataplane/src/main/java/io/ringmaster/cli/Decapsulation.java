package io.ringmaster.cli;

import io.ringmaster.bpf.DecapProgram;
import io.ringmaster.sys.Libc;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What {@code ringmaster decap} does, on a real server of tunneling that has no tunnel device: takes the headers
 * of IPIP, GRE and GUE off what comes in by an interface. Owned by the thread that runs it.
 */
public final class Decapsulation {
    private static final int EVERY_SEC = 10;
    private final PrintStream out;
    private final PrintStream err;

    /** With standard output for counts and standard error for what goes wrong. */
    public Decapsulation(final PrintStream out, final PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Strips tunnel headers until the process is told to end (SIGINT, SIGTERM), telling every 10 seconds how many if
     * there were any; the program is off the interface when it returns.
     *
     * @param guePort UDP port that GUE packets come to, 1 to 65,535.
     * @return the exit code: 0, or 1 after one sentence on standard error.
     */
    public int run(final String interfaceName, final int guePort) {
        final int index = Libc.interfaceIndex(interfaceName);
        if (index < 0) {
            return failed("There is no interface " + interfaceName + "; \"ip link\" lists those that exist.");
        }
        final CountDownLatch end = new CountDownLatch(1);
        final CountDownLatch detached = new CountDownLatch(1);
        // The process ends when all hooks have, so this one waits for the last words.
        final Thread hook = new Thread(() -> {
            end.countDown();
            await(detached);
        }, "detach");
        try (DecapProgram program = DecapProgram.attach(index, interfaceName, guePort)) {
            Runtime.getRuntime().addShutdownHook(hook);
            out.println(program.describe());
            strip(program, end);
            return 0;
        } catch (final RuntimeException e) {
            return failed(e.getMessage());
        } finally {
            detached.countDown();
        }
    }

    private void strip(final DecapProgram program, final CountDownLatch end) {
        long told = 0;
        boolean ended = false;
        while (!ended) {
            try {
                ended = end.await(EVERY_SEC, TimeUnit.SECONDS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                ended = true;
            }
            if (ended || program.packets() != told) {
                told = program.packets();
                out.println(told + " tunnel packets stripped, " + program.bytes() + " bytes inside");
            }
        }
    }

    /**
     * Writes the compiled program, for real servers without Java.
     *
     * @return the exit code: 0, or 1 after one sentence on standard error.
     */
    public int writeObject(final Path file) {
        try {
            Files.write(file, DecapProgram.object());
            return 0;
        } catch (final IOException e) {
            // These two say nothing but the path.
            final String reason = e instanceof NoSuchFileException ? "there is no such folder"
                : e instanceof AccessDeniedException ? "this user may not" : e.getMessage();
            return failed("Could not write the object to " + file + " (" + reason + ").");
        }
    }

    private int failed(final String sentence) {
        err.println("ringmaster decap: " + sentence);
        return 1;
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
