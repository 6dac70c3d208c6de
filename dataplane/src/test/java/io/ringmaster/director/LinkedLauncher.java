package io.ringmaster.director;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder in which the launcher is linked as ipvsadm and as the programs beside it. Used by one thread. */
public final class LinkedLauncher implements AutoCloseable {
    private static final List<String> NAMES = List.of("ringmaster", "ipvsadm", "ipvsadm-save", "ipvsadm-restore");

    private final Path folder;

    /** Makes the folder. */
    public LinkedLauncher() {
        try {
            folder = Files.createTempDirectory("ringmaster-links-");
            final Path launcher = Path.of(System.getProperty("basedir", "."), "..", "ringmaster").toRealPath();
            for (final String name : NAMES) {
                Files.createSymbolicLink(folder.resolve(name), launcher);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the links are; other files may be put there. */
    public Path folder() {
        return folder;
    }

    /** A program that finds the links before anything else, and by them the director of a socket. */
    public ProcessBuilder process(final Path socket, final String... command) {
        // Who runs tests in the background has them ignore Ctrl-C, and so would all that they start.
        final List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT,QUIT"));
        words.addAll(List.of(command));
        final ProcessBuilder builder = new ProcessBuilder(words);
        final Map<String, String> environment = builder.environment();
        environment.put("PATH", folder + ":" + environment.get("PATH"));
        environment.put("RINGMASTER_SOCKET", socket.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.remove("RINGMASTER_PROGRAM");
        return builder.redirectInput(Path.of("/dev/null").toFile());
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
