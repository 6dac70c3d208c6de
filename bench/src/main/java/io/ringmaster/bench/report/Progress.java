package io.ringmaster.bench.report;

import java.io.PrintStream;

/** One line that says how far a run is: rewritten in place on a terminal, else once in a while. */
public final class Progress {
    private static final long EVERY_NS = 500_000_000L;
    private static final long EVERY_WITHOUT_TERMINAL_NS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private long shownNs = System.nanoTime();

    /** Progress on a stream; whether it is a terminal, on which a line can be written again. */
    public Progress(final PrintStream out, final boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Says how far it is, if that was not said just now. */
    public void show(final String what, final long done, final long all) {
        final long nowNs = System.nanoTime();
        if (nowNs - shownNs < (terminal ? EVERY_NS : EVERY_WITHOUT_TERMINAL_NS)) {
            return;
        }
        shownNs = nowNs;
        final String line = what + " " + Math.min(100, done * 100 / all) + " %";
        if (terminal) {
            out.print("\r\033[K" + line);
            out.flush();
        } else {
            out.println(line + " ...");
        }
    }

    /** Takes the line away. */
    public void end() {
        if (terminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }
}
