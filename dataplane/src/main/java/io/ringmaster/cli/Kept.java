package io.ringmaster.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that a director begins from.
 *
 * @param config what it is to have, of {@code --config}; it is read again when asked for.
 * @param state  where what it has is saved at each change, and what it begins with if there is no config.
 */
record Kept(Optional<Path> config, Optional<Path> state) {
    /** None. */
    static final Kept NOTHING = new Kept(Optional.empty(), Optional.empty());
    private static final String DIRECTORY_VARIABLE = "STATE_DIRECTORY";
    private static final String NAME = "state.yaml";

    /** The state file of systemd's state directory; empty without one. */
    static Optional<Path> defaultState() {
        final String folders = System.getenv(DIRECTORY_VARIABLE);
        return folders == null || folders.isEmpty() ? Optional.empty()
            : Optional.of(Path.of(folders.split(":")[0], NAME));
    }
}
