package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A map of a loaded object. Any thread may use it; the kernel makes each change whole. */
final class BpfMap {
    private final String name;
    private final int fd;

    BpfMap(final String name, final int fd) {
        this.name = name;
        this.fd = fd;
    }

    /** Its descriptor, valid as long as the object is. */
    int fd() {
        return fd;
    }

    /**
     * Sets one entry.
     *
     * @param what the entry in words, for the message: "service tcp 10.0.0.1:80".
     * @throws SystemCallException if the map is full or the kernel refuses.
     */
    void put(final MemorySegment key, final MemorySegment value, final String what) {
        final int result = Libbpf.update(fd, key, value);
        if (result == -Errno.E2BIG) {
            throw new SystemCallException("enter " + what + " into the XDP program's map " + name, -result,
                "The map is full.");
        }
        if (result < 0) {
            throw new SystemCallException("enter " + what + " into the XDP program's map " + name, -result);
        }
    }

    /** Removes one entry; one that is not there is no error. */
    void remove(final MemorySegment key, final String what) {
        final int result = Libbpf.delete(fd, key);
        if (result < 0 && result != -Errno.ENOENT) {
            throw new SystemCallException("remove " + what + " from the XDP program's map " + name, -result);
        }
    }

    /**
     * Sums over all CPUs the longs that an entry of a per-CPU array consists of.
     *
     * @param index the entry.
     * @param longs how many longs it has.
     */
    long[] sum(final int index, final int longs) {
        final int cpus = Libbpf.possibleCpus();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment key = arena.allocateFrom(JAVA_INT, index);
            final MemorySegment values = arena.allocate((long) cpus * longs * Long.BYTES, Long.BYTES);
            final int result = Libbpf.lookup(fd, key, values);
            if (result < 0) {
                throw new SystemCallException("read entry " + index + " of the XDP program's map " + name, -result);
            }
            final long[] sums = new long[longs];
            for (int i = 0; i < cpus * longs; i++) {
                sums[i % longs] += values.getAtIndex(JAVA_LONG, i);
            }
            return sums;
        }
    }
}
