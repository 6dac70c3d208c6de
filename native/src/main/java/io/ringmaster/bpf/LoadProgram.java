package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Mapping;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Load for measurements and what counts it at its end: XDP programs of {@code bench.bpf.c}. The generator's thread
 * alone calls {@link #generate}; all else belongs to the thread that loaded it, and counters may be read by any.
 * Interface numbers are those of the network namespace that the calling thread is in.
 */
public final class LoadProgram implements AutoCloseable {
    private static final int GENERATED_LONGS = 2;
    private static final int GENERATED_PACKETS = 1;
    private static final int RECEIVED_LONGS = 2;
    private static final int RECEIVED_EXPECTED = 0;
    private static final int RECEIVED_OTHERS = 1;

    private final BpfObject object;
    private final LoadSettings settings;
    private final BpfMap generated;
    private final BpfMap stopped;
    private final BpfMap received;
    private final BpfMap arrivals;
    private final TestRun run;

    private LoadProgram(final BpfObject object, final LoadSettings settings) {
        this.object = object;
        this.settings = settings;
        generated = object.map("generated");
        stopped = object.map("stopped");
        received = object.map("received");
        arrivals = object.map("arrivals");
        run = new TestRun(object.programFd("generate"));
    }

    /**
     * Loads the programs into the kernel; they do nothing yet.
     *
     * @throws IllegalStateException                 if libbpf.so.1 is missing; the message names the package.
     * @throws io.ringmaster.sys.SystemCallException if the kernel refuses: no privilege, too old.
     */
    public static LoadProgram load(final LoadSettings settings) {
        final BpfObject object = BpfObject.open("bench", BpfObject.resource("bench.bpf.o"));
        try (Arena arena = Arena.ofConfined()) {
            object.setMaxEntries("arrivals", Math.max(1, settings.arrivals()));
            object.setInitialValue(".rodata", settings.toMemory(arena));
            object.load();
            return new LoadProgram(object, settings);
        } catch (final RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** Whether this kernel can generate: since 5.18. */
    public boolean generateSupported() {
        return run.liveSupported();
    }

    /**
     * Sends packets out by an interface, those of the next connections in order, on this thread's core; returns when
     * all are sent, earlier after {@link #stop} or a signal. Let each call send many: the kernel changes its own code
     * before and after, and waits some 10 ms for all cores to have seen it.
     *
     * @param interfaceIndex a veth whose other end has a NAPI (XDP program or GRO): one that takes XDP frames.
     * @param packets        how many, at least 1.
     * @return 0, or an error number.
     */
    public int generate(final int interfaceIndex, final int packets) {
        return run.live(interfaceIndex, 0, settings.frameBytes(), packets);
    }

    /** Ends {@link #generate} within a tenth of a second or so; any thread. */
    public void stop() {
        setStopped(1);
    }

    /** Lets it send again. */
    public void allow() {
        setStopped(0);
    }

    private void setStopped(final int value) {
        try (Arena arena = Arena.ofConfined()) {
            stopped.put(arena.allocateFrom(JAVA_INT, 0), arena.allocateFrom(JAVA_INT, value), "whether to send");
        }
    }

    /** What {@link #generate} sends next, without sending it: for tests. */
    byte[] next() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment packet = arena.allocate(settings.frameBytes());
            final int verdict = run.dry(1, 0, settings.frameBytes(), packet);
            if (verdict < 0) {
                throw new SystemCallException("run the load program", -verdict);
            }
            return packet.toArray(JAVA_BYTE);
        }
    }

    /** Counts at an interface what comes and drops it, until the attachment is closed. */
    public DirectorProgram.Attachment count(final int interfaceIndex, final String name) {
        return XdpLink.attach(object.programFd("count"), interfaceIndex, name);
    }

    /** As {@link #count}, and notes when each timed packet came. */
    public DirectorProgram.Attachment arrive(final int interfaceIndex, final String name) {
        return XdpLink.attach(object.programFd("arrive"), interfaceIndex, name);
    }

    /** Packets generated so far. */
    public long generated() {
        return generated.sum(0, GENERATED_LONGS)[GENERATED_PACKETS];
    }

    /** Packets that came to the end as they should. */
    public long received() {
        return received.sum(0, RECEIVED_LONGS)[RECEIVED_EXPECTED];
    }

    /** Others that came to the end: with another destination or protocol than was expected. */
    public long others() {
        return received.sum(0, RECEIVED_LONGS)[RECEIVED_OTHERS];
    }

    /**
     * Nanoseconds from the time that each timed packet was to be sent until it arrived, by its number; 0 for one that
     * has not come. A copy; the memory is cleared for the next packets.
     */
    public long[] takeArrivals() {
        final long bytes = (long) settings.arrivals() * Long.BYTES;
        try (Mapping mapping = Mapping.ofDescriptor("the arrivals of packets", arrivals.fd(), 0, bytes)) {
            final long[] taken = mapping.segment().toArray(JAVA_LONG);
            mapping.segment().fill((byte) 0);
            return taken;
        }
    }

    /** Frees programs and maps, unless an attachment still holds them. */
    @Override
    public void close() {
        run.close();
        object.close();
    }
}
