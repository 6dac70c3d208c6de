package io.ringmaster.worker;

import io.ringmaster.packet.Packet;
import io.ringmaster.ring.FramePool;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.WorkerCounters;
import io.ringmaster.transmit.Fragmentation;
import io.ringmaster.transmit.Refragmentation;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ends of a packet's way: sent, handed back to the kernel, or dropped. Each packet takes exactly one of them, which
 * counts it and settles where its frame goes. Owned by one worker.
 */
final class Exits {
    // A frame of 4,096 bytes over the smallest MTU there is, with the longest header, leaves 8 bytes for each.
    private static final int FRAGMENTS_MAX = 4096 / 8;
    private final WorkerQueue[] outputs;
    private final FramePool pool;
    private final HandBack handBack;
    private final WorkerCounters counters;
    private final Packet piece;
    private final Refragmentation refragmentation = new Refragmentation();
    private final long[] fragmentFrames = new long[FRAGMENTS_MAX];
    private final int[] fragmentBytes = new int[FRAGMENTS_MAX];
    // Workers begin at different places: fragments of two packets with one number would be put together.
    private int fragmentId = ThreadLocalRandom.current().nextInt();
    private int queue;
    private long nowNs;

    /**
     * The exits of one worker.
     *
     * @param memory  packet memory.
     * @param outputs for each interface, by its number, the queue by which this worker sends.
     */
    Exits(final MemorySegment memory, final WorkerQueue[] outputs, final FramePool pool, final HandBack handBack,
          final WorkerCounters counters) {
        this.piece = new Packet(memory);
        this.outputs = outputs;
        this.pool = pool;
        this.handBack = handBack;
        this.counters = counters;
    }

    /** Before each batch: the receive queue that it came from and the time. */
    void begin(final int receiveQueue, final long batchNowNs) {
        this.queue = receiveQueue;
        this.nowNs = batchNowNs;
    }

    /** Sends the packet by an interface; counted as {@code counter}, or as a full ring. */
    void send(final Packet packet, final int port, final Counter counter) {
        if (packet.largestFragmentBytes() != 0) {
            sendWhole(packet, port, Packet.LENGTH_BYTES_MAX, counter);
            return;
        }
        if (outputs[port].send(packet.frame(), packet.lengthBytes())) {
            counters.increment(counter);
        } else {
            drop(packet, Counter.DROP_TRANSMIT_FULL);
        }
    }

    /**
     * Sends a packet that is larger than its way, ready but for that, in fragments; counted as {@code counter} once.
     * Where there are too few free frames for all of them none is sent: nobody could put them together.
     */
    void sendInFragments(final Packet packet, final int port, final int mtuBytes, final Counter counter) {
        if (packet.largestFragmentBytes() != 0) {
            sendWhole(packet, port, mtuBytes, counter);
            return;
        }
        final int count = Fragmentation.count(packet, mtuBytes);
        if (pool.available() < count - 1) {
            drop(packet, Counter.DROP_NO_FRAGMENT_FRAMES);
            return;
        }
        for (int i = 1; i < count; i++) {
            fragmentFrames[i] = pool.take();
            fragmentBytes[i] = Fragmentation.write(packet, mtuBytes, i, fragmentId, fragmentFrames[i]);
        }
        Fragmentation.shorten(packet, mtuBytes, fragmentId);
        fragmentId++;
        if (!outputs[port].send(packet.frame(), packet.lengthBytes())) {
            giveFragments(1, count);
            drop(packet, Counter.DROP_TRANSMIT_FULL);
            return;
        }
        counters.increment(counter);
        counters.increment(Counter.FRAGMENTED);
        int next = 1;
        while (next < count && outputs[port].send(fragmentFrames[next], fragmentBytes[next])) {
            next++;
        }
        counters.add(Counter.FRAGMENTS_LOST, count - next);
        giveFragments(next, count);
    }

    private void giveFragments(final int from, final int to) {
        for (int i = from; i < to; i++) {
            pool.give(fragmentFrames[i]);
        }
    }

    /** Sends a datagram that was put together, in fragments; all of them or none. */
    private void sendWhole(final Packet whole, final int port, final int mtuBytes, final Counter counter) {
        if (whole.networkLengthBytes() > Fragmentation.longest(whole)) {
            counters.increment(Counter.DROP_TOO_BIG);
            return;
        }
        final int count = refragmentation.plan(whole, mtuBytes);
        if (count > FRAGMENTS_MAX || pool.available() < count) {
            counters.increment(Counter.DROP_NO_FRAGMENT_FRAMES);
        } else {
            int lost = 0;
            for (int i = 0; i < count; i++) {
                final long frame = pool.take();
                if (!outputs[port].send(frame, refragmentation.write(i, fragmentId, piece.memory(), frame))) {
                    pool.give(frame);
                    lost++;
                }
            }
            fragmentId++;
            counters.increment(lost == count ? Counter.DROP_TRANSMIT_FULL : counter);
            counters.add(Counter.FRAGMENTS_LOST, lost == count ? 0 : lost);
        }
    }

    /** Bytes by which a packet can grow at its end. */
    int roomBytes(final Packet packet) {
        final long end = packet.network() + packet.networkLengthBytes();
        if (packet.largestFragmentBytes() != 0) {
            return (int) Math.min(Packet.LENGTH_BYTES_MAX - packet.networkLengthBytes(),
                packet.memory().byteSize() - end);
        }
        return (int) ((packet.frame() & -pool.frameBytes()) + pool.frameBytes() - end);
    }

    /**
     * Sends a packet that is in no frame and no packet's end, such as an error about one that has ended long ago;
     * counted as {@code counter} if it leaves.
     */
    void sendByTheWay(final Packet packet, final int port, final Counter counter) {
        final long frame = pool.take();
        if (frame < 0) {
            return;
        }
        MemorySegment.copy(packet.memory(), packet.frame(), piece.memory(), frame, packet.lengthBytes());
        if (outputs[port].send(frame, packet.lengthBytes())) {
            counters.increment(counter);
        } else {
            pool.give(frame);
        }
    }

    /** Frees the packet's frame; the reason is counted. */
    void drop(final Packet packet, final Counter reason) {
        free(packet);
        counters.increment(reason);
    }

    /** Frees the packet's frame, and counts nothing. */
    void free(final Packet packet) {
        if (packet.largestFragmentBytes() == 0) {
            pool.give(packet.frame());
        }
    }

    /** Gives the packet, untouched so far, to the kernel as if it had just arrived. */
    void handBack(final Packet packet, final Counter cause) {
        if (packet.largestFragmentBytes() != 0) {
            handBackWhole(packet, cause);
            return;
        }
        counters.increment(given(packet, cause));
        pool.give(packet.frame());
    }

    private Counter given(final Packet packet, final Counter cause) {
        return switch (handBack.give(packet, queue, nowNs)) {
            case GIVEN -> cause;
            case OVER_LIMIT -> Counter.DROP_HAND_BACK_LIMIT;
            case RING_FULL -> Counter.DROP_HAND_BACK_FULL;
        };
    }

    /** The kernel gets a datagram as it came, in fragments: more than a page it does not take. */
    private void handBackWhole(final Packet whole, final Counter cause) {
        // What fits into one fragment is no fragment.
        final int count = refragmentation.plan(whole, whole.largestFragmentBytes());
        final int id = whole.fragmentId();
        final long frame = pool.take();
        Counter end = frame < 0 ? Counter.DROP_NO_FRAGMENT_FRAMES : cause;
        for (int i = 0; i < count && end == cause; i++) {
            final int bytes = refragmentation.write(i, id, piece.memory(), frame);
            piece.wrap(frame, bytes, whole.port());
            end = given(piece, cause);
        }
        if (frame >= 0) {
            pool.give(frame);
        }
        counters.increment(end);
    }

    /** Counts something that is not a packet's end, several times. */
    void count(final Counter event, final long amount) {
        counters.add(event, amount);
    }

    /** Counts something that is not a packet's end. */
    void count(final Counter event) {
        counters.increment(event);
    }
}
