package io.ringmaster.netlink;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One rtnetlink socket, used by one thread at a time. It belongs to the network namespace of the thread that opened it,
 * for good, whichever thread uses it later.
 *
 * <pre>
 *  address of a netlink socket (linux/netlink.h, struct sockaddr_nl)
 *  0        2        4               8               12
 *  +--------+--------+---------------+---------------+
 *  | family |        | port: 0 is    | groups, one   |
 *  |        |        | the kernel    | bit each      |
 *  +--------+--------+---------------+---------------+
 * </pre>
 */
final class NetlinkSocket implements Channel {
    static final int AF_NETLINK = 16;
    static final int SOCK_RAW = 3;
    static final int NETLINK_ROUTE = 0;
    static final int SOL_SOCKET = 1;
    static final int RECEIVE_BUFFER = 8;
    static final int RECEIVE_TIMEOUT = 20;
    static final int RECEIVE_BUFFER_FORCE = 33;
    static final int SOL_NETLINK = 270;
    static final int CAPPED_ERRORS = 10;
    static final int EXPLAINED_ERRORS = 11;
    static final int STRICT_REQUESTS = 12;
    static final int ADDRESS_BYTES = 12;
    static final int ADDRESS_PORT = 4;
    static final int ADDRESS_GROUPS = 8;
    /** The kernel lists in pieces of at most 32 KiB; a single link with many virtual functions may be larger. */
    private static final int FIRST_BUFFER_BYTES = 64 * 1024;
    private static final int WAIT_SEC = 5;
    static final int TIMEVAL_BYTES = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private final MemorySegment kernel = Arena.ofAuto().allocate(ADDRESS_BYTES, Integer.BYTES);
    private final MemorySegment sender = Arena.ofAuto().allocate(ADDRESS_BYTES, Integer.BYTES);
    private final int fd;
    private MemorySegment memory = Arena.ofAuto().allocate(FIRST_BUFFER_BYTES, Long.BYTES);
    private boolean open = true;

    private NetlinkSocket() {
        fd = Libc.socket(AF_NETLINK, SOCK_RAW | Libc.O_CLOEXEC, NETLINK_ROUTE);
        if (fd < 0) {
            throw new SystemCallException("open a netlink socket to the kernel's routing", -fd);
        }
        kernel.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @param groups             one bit for each group of events to receive (RTMGRP_*), 0 for none.
     * @param receiveBufferBytes how much the kernel may hold for it before it throws messages away; what an
     *                           unprivileged user may not have is cut to the system's limit. 0 leaves the default.
     */
    static NetlinkSocket open(final int groups, final int receiveBufferBytes) {
        final NetlinkSocket socket = new NetlinkSocket();
        try {
            socket.configure(groups, receiveBufferBytes);
            return socket;
        } catch (final RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void configure(final int groups, final int receiveBufferBytes) {
        option(SOL_NETLINK, EXPLAINED_ERRORS, 1);
        option(SOL_NETLINK, CAPPED_ERRORS, 1);
        option(SOL_NETLINK, STRICT_REQUESTS, 1);
        if (receiveBufferBytes > 0 && !option(SOL_SOCKET, RECEIVE_BUFFER_FORCE, receiveBufferBytes)) {
            option(SOL_SOCKET, RECEIVE_BUFFER, receiveBufferBytes);
        }
        final MemorySegment timeout = Arena.ofAuto().allocate(TIMEVAL_BYTES, Long.BYTES);
        timeout.set(ValueLayout.JAVA_LONG, 0, WAIT_SEC);
        check(Libc.setsockopt(fd, SOL_SOCKET, RECEIVE_TIMEOUT, timeout), "set the time-out of a netlink socket");
        final MemorySegment own = Arena.ofAuto().allocate(ADDRESS_BYTES, Integer.BYTES).copyFrom(kernel);
        own.set(INT, ADDRESS_GROUPS, groups);
        check(Libc.bind(fd, own), "bind a netlink socket to the event groups 0x" + Integer.toHexString(groups));
    }

    /** What a kernel does not know here it does without: the options only make answers shorter or clearer. */
    private boolean option(final int level, final int option, final int value) {
        return Libc.setsockopt(fd, level, option, value) == 0;
    }

    @Override
    public void send(final MemorySegment message) {
        checkOpen();
        long sent;
        do {
            sent = Libc.sendto(fd, message, 0, kernel);
        } while (sent == -Errno.EINTR);
        check(sent, "send a netlink request of " + message.byteSize() + " bytes to the kernel");
    }

    @Override
    public int receive(final boolean wait) {
        checkOpen();
        final int flags = Libc.MSG_TRUNC | (wait ? 0 : Libc.MSG_DONTWAIT);
        while (true) {
            final long length = Libc.recvfrom(fd, memory, flags, sender);
            if (length > memory.byteSize()) {
                memory = Arena.ofAuto().allocate(2 * length, Long.BYTES);
                return TOO_LARGE;
            }
            // other processes may write to this socket as well; they are no source of routes
            if (length >= 0 && sender.get(INT, ADDRESS_PORT) == 0) {
                return (int) length;
            }
            if (length < 0 && length != -Errno.EINTR) {
                return nothing(wait, (int) -length);
            }
        }
    }

    private static int nothing(final boolean wait, final int errno) {
        if (errno == Errno.ENOBUFS) {
            return OVERRUN;
        }
        if (errno != Errno.EAGAIN) {
            throw new SystemCallException("receive from the kernel over netlink", errno);
        }
        if (wait) {
            throw new SystemCallException("get the kernel's answer over netlink within " + WAIT_SEC + " s", errno);
        }
        return NOTHING;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Libc.close(fd);
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("This netlink socket is closed.");
        }
    }

    private static void check(final long result, final String tried) {
        if (result < 0) {
            throw new SystemCallException(tried, (int) -result);
        }
    }
}
