package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * How much memory this process may pin (RLIMIT_MEMLOCK). A UMEM counts against it unless CAP_IPC_LOCK is held, and on
 * kernels before 5.11 BPF maps do, whoever asks.
 */
public final class LockedMemory {
    /** No limit at all. */
    public static final long UNLIMITED = -1;
    static final int RLIMIT_MEMLOCK = 8; // include/uapi/asm-generic/resource.h
    private static final MethodHandle GET = Downcalls.withErrno("getrlimit",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SET = Downcalls.withErrno("setrlimit",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    private LockedMemory() {
    }

    /** The limit in force, in bytes, or {@link #UNLIMITED}. */
    public static long limitBytes() {
        return read(0);
    }

    /** Raises the limit as far as this process may, and tells what it is now. */
    public static long raise() {
        if (limitBytes() != UNLIMITED && set(UNLIMITED, UNLIMITED) < 0) {
            final long hard = read(8);
            set(hard, hard);
        }
        return limitBytes();
    }

    /**
     * Raises the limit and refuses, in one sentence, if that is not enough to pin a UMEM.
     *
     * @param bytes   to be pinned.
     * @param purpose what for: "the packet memory of 16,384 frames".
     */
    public static void require(final long bytes, final String purpose) {
        final long limit = raise();
        if (!Capability.CAP_IPC_LOCK.held()) {
            requireWithin(limit, bytes, purpose);
        }
    }

    static void requireWithin(final long limitBytes, final long bytes, final String purpose) {
        if (limitBytes != UNLIMITED && limitBytes < bytes) {
            throw new IllegalStateException("Could not pin " + purpose + ": it takes " + (bytes >> 10)
                + " KB of locked memory and this process may lock " + (limitBytes >> 10) + " KB; raise it with"
                + " \"ulimit -l " + (bytes + 1023 >> 10) + "\" (systemd: LimitMEMLOCK) or grant CAP_IPC_LOCK.");
        }
    }

    // struct rlimit { unsigned long rlim_cur, rlim_max; }
    private static long read(final long offset) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment pair = arena.allocate(16, 8);
            final long result = Libc.run(errno -> (int) GET.invokeExact(errno, RLIMIT_MEMLOCK, pair));
            if (result < 0) {
                throw new SystemCallException("read the limit of locked memory", (int) -result);
            }
            return pair.get(JAVA_LONG, offset);
        }
    }

    private static long set(final long current, final long hard) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment pair = arena.allocateFrom(JAVA_LONG, current, hard);
            return Libc.run(errno -> (int) SET.invokeExact(errno, RLIMIT_MEMLOCK, pair));
        }
    }
}
