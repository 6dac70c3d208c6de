package io.ringmaster.supervision;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A service manager's end of $NOTIFY_SOCKET. One thread uses it. */
public final class NotifyReceiver implements AutoCloseable {
    // unix(7)
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int PATH = 2;
    private static final int LONGEST = 4_096;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes = arena.allocate(LONGEST);
    private final String name;
    private final int fd;

    private NotifyReceiver(final String name) {
        this.name = name;
        fd = Libc.socket(AF_UNIX, SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        final byte[] path = name.getBytes(StandardCharsets.UTF_8);
        final MemorySegment address = arena.allocate(PATH + path.length, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH, path.length);
        if (path[0] == '@') {
            address.set(JAVA_BYTE, PATH, (byte) 0);
        }
        final int result = Libc.bind(fd, address);
        if (result < 0) {
            throw new SystemCallException("listen on " + name, -result);
        }
    }

    /** Listens on a path, or on a name of the abstract namespace behind an @. */
    public static NotifyReceiver at(final String name) {
        return new NotifyReceiver(name);
    }

    /** The next datagram; empty if none comes in this time. */
    public String next(final int timeoutMs) {
        if (Libc.poll(fd, Libc.POLLIN, timeoutMs) <= 0) {
            return "";
        }
        final long length = Libc.recvfrom(fd, bytes, Libc.MSG_DONTWAIT, MemorySegment.NULL);
        return new String(bytes.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        Libc.close(fd);
        if (name.startsWith("/")) {
            Path.of(name).toFile().delete();
        }
        arena.close();
    }
}
