package io.ringmaster.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of recordings that whoever runs the tests names by a property. */
public final class GivenFolder {
    private GivenFolder() {
    }

    /**
     * Its files, in the order of their names.
     *
     * @param property that names it.
     * @param folder   its value: relative to the module's folder, where tests run, or to the one above, where Maven was
     *                 called.
     * @param suffix   of the files that are meant.
     * @throws IllegalArgumentException with a sentence, if there are none.
     */
    public static List<Path> files(final String property, final String folder, final String suffix) {
        final Path path = Files.isDirectory(Path.of(folder)) ? Path.of(folder) : Path.of("..").resolve(folder);
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException("-D" + property + "=" + folder + " names no folder, neither from "
                + Path.of("").toAbsolutePath() + " nor from the one above.");
        }
        try (Stream<Path> all = Files.list(path)) {
            final List<Path> files = all.filter(Files::isRegularFile)
                .filter(file -> file.toString().endsWith(suffix)).sorted().toList();
            if (files.isEmpty()) {
                throw new IllegalArgumentException("There is no *" + suffix + " in " + path.toAbsolutePath().normalize()
                    + ": -D" + property + " names a folder of recordings, or is left away for the project's own copy.");
            }
            return files;
        } catch (final IOException e) {
            throw new UncheckedIOException("The folder " + path + " of -D" + property + " cannot be listed", e);
        }
    }
}
