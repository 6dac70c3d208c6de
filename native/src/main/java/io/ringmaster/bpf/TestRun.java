package io.ringmaster.bpf;

import static io.ringmaster.bpf.LibbpfOptions.TEST_RUN;
import static io.ringmaster.bpf.LibbpfOptions.XDP_MD;
import static io.ringmaster.bpf.LibbpfOptions.offset;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringmaster.sys.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Runs an XDP program on a packet of ours (BPF_PROG_TEST_RUN): dry, for its verdict, or live, where the kernel does
 * with the packet what the verdict says, as if it had come in by an interface. Owned by one thread; all memory is made
 * at the start, so that giving packets back allocates nothing.
 */
final class TestRun implements AutoCloseable {
    /** An Ethernet header. */
    static final int LEAST_BYTES = 14;
    /** More than the kernel takes: a page less headroom and its own bookkeeping, about 3,500 bytes. */
    static final int MOST_BYTES = 4096;
    static final int LIVE_FRAMES = 1 << 1; // BPF_F_TEST_XDP_LIVE_FRAMES, kernel 5.18
    private static final int MOST_BATCH = 256; // TEST_XDP_MAX_BATCH of net/bpf/test_run.c
    private static final long FLAGS = offset(TEST_RUN, "flags");
    private static final long REPEAT = offset(TEST_RUN, "repeat");
    private static final long BATCH_SIZE = offset(TEST_RUN, "batch_size");
    private static final long DATA_SIZE_IN = offset(TEST_RUN, "data_size_in");
    private static final long DATA_SIZE_OUT = offset(TEST_RUN, "data_size_out");
    private static final long DATA_OUT = offset(TEST_RUN, "data_out");
    private static final long RETURNED = offset(TEST_RUN, "retval");
    private static final long DATA_END = offset(XDP_MD, "data_end");
    private static final long INGRESS = offset(XDP_MD, "ingress_ifindex");
    private static final long QUEUE = offset(XDP_MD, "rx_queue_index");

    private final int programFd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment options;
    private final MemorySegment context;
    private final MemorySegment data;

    TestRun(final int programFd) {
        this.programFd = programFd;
        options = LibbpfOptions.allocate(arena, TEST_RUN);
        context = arena.allocate(XDP_MD);
        data = arena.allocate(MOST_BYTES, 8);
        options.set(ADDRESS, offset(TEST_RUN, "data_in"), data);
        options.set(ADDRESS, offset(TEST_RUN, "ctx_in"), context);
        options.set(JAVA_INT, offset(TEST_RUN, "ctx_size_in"), (int) XDP_MD.byteSize());
        options.set(JAVA_INT, REPEAT, 1);
    }

    /** Where the packet is put, from offset 0 on, before a run. */
    MemorySegment data() {
        return data;
    }

    /**
     * Lets the kernel take the first bytes of {@link #data} as a frame that came in, by the program's verdict.
     *
     * @return 0, or an error number.
     */
    int live(final int interfaceIndex, final int queue, final int lengthBytes) {
        return -run(interfaceIndex, queue, lengthBytes, LIVE_FRAMES);
    }

    /** As the other, for the same frame a number of times, 64 of them at once. */
    int live(final int interfaceIndex, final int queue, final int lengthBytes, final int frames) {
        options.set(JAVA_INT, REPEAT, frames);
        final int result = live(interfaceIndex, queue, lengthBytes);
        options.set(JAVA_INT, REPEAT, 1);
        return result;
    }

    /**
     * The program's verdict on the first bytes of {@link #data}; nothing happens to the packet.
     *
     * @param into takes the packet as the program left it, at most its size, or null.
     * @return the XDP action (0 to 4), or an error number negated.
     */
    int dry(final int interfaceIndex, final int queue, final int lengthBytes, final MemorySegment into) {
        options.set(ADDRESS, DATA_OUT, into == null ? MemorySegment.NULL : into);
        options.set(JAVA_INT, DATA_SIZE_OUT, into == null ? 0 : (int) into.byteSize());
        final int result = run(interfaceIndex, queue, lengthBytes, 0);
        options.set(ADDRESS, DATA_OUT, MemorySegment.NULL); // a live run must have none
        return result < 0 ? result : options.get(JAVA_INT, RETURNED);
    }

    /** Bytes that the program left of the packet of the last dry run. */
    int lengthBytesOut() {
        return options.get(JAVA_INT, DATA_SIZE_OUT);
    }

    private int run(final int interfaceIndex, final int queue, final int lengthBytes, final int flags) {
        options.set(JAVA_INT, FLAGS, flags);
        options.set(JAVA_INT, DATA_SIZE_IN, lengthBytes);
        if (flags != 0) {
            options.set(JAVA_INT, DATA_SIZE_OUT, 0);
        }
        context.set(JAVA_INT, DATA_END, lengthBytes);
        context.set(JAVA_INT, INGRESS, interfaceIndex);
        context.set(JAVA_INT, QUEUE, queue);
        return Libbpf.testRun(programFd, options);
    }

    /**
     * Whether the kernel knows live frames. It is asked for too large a batch: one that knows them says so (E2BIG), one
     * that does not finds the flag invalid; neither runs anything.
     */
    boolean liveSupported() {
        options.set(JAVA_INT, BATCH_SIZE, MOST_BATCH + 1);
        final int result = run(1, 0, 64, LIVE_FRAMES);
        options.set(JAVA_INT, BATCH_SIZE, 0);
        return result == -Errno.E2BIG;
    }

    @Override
    public void close() {
        arena.close();
    }
}
