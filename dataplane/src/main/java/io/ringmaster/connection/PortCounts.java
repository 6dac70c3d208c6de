package io.ringmaster.connection;

import io.ringmaster.bpf.XdpMaps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * How many data connections there are by each port that they have at their service or at its real server: by these the
 * XDP program knows which packets it has to take, at the very moment at which a worker has made one, since it reads the
 * same memory (data_ports in maps.h). A long for each port but 0 in this machine's byte order. Shared; every change is
 * one atomic addition.
 */
public final class PortCounts {
    /** Bytes of all counts. */
    public static final long BYTES = XdpMaps.DATA_PORTS_BYTES;
    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;

    /**
     * Counts in given memory.
     *
     * @param memory at least {@link #BYTES}, aligned to 8, zero.
     */
    public PortCounts(final MemorySegment memory) {
        this.memory = memory;
    }

    /** Adds to the count of a port, 1 to 65,535. */
    public void add(final int port, final int change) {
        final long unused = (long) COUNT.getAndAdd(memory, (long) port * Long.BYTES, (long) change);
    }

    /** The count of a port as it is now. */
    public long count(final int port) {
        return (long) COUNT.getVolatile(memory, (long) port * Long.BYTES);
    }
}
