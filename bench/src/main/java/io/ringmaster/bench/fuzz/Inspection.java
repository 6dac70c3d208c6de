package io.ringmaster.bench.fuzz;

import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import io.ringmaster.worker.HandBack;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What must hold after every cycle of the worker, whatever came in:
 * <ul>
 * <li>every frame is in exactly one place: with the kernel, in the pool, or in a ring;
 * <li>every packet that came in was counted by exactly one counter of its end;
 * <li>nothing was written around the packets (not looked at where fragments came in: what they make goes into frames
 * that are free by then);
 * <li>what leaves lies in one frame, its IP header and ICMP message are right, and if what came in was right, so are
 * all its checksums; of what was made of fragments only that;
 * <li>what goes back to the kernel is what came in, byte by byte, unless it was put together of fragments.
 * </ul>
 * Owned by one thread.
 */
final class Inspection {
    private static final int MOST = 1000;
    private static final int FRAME_BYTES = FrameStore.FRAME_BYTES;
    private static final int TYPE = 12;
    /** Of IPv4 the fragment word, of IPv6 the next header. */
    private static final int FRAGMENT = 20;
    private static final int IPV4_END = 34;
    private static final int ETHERNET_BYTES = 14;
    /** Where the source address stands. */
    private static final int SOURCE_4 = 26;
    private static final int SOURCE_6 = 22;
    /** Most bytes that a translation changes: an address, a port and checksums, in an ICMP error's quote, too. */
    private static final int TRANSLATED_4 = 18;
    private static final int TRANSLATED_6 = 40;
    private static final Counter[] COUNTERS = Counter.values();

    private final FrameStore store;
    private final FramePool pool;
    private final SpscRing handBack;
    private final WorkerCounters counters;
    private final Tamper tamper;
    private final int unused;
    private final Verifier verifier = new Verifier();
    private final byte[] packet = new byte[FRAME_BYTES];
    private final int[] frames = new int[2 * Socket.RING];
    private final byte[][] packets = new byte[2 * Socket.RING][FRAME_BYTES];
    private final int[] lengths = new int[2 * Socket.RING];
    private final boolean[] right;
    private int count;
    private boolean mayJoin;
    private boolean fragments;

    Inspection(final FrameStore store, final FramePool pool, final SpscRing handBack, final WorkerCounters counters,
               final Tamper tamper, final int unused) {
        this.store = store;
        this.pool = pool;
        this.handBack = handBack;
        this.counters = counters;
        this.tamper = tamper;
        this.unused = unused;
        this.right = new boolean[store.frames()];
    }

    /** A packet came in, into a frame. */
    void came(final int frame, final byte[] from, final int lengthBytes) {
        frames[count] = frame;
        lengths[count] = lengthBytes;
        System.arraycopy(from, 0, packets[count++], 0, lengthBytes);
        right[frame] = verifier.wrong(from, lengthBytes) == null;
        mayJoin |= mayBeFragment(from, lengthBytes);
        fragments |= mayJoin;
    }

    /** Whether it may end in a datagram that is written into frames of this batch that are free by then. */
    private static boolean mayBeFragment(final byte[] bytes, final int lengthBytes) {
        final boolean ipv4 = lengthBytes >= IPV4_END && bytes[TYPE] == 8 && bytes[TYPE + 1] == 0
            && bytes[TYPE + 2] >> 4 == 4;
        final boolean ipv6 = lengthBytes >= IPV4_END && bytes[TYPE] == (byte) 0x86 && bytes[TYPE + 1] == (byte) 0xdd;
        return ipv4 ? ((bytes[FRAGMENT] & 0x3f) | bytes[FRAGMENT + 1]) != 0
            : !ipv6 || bytes[FRAGMENT] != 6 && bytes[FRAGMENT] != 17 && bytes[FRAGMENT] != 58
            && bytes[FRAGMENT] != (byte) 132;
    }

    /** The worker's cycle is over, and nothing was sent yet. */
    void afterWork(final Socket[] sockets) {
        if (count > 0) {
            tamper.afterWork(store.memory(), pool, counters, store.packet(frames[0]), lengths[0]);
        }
        checkCounters();
        for (int i = 0; i < count && !mayJoin; i++) {
            store.checkAround(frames[i]);
        }
        mayJoin = false;
        int waiting = 0;
        for (final Socket socket : sockets) {
            socket.take(this::leaves);
            waiting += socket.waiting();
        }
        if (store.workers() - unused != pool.available() + waiting) {
            throw new Fault((store.workers() - unused) + " frames are the worker's, and " + pool.available()
                + " lie in its pool, " + waiting + " in rings");
        }
        handBack.poll(this::back, MOST);
        count = 0;
    }

    private void checkCounters() {
        long ends = 0;
        for (final Counter counter : COUNTERS) {
            ends += counter.kind() == Counter.Kind.EVENT ? 0 : counters.value(counter);
        }
        if (ends != counters.value(Counter.PACKETS_RECEIVED)) {
            throw new Fault(counters.value(Counter.PACKETS_RECEIVED) + " packets were received, and " + ends
                + " ends counted");
        }
    }

    private void leaves(final long address, final int lengthBytes) {
        final int frame = store.frame(address);
        final int offset = (int) (address % FRAME_BYTES);
        if (lengthBytes < 14 || offset + lengthBytes > FRAME_BYTES) {
            throw new Fault("a packet of " + lengthBytes + " bytes leaves from " + offset + " of a frame");
        }
        MemorySegment.copy(store.memory(), ValueLayout.JAVA_BYTE, address, packet, 0, lengthBytes);
        final String wrong = verifier.wrong(packet, lengthBytes);
        final boolean asItCame = offset >= FrameStore.OWN_BYTES && right[frame];
        if (wrong != null && (verifier.outerWrong() || asItCame)) {
            throw new Fault("a packet leaves whose " + wrong + " is wrong"
                + (asItCame ? ", and came in right" : ""));
        }
    }

    private void back(final MemorySegment memory, final long offset, final int lengthBytes, final int tag) {
        // What local real servers' answers are to become is no packet.
        if (HandBack.isExpectation(tag)) {
            return;
        }
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, packet, 0, Math.min(lengthBytes, FRAME_BYTES));
        for (int i = 0; i < count; i++) {
            if (lengths[i] == lengthBytes && (Arrays.equals(packet, 0, lengthBytes, packets[i], 0, lengthBytes)
                || translated(packets[i], lengthBytes))) {
                return;
            }
        }
        if (!fragments) {
            throw new Fault("a packet goes back to the kernel that did not come in like that");
        }
    }

    /**
     * Whether the packet that goes back is one that came in, for a real server on the director itself: to another
     * address and port, with checksums that hold if they did before.
     */
    private boolean translated(final byte[] came, final int lengthBytes) {
        int changed = 0;
        for (int i = 0; i < lengthBytes; i++) {
            changed += packet[i] == came[i] ? 0 : 1;
        }
        final boolean ipv6 = lengthBytes > SOURCE_6 && came[ETHERNET_BYTES] >>> 4 == 6;
        final int source = ipv6 ? SOURCE_6 : SOURCE_4;
        return changed <= (ipv6 ? TRANSLATED_6 : TRANSLATED_4) && lengthBytes >= source + 4
            && Arrays.equals(packet, 0, ETHERNET_BYTES, came, 0, ETHERNET_BYTES)
            && Arrays.equals(packet, source, source + 4, came, source, source + 4)
            && (verifier.wrong(came, lengthBytes) != null || verifier.wrong(packet, lengthBytes) == null);
    }
}
