package io.ringmaster.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** All recordings of a folder, or of the project's own copy, by their names in order. */
public final class FixtureSet {
    private static final List<String> OWN = List.of("/conformance/fixtures.zip", "/conformance/further.zip");
    private static final String SUFFIX = ".json";

    private FixtureSet() {
    }

    /**
     * The project's own copy: the resource {@code conformance/fixtures.zip}, and what was asked of the same kernel
     * later, {@code conformance/further.zip}.
     */
    public static Map<String, Map<?, ?>> own() {
        return readOwn(name -> true);
    }

    /** One recording of the project's own copy. */
    public static Map<?, ?> own(final String name) {
        final Map<?, ?> found = readOwn(name::equals).get(name);
        if (found == null) {
            throw new IllegalArgumentException("There is no recording " + name + " in " + OWN);
        }
        return found;
    }

    private static Map<String, Map<?, ?>> readOwn(final Predicate<String> wanted) {
        final Map<String, Map<?, ?>> all = new TreeMap<>();
        for (final String set : OWN) {
            readOwn(set, wanted, all);
        }
        return all;
    }

    private static void readOwn(final String set, final Predicate<String> wanted, final Map<String, Map<?, ?>> all) {
        try (InputStream in = FixtureSet.class.getResourceAsStream(set); ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (wanted.test(name(entry.getName()))) {
                    all.put(name(entry.getName()), JsonTree.read(zip));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(set + " cannot be read", e);
        }
    }

    /**
     * All {@code *.json} of a folder.
     *
     * @param folder as given on the command line: relative to the module's folder, where tests run, or to the one
     *               above, where Maven was called.
     * @throws IllegalArgumentException if there are none.
     */
    static Map<String, Map<?, ?>> of(final String folder) {
        final Path path = Files.isDirectory(Path.of(folder)) ? Path.of(folder) : Path.of("..").resolve(folder);
        final Map<String, Map<?, ?>> all = new TreeMap<>();
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (final Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                    try (InputStream in = Files.newInputStream(file)) {
                        all.put(name(file.getFileName().toString()), JsonTree.read(in));
                    }
                }
            } catch (final IOException e) {
                throw new UncheckedIOException("The recordings of " + path + " cannot be read", e);
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("No *.json in " + folder + ": -Dringmaster.fixtures names a folder of "
                + "recordings, or is left away for the project's own copy.");
        }
        return all;
    }

    private static String name(final String file) {
        return file.substring(0, file.length() - SUFFIX.length());
    }
}
