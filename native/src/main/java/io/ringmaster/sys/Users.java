package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Users of this machine, from wherever it keeps them (getpwnam(3)). Any thread. */
public final class Users {
    private static final MethodHandle GETPWNAM_R = Downcalls.withErrno("getpwnam_r",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    // struct passwd of the C library (pwd.h): two pointers, then the user's number.
    private static final long PASSWD_BYTES = 48;
    private static final long UID_OFFSET = 16;
    private static final int STRINGS_BYTES = 16 << 10;
    private static final long UNSIGNED = 0xffff_ffffL;

    private Users() {
    }

    /**
     * The number of a user.
     *
     * @param name as {@code id -un} prints it, or the number itself for a user without a name.
     * @return 0 to 2³² - 1, or -1 if there is no such user.
     */
    public static long id(final String name) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment text = arena.allocateFrom(name);
            final MemorySegment entry = arena.allocate(PASSWD_BYTES, Long.BYTES);
            final MemorySegment strings = arena.allocate(STRINGS_BYTES);
            final MemorySegment found = arena.allocate(ADDRESS);
            final long error = Libc.run(errno ->
                (int) GETPWNAM_R.invokeExact(errno, text, entry, strings, (long) STRINGS_BYTES, found));
            if (error == 0 && found.get(ADDRESS, 0).address() != 0) {
                return entry.get(JAVA_INT, UID_OFFSET) & UNSIGNED;
            }
        }
        return name.matches("[0-9]{1,10}") ? Long.parseLong(name) : -1;
    }
}
