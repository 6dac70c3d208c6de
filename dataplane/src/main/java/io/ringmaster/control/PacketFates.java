package io.ringmaster.control;

import java.util.List;
import java.util.function.Supplier;

/**
 * What became of packets, for {@code ringmaster drops}: each reason with its count, its meaning and what to do. Owned
 * by the control thread.
 */
public final class PacketFates {
    private final Supplier<List<Fate>> source;

    /**
     * A report.
     *
     * @param source reads all counters as they are now.
     */
    public PacketFates(final Supplier<List<Fate>> source) {
        this.source = source;
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

    /** Every counter as it is now, in groups. */
    public List<Fate> read() {
        return source.get();
    }
}
