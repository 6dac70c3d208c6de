package io.ringmaster.log;

import java.io.PrintStream;
import java.text.MessageFormat;
import java.util.ResourceBundle;

/**
 * Writes one line a message, with an exception and where it comes from on the same line. Under systemd (which sets
 * JOURNAL_STREAM) the line begins with the priority that journald reads (sd-daemon(3)); else with a word for what is
 * worse than news. The time is the reader's: journald, syslog and containers add it. Any thread.
 */
final class LineLogger implements System.Logger {
    private static final int FRAMES = 6;
    private final String name;
    private final boolean journal;
    private final PrintStream out;

    LineLogger(final String name, final boolean journal, final PrintStream out) {
        this.name = name;
        this.journal = journal;
        this.out = out;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(final Level level) {
        return level != Level.OFF && level.getSeverity() >= Level.INFO.getSeverity();
    }

    @Override
    public void log(final Level level, final ResourceBundle bundle, final String message, final Throwable thrown) {
        if (isLoggable(level)) {
            out.println(line(level, message, thrown));
        }
    }

    @Override
    public void log(final Level level, final ResourceBundle bundle, final String format, final Object... values) {
        if (isLoggable(level)) {
            out.println(line(level, values == null || values.length == 0 ? format
                : MessageFormat.format(format, values), null));
        }
    }

    private String line(final Level level, final String message, final Throwable thrown) {
        final StringBuilder line = new StringBuilder(prefix(level)).append(message);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            line.append(cause == thrown ? ": " : ", because of ").append(cause);
            final StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                line.append(i == 0 ? " at " : " < ").append(frames[i].getFileName()).append(':')
                    .append(frames[i].getLineNumber());
            }
        }
        return line.toString().replace('\n', ' ');
    }

    /** Priorities of syslog: 3 error, 4 warning, 6 information. */
    private String prefix(final Level level) {
        return switch (level) {
            case ERROR -> journal ? "<3>" : "error: ";
            case WARNING -> journal ? "<4>" : "warning: ";
            default -> journal ? "<6>" : "";
        };
    }
}
