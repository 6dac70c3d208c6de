package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.Names;
import io.ringmaster.cli.ipvsadm.SavedRules;
import io.ringmaster.config.State;
import io.ringmaster.config.StateReader;
import io.ringmaster.control.RefusedException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;

/** A file for {@code ringmaster config}, of either form. */
final class ConfigText {
    private static final int PIECE_CHARS = 64 << 10;

    private ConfigText() {
    }

    /**
     * What a file says.
     *
     * @throws RefusedException with the place of what is wrong.
     */
    static State read(final String text, final String file) {
        if (SavedRules.areIn(text)) {
            return SavedRules.read(text, new Names(Path.of("/etc/services"), Path.of("/etc/hosts")), file);
        }
        final State state = StateReader.read(text, file);
        state.start().ifPresent(start -> StartOptions.judge(start, file));
        return state;
    }

    /** All of a file that comes in pieces. */
    static String all(final Reader reader, final String file) throws IOException {
        final StringBuilder text = new StringBuilder();
        final char[] piece = new char[PIECE_CHARS];
        for (int got = reader.read(piece); got >= 0; got = reader.read(piece)) {
            text.append(piece, 0, got);
            if (text.length() > StateReader.LONGEST_CHARS) {
                throw new RefusedException(file + " is longer than " + StateReader.LONGEST_CHARS + " characters.");
            }
        }
        return text.toString();
    }

    /** A short account of a good file. */
    static String account(final State state) {
        final String start = state.start().map(said -> said.options().size() + " options of run").orElse("");
        if (state.onlyStart()) {
            return start + " (services, marks, settings and time-outs are not this file's)";
        }
        final int servers = state.services().values().stream().mapToInt(service -> service.servers().size()).sum();
        return (start.isEmpty() ? "" : start + ", ") + state.services().size() + " services, " + servers
            + " real servers" + state.globals().map(globals -> ", " + globals.marks().size() + " mark rules, "
            + globals.sysctls().size() + " changed settings")
            .orElse(" (rules of ipvsadm: marks, settings and time-outs stay as they are)");
    }
}
