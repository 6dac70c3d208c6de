package io.ringmaster.cli;

import io.ringmaster.director.LinkedLauncher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A person's terminal: a shell on a pseudo terminal that script(1) makes. It answers the question for its size
 * (ECMA-48, DSR) and keeps what it was told to show. One thread reads; the test's thread presses keys and waits.
 */
final class Terminal implements AutoCloseable {
    private static final String SIZE_ASKED = "\033[6n";
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;
    private final OutputStream keys;
    private final StringBuilder shown = new StringBuilder();
    private int rows;
    private int columns;
    private int answered;

    /** Runs a line of the shell on one, with the launcher in its PATH. */
    Terminal(final LinkedLauncher launcher, final Path socket, final int rows, final int columns, final String line)
        throws IOException {
        this.rows = rows;
        this.columns = columns;
        final ProcessBuilder builder = launcher.process(socket, "script", "--quiet", "--return", "--command",
            "stty rows " + rows + " cols " + columns + "; " + line, "/dev/null");
        builder.environment().put("TERM", "xterm");
        // script runs its line by the user's own, which may be any or, for who only runs tests, none.
        builder.environment().put("SHELL", "/bin/sh");
        process = builder.redirectInput(ProcessBuilder.Redirect.PIPE).redirectErrorStream(true).start();
        keys = process.getOutputStream();
        Thread.ofPlatform().daemon().name("terminal").start(this::read);
    }

    private void read() {
        final byte[] piece = new byte[1 << 14];
        try {
            for (int length = process.getInputStream().read(piece); length >= 0;
                 length = process.getInputStream().read(piece)) {
                show(new String(piece, 0, length, StandardCharsets.UTF_8));
            }
        } catch (final IOException e) {
            // Its end.
            return;
        }
    }

    private synchronized void show(final String text) throws IOException {
        shown.append(text);
        for (int at = shown.indexOf(SIZE_ASKED, answered); at >= 0; at = shown.indexOf(SIZE_ASKED, answered)) {
            answered = at + SIZE_ASKED.length();
            press("\033[" + rows + ";" + columns + "R");
        }
        notifyAll();
    }

    /** The person makes its window another size. */
    synchronized void resize(final int newRows, final int newColumns) {
        rows = newRows;
        columns = newColumns;
    }

    /** Keys, as a terminal sends them. */
    synchronized void press(final String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** What is seen since the screen was last begun from its top. */
    synchronized String screen() {
        return shown.substring(Math.max(0, shown.lastIndexOf("\033[H")));
    }

    /** All that was shown so far. */
    synchronized String all() {
        return shown.toString();
    }

    /** Waits until that holds of the screen. */
    synchronized void await(final String what, final Predicate<String> screen) throws InterruptedException {
        final long startNs = System.nanoTime();
        while (!screen.test(screen())) {
            if (System.nanoTime() - startNs > PATIENCE_NS || !process.isAlive()) {
                throw new AssertionError("never seen: " + what + "\n" + shown);
            }
            wait(100);
        }
    }

    /** Waits for the end of the line that was run; the exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it never ends\n" + all());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
