package io.ringmaster.control;

import java.util.List;
import java.util.function.Supplier;

/**
 * What became of packets, for {@code ringmaster drops}: each reason with its count, its meaning and what to do; and how
 * busy the workers are with them. Owned by the control thread.
 */
public final class PacketFates {
    private final Supplier<List<Fate>> source;
    private final Supplier<List<Load>> loads;

    /** A report without workers. */
    public PacketFates(final Supplier<List<Fate>> source) {
        this(source, List::of);
    }

    /**
     * A report.
     *
     * @param source reads all counters as they are now.
     * @param loads  reads those of all workers as they are now.
     */
    public PacketFates(final Supplier<List<Fate>> source, final Supplier<List<Load>> loads) {
        this.source = source;
        this.loads = loads;
    }

    /**
     * One counter.
     *
     * @param group   where it is counted: "XDP program", "sent", "handed back", "dropped", "events", or an interface.
     * @param word    its name.
     * @param count   packets or events since the start.
     * @param meaning what is counted.
     * @param advice  what to do about it; empty for nothing.
     */
    public record Fate(String group, String word, long count, String meaning, String advice) {
    }

    /**
     * What one worker had to do since the start.
     *
     * @param busyNs  time in cycles that found work.
     * @param batches of packets, each of at most 64.
     * @param packets received.
     */
    public record Load(long busyNs, long batches, long packets) {
    }

    /** The load of each worker as it is now. */
    public List<Load> loads() {
        return loads.get();
    }

    /** Every counter as it is now, in groups. */
    public List<Fate> read() {
        return source.get();
    }
}
