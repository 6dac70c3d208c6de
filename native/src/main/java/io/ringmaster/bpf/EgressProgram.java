package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The program on the way out of the director's interfaces, and its maps: it translates what real servers answer that
 * are the director itself. Loaded, attached and closed by the control thread; {@link #expect} and {@link #poll} belong
 * to one helper thread.
 */
public final class EgressProgram implements AutoCloseable {
    /** Bytes of what is to be expected: a key of the map, and what the value begins with; then the life. */
    private static final int KEY_BYTES = 40;
    private static final int VALUE_BYTES = 40;
    private static final int GIVEN_BYTES = 24;
    private static final int UNTIL = 24;
    private static final int LIVES = 32;
    private static final int SEEN_BYTES = 48;
    private static final long MS_NS = 1_000_000;
    private static final long ALIVE_EVERY_NS = 1_000_000_000L;
    private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private final BpfObject object;
    private final Arena arena = Arena.ofShared();
    private final BpfMap expected;
    private final BpfMap alive;
    private final MemorySegment ring;
    private final MemorySegment key = arena.allocate(KEY_BYTES, Long.BYTES);
    private final MemorySegment value = arena.allocate(VALUE_BYTES, Long.BYTES);
    private final MemorySegment zero = arena.allocate(JAVA_INT);
    private final MemorySegment now = arena.allocate(JAVA_LONG);
    private final List<EgressLink> links = new ArrayList<>();
    private Seen seen;
    private long aliveNextNs = System.nanoTime();

    private EgressProgram(final BpfObject object) {
        this.object = object;
        expected = object.map("expected");
        alive = object.map("alive");
        ring = LibbpfEgress.ringNew(object.map("replies").fd(),
            LibbpfEgress.sampleFunction(arena, memory -> seen.reply(memory, 0), SEEN_BYTES));
        if (ring.address() == 0) {
            throw new IllegalStateException("Could not map the ring buffer of the egress program.");
        }
    }

    /** Takes what the program saw. */
    @FunctionalInterface
    public interface Seen {
        /** A reply, in 48 bytes that are gone when this returns; must not throw. */
        void reply(MemorySegment memory, long offset);
    }

    /**
     * Loads the program; it does nothing before it is attached.
     *
     * @throws io.ringmaster.sys.SystemCallException if the kernel refuses.
     */
    public static EgressProgram load() {
        final BpfObject object = BpfObject.open("egress", BpfObject.resource("egress.bpf.o"));
        try {
            object.load();
            return new EgressProgram(object);
        } catch (final RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** Puts the program on the way out of an interface. */
    public void attach(final int interfaceIndex, final String interfaceName) {
        attach(interfaceIndex, interfaceName, false);
    }

    /** As the other; if told so in the way of kernels before 6.6. */
    void attach(final int interfaceIndex, final String interfaceName, final boolean asFilter) {
        links.add(EgressLink.attach(object.programFd("local_reply"), interfaceIndex, interfaceName, asFilter));
    }

    /**
     * Enters a connection, or lets it live on.
     *
     * @param offset of its 72 bytes: see io.ringmaster.packet.LocalReply.
     */
    public void expect(final MemorySegment memory, final long offset) {
        MemorySegment.copy(memory, offset, key, 0, KEY_BYTES);
        MemorySegment.copy(memory, offset + KEY_BYTES, value, 0, GIVEN_BYTES);
        final long livesNs = memory.get(BIG_LONG, offset + KEY_BYTES + GIVEN_BYTES) * MS_NS;
        // The kernel's clock that bpf_ktime_get_ns reads is the one that Java does.
        value.set(JAVA_LONG, UNTIL, System.nanoTime() + livesNs);
        value.set(JAVA_LONG, LIVES, livesNs);
        Libbpf.update(expected.fd(), key, value);
    }

    /** Hands on what was seen since the last call; returns how much that was. */
    public int poll(final Seen to) {
        final long nowNs = System.nanoTime();
        if (nowNs - aliveNextNs >= 0) {
            aliveNextNs = nowNs + ALIVE_EVERY_NS;
            now.set(JAVA_LONG, 0, nowNs);
            Libbpf.update(alive.fd(), zero, now);
        }
        seen = to;
        return Math.max(0, LibbpfEgress.ringConsume(ring));
    }

    /** Takes the program off all interfaces and frees it; the helper thread must not use it any more. */
    @Override
    public void close() {
        links.forEach(EgressLink::close);
        LibbpfEgress.ringFree(ring);
        object.close();
        arena.close();
    }
}
