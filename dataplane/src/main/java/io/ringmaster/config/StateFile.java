package io.ringmaster.config;

import io.ringmaster.control.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file that a director's state survives a restart in. It is replaced as a whole, never written over, and the one
 * before is kept beside it. Immutable.
 */
public final class StateFile {
    private static final String HEAD = "# Written by ringmaster run at each change; see docs/config.md.\n";
    /** Without it the file was cut, and might say less than it did. */
    private static final String END = "# The end.\n";

    private final Path path;
    private final Path previous;

    /** A file at a path; it need not exist yet. */
    public StateFile(final Path path) {
        this.path = path.toAbsolutePath();
        this.previous = this.path.resolveSibling(this.path.getFileName() + ".previous");
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Keeps other directors from it, until what is returned is closed or the process ends: they would begin with the
     * same services, and each would save its own over the other's.
     *
     * @throws RefusedException if another director has it, or its folder cannot be used.
     */
    public Claim claim() {
        final Path lock = path.resolveSibling(path.getFileName() + ".lock");
        try {
            Files.createDirectories(path.getParent());
            final FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (claimed(channel)) {
                return new Claim(channel);
            }
            channel.close();
        } catch (final IOException e) {
            throw unusable(e);
        }
        throw new RefusedException("Another director that is running saves its state in " + path
            + "; name another file with --state, or none with --no-state.");
    }

    private static boolean claimed(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException e) {
            // By this process.
            return false;
        }
    }

    /** That nobody else has the file. */
    public static final class Claim implements AutoCloseable {
        private final FileChannel channel;

        private Claim(final FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (final IOException e) {
                // Given up in any case.
                return;
            }
        }
    }

    private RefusedException unusable(final IOException e) {
        return new RefusedException("The state file " + path + " cannot be used (" + e + "). Name another one with "
            + "--state, or none with --no-state.");
    }

    /**
     * What was saved last; empty if nothing was ever.
     *
     * @throws RefusedException with the line, if the file is damaged; it is left as it is.
     */
    public Optional<State> load() {
        final String text;
        try {
            text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (final NoSuchFileException e) {
            return Optional.empty();
        } catch (final IOException e) {
            throw unusable(e);
        }
        try {
            if (!text.endsWith(END)) {
                throw Fields.refused(path.toString(), (int) Math.max(1, text.lines().count()), 1,
                    "the file was cut off here");
            }
            final State state = StateReader.read(text, path.toString());
            if (state.start().isPresent()) {
                throw new RefusedException(path + " has interfaces or run, which belong into the file of --config.");
            }
            return Optional.of(state);
        } catch (final RefusedException e) {
            throw new RefusedException("The state file is damaged: " + e.getMessage() + " It was left as it is. Mend "
                + "it, or put " + previous + " in its place, or begin without services by deleting it.");
        }
    }

    /** Replaces it; when this returns it is on the disk. */
    public void save(final State state) throws IOException {
        Files.createDirectories(path.getParent());
        final Path next = path.resolveSibling(path.getFileName() + ".new");
        final ByteBuffer bytes = ByteBuffer.wrap((HEAD + StateWriter.write(state) + END)
            .getBytes(StandardCharsets.UTF_8));
        try (FileChannel file = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        } catch (final IOException e) {
            // Half of it is of no use, and a full disk has no room for it.
            Files.deleteIfExists(next);
            throw e;
        }
        if (Files.exists(path)) {
            Files.deleteIfExists(previous);
            Files.createLink(previous, path);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The new name, too, has to reach the disk.
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
