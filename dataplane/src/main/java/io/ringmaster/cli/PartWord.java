package io.ringmaster.cli;

import io.ringmaster.explain.Form;
import java.util.Locale;

/** The words of {@code explain --fragment}. */
enum PartWord {
    FIRST(Form.Part.FIRST), LATER(Form.Part.LATER), ALL(Form.Part.ALL);

    private final Form.Part part;

    PartWord(final Form.Part part) {
        this.part = part;
    }

    Form.Part part() {
        return part;
    }

    /** As it is written, and completed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
