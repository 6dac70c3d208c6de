package io.ringmaster.control;

import io.ringmaster.sys.Users;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/** Tells who is at the other end of a control socket, and what that user may do. Owned by the control thread. */
final class Peers {
    private final long ownUid;
    private final boolean othersMayChange;

    /**
     * Rules for one socket.
     *
     * @param othersMayChange whether those who reach the socket without being root or this process's user may change
     *                        something, too.
     */
    Peers(final boolean othersMayChange) throws IOException {
        this.ownUid = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        this.othersMayChange = othersMayChange;
    }

    /** The user who connected, as the kernel noted it then: later changes of the process do not count. */
    Caller of(final SocketChannel channel) throws IOException {
        final String user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        final long uid = Users.id(user);
        return new Caller(user, uid, uid == 0 || uid == ownUid || othersMayChange);
    }
}
