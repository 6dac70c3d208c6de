package io.ringmaster.director;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * Loads the classes that packets meet before the first packet does, which would wait for them: tens of milliseconds on
 * a busy machine, just when a restarted director is looked at most.
 */
final class PacketClasses {
    /** All packages but those that only the control thread and the start know. */
    private static final String NAMES = "io/ringmaster/(?!cli|control|demo|director|log|verb|bpf|netlink|sys|xdp)"
        + "\\w+/\\w+(\\$\\w+)?\\.class";

    private PacketClasses() {
    }

    /**
     * Loads and initialises them.
     *
     * @return how many; 0 where the program does not run from its jar, and classes are loaded as they are met.
     */
    static int load() {
        try {
            final Path jar = Path.of(PacketClasses.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            final List<String> names = Files.isRegularFile(jar) ? names(jar) : List.of();
            for (final String name : names) {
                Class.forName(name, true, PacketClasses.class.getClassLoader());
            }
            return names.size();
        } catch (final IOException | URISyntaxException | ClassNotFoundException e) {
            // Then the first packet waits, as it would have.
            return 0;
        }
    }

    private static List<String> names(final Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().map(JarEntry::getName).filter(name -> name.matches(NAMES))
                .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                .collect(Collectors.toList());
        }
    }
}
