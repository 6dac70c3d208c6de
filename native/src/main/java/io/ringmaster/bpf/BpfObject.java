package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One compiled object with its programs and maps: opened, adjusted, then loaded into the kernel, which forgets it when
 * it is closed and no link holds a program of it. One thread owns it.
 */
final class BpfObject implements AutoCloseable {
    /** What to do about EPERM. Packet pointers with a variable offset (IP options) are what CAP_PERFMON is for. */
    static final String PRIVILEGE = "This needs root, or the capabilities CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON.";
    private final String name;
    private final Arena arena = Arena.ofShared(); // the name that libbpf was given must live as long as the object
    private MemorySegment object;

    private BpfObject(final String name) {
        this.name = name;
    }

    /**
     * Parses an object.
     *
     * @param name  what the kernel and messages call it.
     * @param bytes the ELF file.
     * @throws IllegalStateException if libbpf is missing.
     * @throws SystemCallException   if it cannot read the bytes.
     */
    static BpfObject open(final String name, final byte[] bytes) {
        LibbpfLibrary.find();
        LibbpfMessages.capture();
        final BpfObject opened = new BpfObject(name);
        final MemorySegment options = LibbpfOptions.allocate(opened.arena, LibbpfOptions.OPEN);
        options.set(ADDRESS, LibbpfOptions.offset(LibbpfOptions.OPEN, "object_name"),
            opened.arena.allocateFrom(name));
        final MemorySegment file = opened.arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        final long pointer = Libbpf.openMemory(file, options);
        if (pointer < 0 && pointer > -4096) { // no pointer of user space is so near the end; see IS_ERR
            opened.arena.close();
            throw new SystemCallException("read the BPF object " + name, (int) -pointer, LibbpfMessages.tail());
        }
        opened.object = MemorySegment.ofAddress(pointer);
        return opened;
    }

    /** The bytes of a compiled object among the resources beside this class. */
    static byte[] resource(final String file) {
        try (InputStream in = BpfObject.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The BPF object " + file + " is not in the jar; build it with "
                    + "native/src/main/bpf/build.");
            }
            return in.readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException("Could not read the BPF object " + file + " from the jar.", e);
        }
    }

    /** Fixes the size of a map, before {@link #load}. */
    void setMaxEntries(final String map, final int entries) {
        check(Libbpf.setMaxEntries(findMap(map), entries), "give the map " + map + " room for " + entries);
    }

    /** Uses the map of another object that is loaded in place of one of its own, before {@link #load}. */
    void shareMap(final String map, final BpfObject owner) {
        check(Libbpf.reuseFd(findMap(map), owner.map(map).fd()), "share the map " + map);
    }

    /** Fixes the content of a section of constants, before {@link #load}. */
    void setInitialValue(final String section, final MemorySegment value) {
        check(Libbpf.setInitialValue(findMap(section), value), "set the " + value.byteSize() + " bytes of " + section);
    }

    private void check(final int result, final String tried) {
        if (result < 0) {
            throw new SystemCallException(tried + " of the BPF object " + name, -result, LibbpfMessages.tail());
        }
    }

    /**
     * Creates the maps and has the verifier read the programs.
     *
     * @throws SystemCallException with what to do, and with the end of the verifier's log if it was that.
     */
    void load() {
        LibbpfMessages.capture();
        final int result = Libbpf.load(object);
        // a verifier that may not let this process move packet pointers says so in its log
        if (result == -Errno.EPERM || result == -Errno.EACCES && LibbpfMessages.tail().contains("for !root")) {
            throw new SystemCallException("load the XDP program " + name + " into the kernel", -result, PRIVILEGE);
        }
        if (result < 0) {
            throw new SystemCallException("load the XDP program " + name + " into the kernel (5.10 or later is needed, "
                + "this is " + System.getProperty("os.version") + ")", -result,
                "libbpf says: " + LibbpfMessages.tail());
        }
    }

    private MemorySegment findMap(final String map) {
        return found(Libbpf.findMap(object, map), "map " + map);
    }

    private MemorySegment found(final MemorySegment pointer, final String what) {
        if (pointer.address() == 0) {
            throw new IllegalStateException("The BPF object " + name + " has no " + what
                + "; it is older than this program: build it with native/src/main/bpf/build.");
        }
        return pointer;
    }

    /** A map, after {@link #load}. */
    BpfMap map(final String map) {
        return new BpfMap(map, Libbpf.mapFd(findMap(map)));
    }

    /** Descriptor of a program, after {@link #load}; valid until this object is closed. */
    int programFd(final String program) {
        return Libbpf.programFd(found(Libbpf.findProgram(object, program), "program " + program));
    }

    @Override
    public void close() {
        if (object != null) {
            Libbpf.close(object);
            object = null;
            arena.close();
        }
    }
}
