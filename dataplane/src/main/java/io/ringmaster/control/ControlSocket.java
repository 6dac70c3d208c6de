package io.ringmaster.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where a director is spoken to: a Unix-domain socket for its user, and for a group if one was named. A path that a
 * living director listens on is refused, one left behind by a dead director is taken over.
 */
public final class ControlSocket {
    /** The path without --socket and RINGMASTER_SOCKET. */
    public static final String DEFAULT_PATH = "/run/ringmaster/ringmaster.sock";
    /** The environment variable that names another path. */
    public static final String VARIABLE = "RINGMASTER_SOCKET";
    private static final String FOLDER_VARIABLE = "RUNTIME_DIRECTORY";
    /** The longest path of a socket, in bytes; unix(7), without its final zero. */
    public static final int LONGEST_PATH_BYTES = 107;
    private static final int BACKLOG = 128;

    private ControlSocket() {
    }

    /**
     * The path for a director that was told none: that of the variable, else in the folder that systemd made for it
     * (RuntimeDirectory= sets $RUNTIME_DIRECTORY), else the default one.
     */
    public static Path defaultPath() {
        final String named = System.getenv(VARIABLE);
        final String folders = System.getenv(FOLDER_VARIABLE);
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        return folders == null || folders.isEmpty() ? Path.of(DEFAULT_PATH)
            : Path.of(folders.split(":")[0], Path.of(DEFAULT_PATH).getFileName().toString());
    }

    /**
     * Listens on a path.
     *
     * @return a non-blocking channel; the file has mode 0600, or 0660 for a group, from its first moment under this
     * name.
     * @throws ControlException in one sentence, if that cannot be.
     */
    static ServerSocketChannel listen(final Path path, final SocketAccess access) {
        refuseIfTaken(path);
        final Optional<GroupPrincipal> group = access.group().map(ControlSocket::group);
        final Path hidden = hidden(path);
        try {
            if (path.toAbsolutePath().getParent() != null) {
                Files.createDirectories(path.toAbsolutePath().getParent(), mode("rwxr-xr-x"));
            }
            // In a folder that only its owner can enter: whatever the umask, nobody else reaches the socket before its
            // mode is set.
            Files.deleteIfExists(hidden);
            Files.deleteIfExists(hidden.getParent());
            Files.createDirectory(hidden.getParent(), mode("rwx------"));
            final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                channel.bind(UnixDomainSocketAddress.of(hidden), BACKLOG);
                if (group.isPresent()) {
                    Files.getFileAttributeView(hidden, PosixFileAttributeView.class).setGroup(group.get());
                }
                Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString(
                    group.isPresent() ? "rw-rw----" : "rw-------"));
                Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return channel;
            } catch (final IOException e) {
                channel.close();
                Files.deleteIfExists(hidden);
                throw e;
            } finally {
                Files.deleteIfExists(hidden.getParent());
            }
        } catch (final IOException e) {
            throw new ControlException("Cannot listen on the socket path " + path + " (" + reason(e)
                + "); choose another with --socket.");
        }
    }

    /**
     * Refuses a path that a living director listens on, that is something else than a socket, or that cannot be: for
     * finding out before anything was changed.
     *
     * @throws ControlException in one sentence.
     */
    public static void refuseIfTaken(final Path path) {
        if (hidden(path).toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
            throw new ControlException("The socket path " + path + " is too long: Unix-domain sockets take at most "
                + LONGEST_PATH_BYTES + " bytes, some of which ringmaster needs; choose a shorter one with --socket.");
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            refuseUnlessFolder(path);
            return;
        }
        try {
            final Object type = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if (((Integer) type & 0xf000) != 0xc000) {
                throw new ControlException("The socket path " + path
                    + " exists and is no socket; remove it or choose another with --socket.");
            }
        } catch (final IOException e) {
            throw new ControlException("Cannot look at the socket path " + path + " (" + reason(e) + ").");
        }
        if (answers(path)) {
            throw new ControlException("Another director is running and listens on " + path
                + "; stop it, or start this one with another --socket.");
        }
    }

    /**
     * The group of a name or number.
     *
     * @throws ControlException in one sentence, if there is none.
     */
    public static GroupPrincipal group(final String name) {
        try {
            return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
        } catch (final IOException e) {
            throw new ControlException("There is no group " + name + " for the socket; \"getent group\" lists "
                + "those that exist, groupadd makes one.");
        }
    }

    private static FileAttribute<?> mode(final String letters) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(letters));
    }

    /** The name under which the socket is made, before it is moved to its path. */
    private static Path hidden(final Path path) {
        return path.resolveSibling("." + path.getFileName() + "." + ProcessHandle.current().pid()).resolve("s");
    }

    /** The nearest folder that exists must be one, and take new files. */
    private static void refuseUnlessFolder(final Path path) {
        Path folder = path.toAbsolutePath().getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new ControlException("Cannot listen on the socket path " + path + ": " + folder
                + " is no folder that this process can write to; choose another with --socket.");
        }
    }

    private static boolean answers(final Path path) {
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
            return true;
        } catch (final ConnectException e) {
            // Nobody listens: left behind by a director that died. It is replaced.
            return false;
        } catch (final IOException e) {
            throw new ControlException("Cannot find out whether a director listens on " + path + " (" + reason(e)
                + "); remove the path if none does.");
        }
    }

    static String reason(final IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
