package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls this product needs outside the packet path. Each answers as the kernel does: a result of zero or
 * more, or the error number negated; callers turn that into a sentence. Every call may be made by any thread.
 */
public final class Libc {
    /** Open for reading (include/uapi/asm-generic/fcntl.h). */
    public static final int O_RDONLY = 0;
    /** Close in programs that this one starts. */
    public static final int O_CLOEXEC = 0x80000;
    /** There is something to read (include/uapi/asm-generic/poll.h). */
    public static final int POLLIN = 1;
    /** Give up instead of waiting (include/linux/socket.h). */
    public static final int MSG_DONTWAIT = 0x40;
    /** Tell the real length of a datagram, also of a cut one. */
    public static final int MSG_TRUNC = 0x20;
    private static final MethodHandle OPEN = Downcalls.variadicWithErrno("open",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    private static final MethodHandle CLOSE = Downcalls.withErrno("close",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = Downcalls.withErrno("setns",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKET = Downcalls.withErrno("socket",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = Downcalls.withErrno("bind",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = Downcalls.withErrno("setsockopt",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT = Downcalls.withErrno("getsockopt",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SENDTO = Downcalls.withErrno("sendto",
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVFROM = Downcalls.withErrno("recvfrom",
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle POLL = Downcalls.withErrno("poll",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL = Downcalls.variadicWithErrno("ioctl",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    private static final MethodHandle NAME_TO_INDEX = Downcalls.withErrno("if_nametoindex",
        FunctionDescriptor.of(JAVA_INT, ADDRESS));

    private Libc() {
    }

    /** A C function waiting for the memory that takes its errno. */
    interface Invocation {
        long with(MemorySegment capture) throws Throwable;
    }

    /** Runs one call: its result, or its errno negated where it answered -1. */
    static long run(final Invocation call) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment capture = arena.allocate(Downcalls.captureLayout());
            final long result = call.with(capture);
            return result == -1 ? -Downcalls.errno(capture) : result;
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** A descriptor of the file, or an error number negated. */
    public static int open(final String path, final int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment name = arena.allocateFrom(path);
            return (int) run(errno -> (int) OPEN.invokeExact(errno, name, flags));
        }
    }

    /** Gives a descriptor back. */
    public static int close(final int fd) {
        return (int) run(errno -> (int) CLOSE.invokeExact(errno, fd));
    }

    /** Moves the calling thread into the namespace behind a descriptor; type 0 takes any. */
    public static int setns(final int fd, final int type) {
        return (int) run(errno -> (int) SETNS.invokeExact(errno, fd, type));
    }

    /** A new socket's descriptor. */
    public static int socket(final int family, final int type, final int protocol) {
        return (int) run(errno -> (int) SOCKET.invokeExact(errno, family, type, protocol));
    }

    /** Binds a socket to the address in native memory, whose size is that of the segment. */
    public static int bind(final int fd, final MemorySegment address) {
        return (int) run(errno -> (int) BIND.invokeExact(errno, fd, address, (int) address.byteSize()));
    }

    /** Sets an option to the bytes of a native segment. */
    public static int setsockopt(final int fd, final int level, final int option, final MemorySegment value) {
        return (int) run(errno ->
            (int) SETSOCKOPT.invokeExact(errno, fd, level, option, value, (int) value.byteSize()));
    }

    /** Sets an option of type int. */
    public static int setsockopt(final int fd, final int level, final int option, final int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(fd, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** Reads an option into a native segment; the answer is the length that the kernel filled. */
    public static int getsockopt(final int fd, final int level, final int option, final MemorySegment into) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment length = arena.allocateFrom(JAVA_INT, (int) into.byteSize());
            final int result = (int) run(errno ->
                (int) GETSOCKOPT.invokeExact(errno, fd, level, option, into, length));
            return result < 0 ? result : length.get(JAVA_INT, 0);
        }
    }

    /** Sends the bytes of a native segment; the address may be {@link MemorySegment#NULL}. */
    public static long sendto(final int fd, final MemorySegment bytes, final int flags, final MemorySegment address) {
        return run(errno ->
            (long) SENDTO.invokeExact(errno, fd, bytes, bytes.byteSize(), flags, address, (int) address.byteSize()));
    }

    /** Receives into a native segment; the sender's address is written where it fits, unless that is NULL. */
    public static long recvfrom(final int fd, final MemorySegment into, final int flags, final MemorySegment sender) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment length = sender.address() == 0 ? MemorySegment.NULL
                : arena.allocateFrom(JAVA_INT, (int) sender.byteSize());
            return run(errno ->
                (long) RECVFROM.invokeExact(errno, fd, into, into.byteSize(), flags, sender, length));
        }
    }

    /** Waits until one descriptor has an event: 1; 0 when the time (negative: no limit) is over; or an error. */
    public static int poll(final int fd, final int events, final int timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment one = arena.allocate(8, 4);
            one.set(JAVA_INT, 0, fd);
            one.set(JAVA_SHORT, 4, (short) events);
            return (int) run(errno -> (int) POLL.invokeExact(errno, one, 1L, timeoutMs));
        }
    }

    /** An ioctl whose argument is a pointer. */
    public static int ioctl(final int fd, final long request, final MemorySegment argument) {
        return (int) run(errno -> (int) IOCTL.invokeExact(errno, fd, request, argument));
    }

    /** Number of the interface with this name in the calling thread's network namespace, or an error negated. */
    public static int interfaceIndex(final String name) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment text = arena.allocateFrom(name);
            final long index = run(errno -> {
                final int found = (int) NAME_TO_INDEX.invokeExact(errno, text);
                return found == 0 ? -1 : found;
            });
            return (int) index;
        }
    }
}
