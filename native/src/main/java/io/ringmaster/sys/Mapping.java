package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory from mmap(2): page-aligned, zero, all of it present from the start, so that a machine with too little says so
 * here and not in the middle of traffic. Any thread may use it; the one that closes it must be the last one to touch
 * it, a later access throws IllegalStateException.
 */
public final class Mapping implements AutoCloseable {
    /** Size of the pages that are tried first, in bytes. */
    public static final long HUGE_PAGE_BYTES = 2 << 20;
    private static final long PAGE_BYTES = 4096;
    // include/uapi/asm-generic/mman-common.h, mman.h and hugetlb_encode.h
    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_POPULATE = 0x8000;
    static final int MAP_HUGETLB = 0x40000;
    static final int MAP_HUGE_2MB = 21 << 26;
    static final int MADV_HUGEPAGE = 14;
    static final int MADV_POPULATE_WRITE = 23;
    private static final Path TRANSPARENT = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final MethodHandle MMAP = Downcalls.withErrno("mmap",
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = Downcalls.withErrno("munmap",
        FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE = Downcalls.withErrno("madvise",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private final Arena arena;
    private final MemorySegment segment;
    private final Pages pages;

    /** What stands behind the memory; each has words for a person. */
    public enum Pages {
        RESERVED_HUGE("reserved 2 MB pages"),
        TRANSPARENT_HUGE("transparent 2 MB pages"),
        SMALL("4 KB pages");

        private final String words;

        Pages(final String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    @SuppressWarnings("restricted")
    private Mapping(final long address, final long bytes, final long mappedBytes, final Pages pages) {
        this.arena = Arena.ofShared();
        this.segment = MemorySegment.ofAddress(address).reinterpret(bytes, arena, gone -> unmap(address, mappedBytes));
        this.pages = pages;
    }

    /**
     * Memory of this process alone.
     *
     * @param bytes        how much, at least 1; the mapping is rounded up to whole pages, the segment is not.
     * @param tryHugePages whether 2 MB pages are tried: reserved ones, then transparent ones, then small ones do.
     * @throws SystemCallException if there is not that much.
     */
    public static Mapping allocate(final long bytes, final boolean tryHugePages) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("Could not map " + bytes + " bytes of memory: at least 1 is needed.");
        }
        final boolean large = tryHugePages && bytes >= HUGE_PAGE_BYTES;
        if (large) {
            final long rounded = roundUp(bytes, HUGE_PAGE_BYTES);
            final long address = map(rounded, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_HUGETLB | MAP_HUGE_2MB,
                -1, 0);
            if (!failed(address)) {
                return new Mapping(address, bytes, rounded, Pages.RESERVED_HUGE);
            }
        }
        return allocateOrdinary(bytes, large);
    }

    /**
     * A part of what a descriptor offers, shared with the kernel, as the rings of a socket are.
     *
     * @param what   words for the error: "the RX ring of eth0 queue 0".
     * @param offset a multiple of the page size.
     */
    public static Mapping ofDescriptor(final String what, final int fd, final long offset, final long bytes) {
        final long rounded = roundUp(bytes, PAGE_BYTES);
        final long address = map(rounded, MAP_SHARED | MAP_POPULATE, fd, offset);
        if (failed(address)) {
            throw new SystemCallException("map " + what + " (" + bytes + " bytes)", (int) -address);
        }
        return new Mapping(address, bytes, rounded, Pages.SMALL);
    }

    /** Where it begins. */
    public long address() {
        return segment.address();
    }

    /** All of it, alive until {@link #close}. */
    public MemorySegment segment() {
        return segment;
    }

    /** What it got. */
    public Pages pages() {
        return pages;
    }

    /** Whether it lies in pages of 2 MB. */
    public boolean hugePages() {
        return pages != Pages.SMALL;
    }

    /** Gives the memory back; further accesses throw. A second call does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static Mapping allocateOrdinary(final long bytes, final boolean large) {
        // Transparent huge pages need an address that is a multiple of theirs: map more, give the ends back.
        final long unit = large ? HUGE_PAGE_BYTES : PAGE_BYTES;
        final long rounded = roundUp(bytes, unit);
        final long spare = large ? HUGE_PAGE_BYTES : 0;
        final long start = map(rounded + spare, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (failed(start)) {
            throw tooLittle(bytes, (int) -start);
        }
        final long address = roundUp(start, unit);
        if (address > start) {
            unmap(start, address - start);
        }
        if (start + spare > address) {
            unmap(address + rounded, start + spare - address);
        }
        final MemorySegment all = Downcalls.at(address, rounded);
        final boolean huge = large && transparentHugePages() && advise(all, MADV_HUGEPAGE) == 0;
        final int populated = advise(all, MADV_POPULATE_WRITE);
        if (populated == -Errno.EINVAL) { // kernel before 5.14
            touch(all);
        } else if (populated < 0) {
            unmap(address, rounded);
            throw tooLittle(bytes, -populated);
        }
        return new Mapping(address, bytes, rounded, huge ? Pages.TRANSPARENT_HUGE : Pages.SMALL);
    }

    private static SystemCallException tooLittle(final long bytes, final int errno) {
        return new SystemCallException("get " + (bytes + (1 << 20) - 1 >> 20) + " MB of memory", errno,
            "The machine or this process's limits allow less.");
    }

    private static void touch(final MemorySegment all) {
        for (long at = 0; at < all.byteSize(); at += PAGE_BYTES) {
            all.set(JAVA_BYTE, at, (byte) 0);
        }
    }

    private static boolean transparentHugePages() {
        try {
            return !Files.readString(TRANSPARENT).contains("[never]");
        } catch (final IOException e) {
            return false; // a kernel without them has no such file
        }
    }

    // An errno is at most 4095, and no mapping lies in the last page.
    private static boolean failed(final long address) {
        return address < 0 && address > -4096;
    }

    private static long roundUp(final long value, final long unit) {
        return value + unit - 1 & -unit;
    }

    private static long map(final long bytes, final int flags, final int fd, final long offset) {
        return Libc.run(errno -> (long) MMAP.invokeExact(errno, 0L, bytes, PROT_READ_WRITE, flags, fd, offset));
    }

    private static void unmap(final long address, final long bytes) {
        Libc.run(errno -> (int) MUNMAP.invokeExact(errno, address, bytes));
    }

    private static int advise(final MemorySegment all, final int advice) {
        return (int) Libc.run(errno -> (int) MADVISE.invokeExact(errno, all, all.byteSize(), advice));
    }
}
