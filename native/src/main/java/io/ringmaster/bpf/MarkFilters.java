package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of filters for firewall marks that the XDP program goes through. Owned by the control thread.
 * <p>
 * The program reads it while it changes. A new filter is written behind the last one before the count tells of it; in
 * place of one that goes comes the last, which is where it was until the count has sunk. So no filter that stays is
 * missing for a moment; what is half the old and half the new takes at most packets that the worker gives back.
 */
final class MarkFilters {
    private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int BYTES = 76;
    private static final int WORD_BITS = 64;

    private final BpfMap filters;
    private final BpfMap count;
    private final List<MarkFilter> present = new ArrayList<>();

    MarkFilters(final BpfObject object) {
        filters = object.map("mark_filters");
        count = object.map("mark_count");
    }

    void add(final MarkFilter filter) {
        if (present.contains(filter)) {
            return;
        }
        if (present.size() == MarkFilter.MOST) {
            throw new IllegalStateException("Could not take packets of another firewall mark: the XDP program has room "
                + "for " + MarkFilter.MOST + " filters.");
        }
        write(present.size(), filter);
        present.add(filter);
        writeCount();
    }

    void remove(final MarkFilter filter) {
        final int place = present.indexOf(filter);
        if (place < 0) {
            return;
        }
        final MarkFilter last = present.getLast();
        if (last != filter) {
            write(place, last);
            present.set(place, last);
        }
        present.removeLast();
        writeCount();
    }

    private void writeCount() {
        try (Arena arena = Arena.ofConfined()) {
            count.put(arena.allocateFrom(JAVA_INT, 0), arena.allocateFrom(JAVA_INT, present.size()),
                present.size() + " filters for firewall marks");
        }
    }

    /** struct mark_filter of maps.h. */
    private void write(final int place, final MarkFilter filter) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment value = arena.allocate(BYTES, 4);
            value.set(BIG_LONG, 0, filter.destinationHigh());
            value.set(BIG_LONG, 8, filter.destinationLow());
            value.set(BIG_LONG, 16, maskHigh(filter.destinationBits()));
            value.set(BIG_LONG, 24, maskLow(filter.destinationBits()));
            value.set(BIG_LONG, 32, filter.sourceHigh());
            value.set(BIG_LONG, 40, filter.sourceLow());
            value.set(BIG_LONG, 48, maskHigh(filter.sourceBits()));
            value.set(BIG_LONG, 56, maskLow(filter.sourceBits()));
            value.set(JAVA_INT, 64, filter.interfaceIndex());
            value.set(JAVA_SHORT, 68, (short) filter.firstPort());
            value.set(JAVA_SHORT, 70, (short) filter.lastPort());
            value.set(JAVA_BYTE, 72, (byte) filter.protocol());
            value.set(JAVA_BYTE, 73, (byte) (filter.ipv6() ? 1 : 0));
            filters.put(arena.allocateFrom(JAVA_INT, place), value, "the filter of a firewall mark");
        }
    }

    private static long maskHigh(final int bits) {
        return bits == 0 ? 0 : bits >= WORD_BITS ? -1 : -1L << WORD_BITS - bits;
    }

    private static long maskLow(final int bits) {
        return bits <= WORD_BITS ? 0 : -1L << 2 * WORD_BITS - bits;
    }
}
