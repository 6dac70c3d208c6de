package io.ringmaster.cli;

import io.ringmaster.config.State;
import io.ringmaster.control.Startup;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a director begins from.
 *
 * @param startup how it is started; its file, of {@code --config}, is read again when asked for.
 * @param wanted  what that file says now.
 * @param state   where what the director has is saved at each change, and what it begins with if no file says more than
 *                how it is started.
 */
record Kept(Startup startup, Optional<State> wanted, Optional<Path> state) {
    private static final String DIRECTORY_VARIABLE = "STATE_DIRECTORY";
    private static final String NAME = "state.yaml";

    /** What becomes of the rules that commands make, for whoever has just started a director. */
    String fate() {
        if (wanted.filter(file -> !file.onlyStart()).isPresent()) {
            return "what they make ends with this director, the next one begins with its file again";
        }
        return state.map(file -> "what they make is kept in " + file)
            .orElse("what they make ends with this director, unless it is started with --state FILE");
    }

    /** The state file of systemd's state directory; empty without one. */
    static Optional<Path> defaultState() {
        final String folders = System.getenv(DIRECTORY_VARIABLE);
        return folders == null || folders.isEmpty() ? Optional.empty()
            : Optional.of(Path.of(folders.split(":")[0], NAME));
    }
}
