package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Downcalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of libbpf.so.1 that this product uses (libbpf 1.1, bpf/libbpf.h and bpf/bpf.h). Each answers 0 or more,
 * or an error number negated. Any thread may call them; what they act on has its owner. {@link LibbpfLibrary#find}
 * comes first, for its message.
 */
final class Libbpf {
    private static final SymbolLookup LIBRARY = LibbpfLibrary.find();
    private static final MethodHandle OPEN_MEM = Downcalls.withErrno(LIBRARY, "bpf_object__open_mem",
        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle LOAD = intOf("bpf_object__load", ADDRESS);
    private static final MethodHandle CLOSE = Downcalls.plain(LIBRARY, "bpf_object__close",
        FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle FIND_MAP = find("bpf_object__find_map_by_name");
    private static final MethodHandle FIND_PROGRAM = find("bpf_object__find_program_by_name");
    private static final MethodHandle MAP_FD = intOf("bpf_map__fd", ADDRESS);
    private static final MethodHandle PROGRAM_FD = intOf("bpf_program__fd", ADDRESS);
    private static final MethodHandle SET_MAX_ENTRIES = intOf("bpf_map__set_max_entries", ADDRESS, JAVA_INT);
    private static final MethodHandle REUSE_FD = intOf("bpf_map__reuse_fd", ADDRESS, JAVA_INT);
    private static final MethodHandle SET_INITIAL_VALUE = intOf("bpf_map__set_initial_value", ADDRESS, ADDRESS,
        JAVA_LONG);
    private static final MethodHandle UPDATE = intOf("bpf_map_update_elem", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle LOOKUP = intOf("bpf_map_lookup_elem", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle DELETE = intOf("bpf_map_delete_elem", JAVA_INT, ADDRESS);
    private static final MethodHandle LINK_CREATE = intOf("bpf_link_create", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle TEST_RUN = intOf("bpf_prog_test_run_opts", JAVA_INT, ADDRESS);
    private static final MethodHandle POSSIBLE_CPUS = intOf("libbpf_num_possible_cpus");
    private static final MethodHandle SET_PRINT = Downcalls.plain(LIBRARY, "libbpf_set_print",
        FunctionDescriptor.of(ADDRESS, ADDRESS));

    private Libbpf() {
    }

    private static MethodHandle intOf(final String function, final MemoryLayout... arguments) {
        return Downcalls.plain(LIBRARY, function, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle find(final String function) {
        return Downcalls.plain(LIBRARY, function, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    }

    /** A pointer to the parsed object, or an error number negated. */
    static long openMemory(final MemorySegment object, final MemorySegment options) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment errno = arena.allocate(Downcalls.captureLayout());
            final MemorySegment opened =
                (MemorySegment) OPEN_MEM.invokeExact(errno, object, object.byteSize(), options);
            return opened.address() == 0 ? -Downcalls.errno(errno) : opened.address();
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int load(final MemorySegment object) {
        try {
            return (int) LOAD.invokeExact(object);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static void close(final MemorySegment object) {
        try {
            CLOSE.invokeExact(object);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** The map of that name in an object, or a NULL pointer. */
    static MemorySegment findMap(final MemorySegment object, final String name) {
        return find(FIND_MAP, object, name);
    }

    /** The program of that name in an object, or a NULL pointer. */
    static MemorySegment findProgram(final MemorySegment object, final String name) {
        return find(FIND_PROGRAM, object, name);
    }

    private static MemorySegment find(final MethodHandle function, final MemorySegment object, final String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) function.invokeExact(object, arena.allocateFrom(name));
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int mapFd(final MemorySegment map) {
        try {
            return (int) MAP_FD.invokeExact(map);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int programFd(final MemorySegment program) {
        try {
            return (int) PROGRAM_FD.invokeExact(program);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Before the object is loaded. */
    static int setMaxEntries(final MemorySegment map, final int entries) {
        try {
            return (int) SET_MAX_ENTRIES.invokeExact(map, entries);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Before the object is loaded, which then has this map in place of one of its own. */
    static int reuseFd(final MemorySegment map, final int fd) {
        try {
            return (int) REUSE_FD.invokeExact(map, fd);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Before the object is loaded; the size must be that of the map's value. */
    static int setInitialValue(final MemorySegment map, final MemorySegment value) {
        try {
            return (int) SET_INITIAL_VALUE.invokeExact(map, value, value.byteSize());
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int update(final int mapFd, final MemorySegment key, final MemorySegment value) {
        try {
            return (int) UPDATE.invokeExact(mapFd, key, value, 0L);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Value: of a per-CPU map, one after the other for each possible CPU, each rounded up to 8 bytes. */
    static int lookup(final int mapFd, final MemorySegment key, final MemorySegment value) {
        try {
            return (int) LOOKUP.invokeExact(mapFd, key, value);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int delete(final int mapFd, final MemorySegment key) {
        try {
            return (int) DELETE.invokeExact(mapFd, key);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Descriptor of a new link. */
    static int linkCreate(final int programFd, final int target, final int attachType, final MemorySegment options) {
        try {
            return (int) LINK_CREATE.invokeExact(programFd, target, attachType, options);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int testRun(final int programFd, final MemorySegment options) {
        try {
            return (int) TEST_RUN.invokeExact(programFd, options);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** How many values a per-CPU map has for each key: CPUs that may ever be there, not those that are. */
    static int possibleCpus() {
        try {
            return (int) POSSIBLE_CPUS.invokeExact();
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Sends what the library has to say to a function: int (*)(enum libbpf_print_level, const char *, va_list). */
    static void setPrint(final MemorySegment function) {
        try {
            final MemorySegment before = (MemorySegment) SET_PRINT.invokeExact(function);
            assert before != null;
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }
}
