package io.ringmaster.bpf;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The director's XDP program once more, with the same maps but for its counters: so it can be asked what it would do
 * with a frame, and nothing is counted as if the frame had come. Any thread, one at a time; interface numbers are those
 * of the network namespace that the calling thread is in.
 */
public final class XdpQuestion implements AutoCloseable {
    /** The maps that are the same as the attached program's: all but the counters, and memory of one run. */
    static final String[] SHARED_MAPS = {"sockets", "macs", "vlans", "services", "replies", "data_ports",
        "local_addresses", "tunnel_servers", "mark_filters", "mark_count"};
    private static final int PASS = 2; // XDP_PASS
    private static final int REDIRECT = 4; // XDP_REDIRECT

    private final BpfObject object;
    private final BpfMap counters;
    private final TestRun run;

    /** Takes the object over, which is loaded. */
    XdpQuestion(final BpfObject object) {
        this.object = object;
        this.counters = object.map("counters");
        this.run = new TestRun(object.programFd("director"));
    }

    /**
     * What the program would do, and why. Nothing happens to the frame.
     *
     * @param interfaceIndex by which the frame would come in.
     * @param queue          receive queue, one that the interface has.
     * @param frame          from its Ethernet header on, 14 to about 3,500 bytes.
     * @return empty if this kernel cannot run the program on a frame of an interface (5.15 or later can), or not on so
     *         long a one.
     */
    public synchronized Optional<XdpReason> ask(final int interfaceIndex, final int queue, final byte[] frame) {
        if (frame.length < TestRun.LEAST_BYTES || frame.length > TestRun.MOST_BYTES) {
            return Optional.empty();
        }
        final long[] before = counts();
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, run.data(), 0, frame.length);
        final int action = run.dry(interfaceIndex, queue, frame.length, null);
        if (action != PASS && action != REDIRECT) {
            return Optional.empty();
        }
        final long[] after = counts();
        for (final XdpReason reason : XdpReason.values()) {
            if (after[reason.ordinal()] != before[reason.ordinal()]) {
                return Optional.of(reason);
            }
        }
        throw new IllegalStateException("The XDP program gave no reason for its verdict " + action);
    }

    private long[] counts() {
        final long[] counts = new long[XdpReason.values().length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = counters.sum(i, 1)[0];
        }
        return counts;
    }

    @Override
    public synchronized void close() {
        run.close();
        object.close();
    }
}
