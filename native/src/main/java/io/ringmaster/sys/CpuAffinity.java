package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;
import java.util.stream.Collectors;

/** Which cores a thread may run on (sched_setaffinity(2)). */
public final class CpuAffinity {
    private static final int MASK_BYTES = 1024; // 8,192 cores, the most that Linux can be built for
    private static final MethodHandle SET = Downcalls.withErrno("sched_setaffinity",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GET = Downcalls.withErrno("sched_getaffinity",
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

    private CpuAffinity() {
    }

    /** The cores this process may use: those of its first thread, which the virtual machine leaves alone. */
    public static BitSet allowed() {
        return of((int) ProcessHandle.current().pid());
    }

    /** The cores that the calling thread may use now. */
    public static BitSet ofThisThread() {
        return of(0);
    }

    /**
     * Checks that a thread of this process can be pinned to a core.
     *
     * @throws IllegalArgumentException in one sentence that names the cores that can be had.
     */
    public static void check(final int cpu) {
        final BitSet allowed = allowed();
        if (cpu < 0 || !allowed.get(cpu)) {
            throw new IllegalArgumentException("Core " + cpu + " does not exist or is not open to this process; it may"
                + " use " + describe(allowed) + ".");
        }
    }

    /**
     * Leaves one core to the calling platform thread.
     *
     * @throws IllegalArgumentException if the core does not exist or this process may not use it.
     */
    public static void pinThisThread(final int cpu) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("Could not pin a virtual thread to core " + cpu
                + ": it has no core of its own; use a platform thread.");
        }
        check(cpu);
        final BitSet one = new BitSet();
        one.set(cpu);
        setThisThread(one);
    }

    /** Opens several cores to the calling thread, as {@link #ofThisThread} told them before. */
    public static void setThisThread(final BitSet cpus) {
        final byte[] bits = cpus.toByteArray();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            MemorySegment.copy(bits, 0, mask, ValueLayout.JAVA_BYTE, 0, bits.length);
            final long result = Libc.run(errno -> (int) SET.invokeExact(errno, 0, (long) MASK_BYTES, mask));
            if (result < 0) {
                throw new SystemCallException("keep a thread on " + describe(cpus), (int) -result);
            }
        }
    }

    /** Words for a set of cores: {@code cores 0-3,8}. */
    public static String describe(final BitSet cpus) {
        final String ranges = cpus.stream()
            .filter(cpu -> cpu == 0 || !cpus.get(cpu - 1))
            .mapToObj(first -> {
                final int last = cpus.nextClearBit(first) - 1;
                return first == last ? "" + first : first + "-" + last;
            })
            .collect(Collectors.joining(","));
        return (cpus.cardinality() == 1 ? "core " : "cores ") + (ranges.isEmpty() ? "none" : ranges);
    }

    private static BitSet of(final int threadId) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            final long result = Libc.run(errno -> (int) GET.invokeExact(errno, threadId, (long) MASK_BYTES, mask));
            if (result < 0) {
                throw new SystemCallException("read the cores of thread " + threadId, (int) -result);
            }
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
