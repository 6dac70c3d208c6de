package io.ringmaster.xdp;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.ring.CompletionRing;
import io.ringmaster.ring.FillRing;
import io.ringmaster.ring.RingOffsets;
import io.ringmaster.ring.RxRing;
import io.ringmaster.ring.TxRing;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.Mapping;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The four rings of one socket, made and mapped before it is bound. */
final class MappedRings implements AutoCloseable {
    private final List<Mapping> mappings = new ArrayList<>();
    private final String where;
    private final int fd;
    private RxRing rx;
    private TxRing tx;
    private FillRing fill;
    private CompletionRing completion;

    private MappedRings(final String where, final int fd) {
        this.where = where;
        this.fd = fd;
    }

    /** Makes all four for an unbound socket; nothing stays mapped if one fails. */
    static MappedRings make(final String where, final int fd, final RingSizes sizes) {
        final MappedRings rings = new MappedRings(where, fd);
        try {
            rings.request("RX", IfXdp.XDP_RX_RING, sizes.rx());
            rings.request("TX", IfXdp.XDP_TX_RING, sizes.tx());
            rings.request("fill", IfXdp.XDP_UMEM_FILL_RING, sizes.fill());
            rings.request("completion", IfXdp.XDP_UMEM_COMPLETION_RING, sizes.completion());
            rings.mapAll(sizes);
            return rings;
        } catch (final RuntimeException e) {
            rings.close();
            throw e;
        }
    }

    private void request(final String ring, final int option, final int entries) {
        final int result = Libc.setsockopt(fd, IfXdp.SOL_XDP, option, entries);
        if (result < 0) {
            throw new SystemCallException("make the " + ring + " ring of " + entries + " entries for " + where,
                -result);
        }
    }

    private void mapAll(final RingSizes sizes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment all = arena.allocate(IfXdp.MMAP_OFFSETS_BYTES, 8);
            final int length = Libc.getsockopt(fd, IfXdp.SOL_XDP, IfXdp.XDP_MMAP_OFFSETS, all);
            if (length < 0) {
                throw new SystemCallException("read the ring layout of " + where, -length);
            }
            if (length != IfXdp.MMAP_OFFSETS_BYTES) {
                throw new IllegalStateException("The kernel described the rings of " + where + " in " + length
                    + " bytes instead of " + IfXdp.MMAP_OFFSETS_BYTES + "; it is too old or too new for this program.");
            }
            final RingOffsets rxAt = offsets(all, IfXdp.OFFSETS_RX);
            rx = new RxRing(map("RX", IfXdp.XDP_PGOFF_RX_RING, rxAt, sizes.rx(), IfXdp.DESC_BYTES),
                rxAt, sizes.rx());
            final RingOffsets txAt = offsets(all, IfXdp.OFFSETS_TX);
            tx = new TxRing(map("TX", IfXdp.XDP_PGOFF_TX_RING, txAt, sizes.tx(), IfXdp.DESC_BYTES),
                txAt, sizes.tx());
            final RingOffsets fillAt = offsets(all, IfXdp.OFFSETS_FILL);
            fill = new FillRing(
                map("fill", IfXdp.XDP_UMEM_PGOFF_FILL_RING, fillAt, sizes.fill(), IfXdp.ADDRESS_BYTES),
                fillAt, sizes.fill());
            final RingOffsets doneAt = offsets(all, IfXdp.OFFSETS_COMPLETION);
            completion = new CompletionRing(map("completion", IfXdp.XDP_UMEM_PGOFF_COMPLETION_RING, doneAt,
                sizes.completion(), IfXdp.ADDRESS_BYTES), doneAt, sizes.completion());
        }
    }

    private static RingOffsets offsets(final MemorySegment all, final long ring) {
        return new RingOffsets(all.get(JAVA_LONG, ring + IfXdp.OFFSET_PRODUCER),
            all.get(JAVA_LONG, ring + IfXdp.OFFSET_CONSUMER), all.get(JAVA_LONG, ring + IfXdp.OFFSET_DESC),
            all.get(JAVA_LONG, ring + IfXdp.OFFSET_FLAGS));
    }

    private MemorySegment map(final String ring, final long pageOffset, final RingOffsets offsets, final int entries,
                              final int entryBytes) {
        final Mapping mapping = Mapping.ofDescriptor("the " + ring + " ring of " + where, fd, pageOffset,
            offsets.desc() + (long) entries * entryBytes);
        mappings.add(mapping);
        return mapping.segment();
    }

    RxRing rx() {
        return rx;
    }

    TxRing tx() {
        return tx;
    }

    FillRing fill() {
        return fill;
    }

    CompletionRing completion() {
        return completion;
    }

    @Override
    public void close() {
        mappings.forEach(Mapping::close);
    }
}
