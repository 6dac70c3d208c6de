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
import java.util.function.Supplier;
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
     * All {@code *.json} of a folder, each read when it is asked for: one that is broken is no reason not to play the
     * others.
     *
     * @param folder as given on the command line.
     * @throws IllegalArgumentException if there are none.
     */
    static Map<String, Supplier<Map<?, ?>>> of(final String folder) {
        final Map<String, Supplier<Map<?, ?>>> all = new TreeMap<>();
        for (final Path file : GivenFolder.files("ringmaster.fixtures", folder, SUFFIX)) {
            all.put(name(file.getFileName().toString()), () -> read(file));
        }
        return all;
    }

    private static Map<?, ?> read(final Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return JsonTree.read(in);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static String name(final String file) {
        return file.substring(0, file.length() - SUFFIX.length());
    }
}
