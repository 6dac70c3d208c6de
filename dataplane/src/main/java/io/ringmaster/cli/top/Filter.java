package io.ringmaster.cli.top;

import java.util.List;
import java.util.Locale;

/** Which services are shown: those of which, or of whose real servers, a text is a part. Used by one thread. */
final class Filter {
    /** Longest text in characters. */
    static final int LONGEST = 64;
    private static final char BACKSPACE = '\b';
    private static final char DELETE = 0x7f;

    private final StringBuilder text = new StringBuilder();
    private boolean typing;

    /** Begins with a text, which may be empty; no longer than {@link #LONGEST}. */
    Filter(final String text) {
        this.text.append(text.toLowerCase(Locale.ROOT));
    }

    /** Whether keys are letters of the text now. */
    boolean typing() {
        return typing;
    }

    /** Begins a new text, which is none at first. */
    void begin() {
        text.setLength(0);
        typing = true;
    }

    /**
     * A key while a text is typed.
     *
     * @return whether it belongs to it.
     */
    boolean press(final char key) {
        if (key == '\n' || key == '\r') {
            typing = false;
        } else if (key == BACKSPACE || key == DELETE) {
            text.setLength(Math.max(0, text.length() - 1));
        } else if (key >= ' ' && !Character.isUpperCase(key)) {
            // Upper case are the keys without a letter.
            text.append(text.length() < LONGEST ? String.valueOf(key) : "");
        } else {
            return false;
        }
        return true;
    }

    /** What is shown of some services; of one that is not meant itself, the real servers that are. */
    List<Report.Service> of(final List<Report.Service> services) {
        if (text.isEmpty()) {
            return services;
        }
        return services.stream().filter(service -> meant(service.row())
            || service.servers().stream().anyMatch(this::meant)).toList();
    }

    /** The same, with only the real servers that are shown of each. */
    List<Report.Service> cut(final List<Report.Service> services) {
        return of(services).stream().map(service -> text.isEmpty() || meant(service.row()) ? service
            : new Report.Service(service.row(), service.servers().stream().filter(this::meant).toList())).toList();
    }

    /** Whether a row is one of those that the text is a part of. */
    boolean meant(final Report.Row row) {
        return !text.isEmpty() && row.name().toLowerCase(Locale.ROOT).contains(text);
    }

    /** For the last line of the screen. */
    String hint() {
        return typing ? "show only what contains: " + text + "_  (Enter ends, nothing shows all)"
            : text.isEmpty() ? "/ filter" : "/ filter: " + text;
    }
}
