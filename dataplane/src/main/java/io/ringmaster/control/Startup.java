package io.ringmaster.control;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a director was started, which cannot change while it runs. Options are by the names that they have in a file,
 * without those that have their default. Immutable.
 *
 * @param config  the file it was started with, if there is one.
 * @param inForce the options in force; none if nobody knows them.
 * @param ofFile  those that the file had then.
 */
public record Startup(Optional<Path> config, Map<String, String> inForce, Map<String, String> ofFile) {
    /** Of directors that tests put together. */
    public static final Startup UNKNOWN = new Startup(Optional.empty(), Map.of(), Map.of());
}
