package io.ringmaster.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Downcalls;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The socket calls of the C library that netlink and ethtool need (man pages of section 2). Each returns what C returns
 * and leaves errno in the capture memory.
 */
final class SocketCalls {
    static final int AF_INET = 2;
    static final int AF_NETLINK = 16;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVTIMEO = 20;
    static final int SO_RCVBUFFORCE = 33;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    private static final MethodHandle SOCKET = Downcalls.withErrno("socket",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = Downcalls.withErrno("bind",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = Downcalls.withErrno("setsockopt",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDTO = Downcalls.withErrno("sendto",
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVFROM = Downcalls.withErrno("recvfrom",
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle IOCTL = Downcalls.variadicWithErrno("ioctl",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    private static final MethodHandle CLOSE = Downcalls.withErrno("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private SocketCalls() {
    }

    static int socket(final MemorySegment capture, final int domain, final int type, final int protocol) {
        try {
            return (int) SOCKET.invokeExact(capture, domain, type, protocol);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int bind(final MemorySegment capture, final int fd, final MemorySegment address) {
        try {
            return (int) BIND.invokeExact(capture, fd, address, (int) address.byteSize());
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int setOption(final MemorySegment capture, final int fd, final int level, final int option,
                         final MemorySegment value) {
        try {
            return (int) SETSOCKOPT.invokeExact(capture, fd, level, option, value, (int) value.byteSize());
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static long send(final MemorySegment capture, final int fd, final MemorySegment message,
                     final MemorySegment address) {
        try {
            return (long) SENDTO.invokeExact(capture, fd, message, message.byteSize(), 0, address,
                (int) address.byteSize());
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static long receive(final MemorySegment capture, final int fd, final MemorySegment into, final int flags,
                        final MemorySegment address, final MemorySegment addressBytes) {
        try {
            return (long) RECVFROM.invokeExact(capture, fd, into, into.byteSize(), flags, address, addressBytes);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int ioctl(final MemorySegment capture, final int fd, final long request, final MemorySegment argument) {
        try {
            return (int) IOCTL.invokeExact(capture, fd, request, argument);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int close(final MemorySegment capture, final int fd) {
        try {
            return (int) CLOSE.invokeExact(capture, fd);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }
}
