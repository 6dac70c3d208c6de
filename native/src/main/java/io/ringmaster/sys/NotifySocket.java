package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The way to a service manager: datagrams to the Unix-domain socket that it named in $NOTIFY_SOCKET (sd_notify(3)),
 * which the JDK has no call for. Any thread.
 */
public final class NotifySocket implements AutoCloseable {
    static final int AF_UNIX = 1;
    static final int SOCK_DGRAM = 2;
    static final int MSG_NOSIGNAL = 0x4000;
    // struct sockaddr_un: family 0, path 2 (unix(7))
    static final int PATH = 2;
    static final int PATH_BYTES = 108;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment address;
    private final int fd;

    private NotifySocket(final MemorySegment address, final int fd) {
        this.address = arena.allocate(address.byteSize(), Short.BYTES).copyFrom(address);
        this.fd = fd;
    }

    /**
     * Opens the way; whether anybody listens is found out by sending.
     *
     * @param name an absolute path, or a name of the abstract namespace behind an @.
     * @throws IllegalArgumentException in one sentence, if it is neither or too long.
     * @throws SystemCallException if there is no socket to be had.
     */
    public static NotifySocket open(final String name) {
        final byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (!name.startsWith("/") && !name.startsWith("@") || path.length < 2 || path.length >= PATH_BYTES) {
            throw new IllegalArgumentException("NOTIFY_SOCKET is '" + name + "', which is neither an absolute path nor "
                + "@ and a name, of at most " + (PATH_BYTES - 1) + " bytes.");
        }
        final int fd = Libc.socket(AF_UNIX, SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new SystemCallException("open a socket to " + name, -fd);
        }
        try (Arena passing = Arena.ofConfined()) {
            // An abstract name is as long as the address says, a path ends by a zero.
            final boolean named = path[0] == '@';
            final MemorySegment address = passing.allocate(PATH + path.length + (named ? 0 : 1), Short.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, JAVA_BYTE, PATH, path.length);
            if (named) {
                address.set(JAVA_BYTE, PATH, (byte) 0);
            }
            return new NotifySocket(address, fd);
        }
    }

    /**
     * Sends lines of NAME=VALUE as one datagram.
     *
     * @param patient whether to wait where the receiver has too much to read.
     * @return 0, or an error number if it was not taken.
     */
    public int send(final String lines, final boolean patient) {
        final byte[] text = lines.getBytes(StandardCharsets.UTF_8);
        try (Arena passing = Arena.ofConfined()) {
            final MemorySegment bytes = passing.allocate(text.length);
            MemorySegment.copy(text, 0, bytes, JAVA_BYTE, 0, text.length);
            final long sent = Libc.sendto(fd, bytes, MSG_NOSIGNAL | (patient ? 0 : Libc.MSG_DONTWAIT), address);
            return sent < 0 ? (int) -sent : 0;
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
