package io.ringmaster.control;

import java.util.List;

/** Notes in the log who has changed something, and by which words. Any thread. */
public final class ChangeLog {
    private static final int LONGEST = 400;
    private static final System.Logger LOG = System.getLogger(ChangeLog.class.getName());

    private ChangeLog() {
    }

    /** One line about a command; an exit code other than 0 tells that not all of it was done. */
    public static void note(final Request request, final int exit) {
        LOG.log(System.Logger.Level.INFO, line(request, exit));
    }

    static String line(final Request request, final int exit) {
        final long lines = request.stdin().lines().count();
        return line(request.caller(), request.args()) + (lines == 0 ? "" : " <" + lines + " lines>") + (exit == 0 ? ""
            : " (exit code " + exit + ")");
    }

    /** Who asks, and by which words, in one line. */
    public static String line(final Caller caller, final List<String> words) {
        final StringBuilder line = new StringBuilder(caller.toString()).append(':');
        for (final String word : words) {
            line.append(' ').append(word);
        }
        if (line.length() > LONGEST) {
            line.setLength(LONGEST);
            line.append(" ...");
        }
        for (int i = 0; i < line.length(); i++) {
            // One line, and nothing that moves a terminal's cursor.
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line.toString();
    }
}
