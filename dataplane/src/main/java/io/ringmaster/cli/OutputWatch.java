package io.ringmaster.cli;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;

/**
 * Sees that nobody reads standard output any more, as behind {@code | head}, also while there is nothing to write to
 * it. A thread of its own, which begins late: commands that end by themselves pay nothing for it.
 */
final class OutputWatch {
    private static final int STANDARD_OUTPUT = 1;
    private static final long BEGIN_MS = 500;
    private static final int FOR_EVER = -1;

    private OutputWatch() {
    }

    /** Ends the program with an exit code when it is so. */
    static void begin(final int exit) {
        final Thread watch = new Thread(() -> watch(exit), "output");
        watch.setDaemon(true);
        watch.start();
    }

    private static void watch(final int exit) {
        try {
            Thread.sleep(BEGIN_MS);
        } catch (final InterruptedException e) {
            return;
        }
        // Errors and hang-ups are told unasked (poll(2)); of files and terminals that are there it never returns.
        int told = -Errno.EINTR;
        while (told == -Errno.EINTR) {
            told = Libc.poll(STANDARD_OUTPUT, 0, FOR_EVER);
        }
        if (told > 0) {
            Runtime.getRuntime().halt(exit);
        }
    }
}
