package io.ringmaster.sys;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/** Error numbers of Linux (include/uapi/asm-generic/errno-base.h and errno.h) that the code asks for by name. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EOPNOTSUPP = 95;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ENOBUFS = 105;
    public static final int EHOSTUNREACH = 113;
    private static final Map<Integer, String> NAMES = Map.ofEntries(
        Map.entry(EPERM, "EPERM"), Map.entry(ENOENT, "ENOENT"), Map.entry(EINTR, "EINTR"),
        Map.entry(EAGAIN, "EAGAIN"), Map.entry(ENOMEM, "ENOMEM"), Map.entry(EACCES, "EACCES"),
        Map.entry(EBUSY, "EBUSY"), Map.entry(EEXIST, "EEXIST"), Map.entry(ENODEV, "ENODEV"),
        Map.entry(EINVAL, "EINVAL"), Map.entry(EOPNOTSUPP, "EOPNOTSUPP"), Map.entry(ENETDOWN, "ENETDOWN"),
        Map.entry(ENETUNREACH, "ENETUNREACH"), Map.entry(ENOBUFS, "ENOBUFS"),
        Map.entry(EHOSTUNREACH, "EHOSTUNREACH"));
    private static final MethodHandle STRERROR = Downcalls.plain(Linker.nativeLinker().defaultLookup(), "strerror",
        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private Errno() {
    }

    /** The C library's sentence for an error with its symbol: {@code Device or resource busy (EBUSY)}. */
    public static String describe(final int errno) {
        final String symbol = NAMES.getOrDefault(errno, "errno " + errno);
        try {
            return Downcalls.string((MemorySegment) STRERROR.invokeExact(errno)) + " (" + symbol + ")";
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }
}
