package io.ringmaster.cli;

import io.ringmaster.control.ControlSocket;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which director a command is for if it does not say so: that of $RINGMASTER_SOCKET, else the one on the default path,
 * else the only one that systemd runs on this machine. Directors of {@code ringmaster@NAME.service} have a folder each
 * beside the default path, which systemd removes when they end.
 */
public final class DirectorSocket {
    private DirectorSocket() {
    }

    /**
     * The path of its socket, whether somebody listens there or not.
     *
     * @throws IllegalStateException in one sentence if there are several to choose from.
     */
    public static Path find() {
        final String named = System.getenv(ControlSocket.VARIABLE);
        return named == null || named.isEmpty() ? find(new File(ControlSocket.DEFAULT_PATH)) : Path.of(named);
    }

    /** The same for another default path. */
    static Path find(final File byDefault) {
        // java.io, which is loaded already: this is on the way of each command.
        final String[] folders = byDefault.exists() ? null : byDefault.getParentFile().list();
        final List<File> found = new ArrayList<>();
        for (final String folder : folders == null ? new String[0] : folders) {
            final File socket = new File(new File(byDefault.getParentFile(), folder), byDefault.getName());
            if (socket.exists()) {
                found.add(socket);
            }
        }
        if (found.size() > 1) {
            final String[] paths = found.stream().map(File::getPath).toArray(String[]::new);
            Arrays.sort(paths);
            throw new IllegalStateException("Several directors run here; choose one by " + ControlSocket.VARIABLE
                + " or --socket: " + String.join(", ", paths));
        }
        return (found.isEmpty() ? byDefault : found.getFirst()).toPath();
    }
}
