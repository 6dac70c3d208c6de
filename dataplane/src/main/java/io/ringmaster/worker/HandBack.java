package io.ringmaster.worker;

import io.ringmaster.packet.Packet;
import io.ringmaster.ring.SpscRing;

/**
 * Gives packets that left the kernel's path but are not ours back to it: copies them to the hand-back thread, no more
 * than so many a second. Owned by one worker; the ring's other end is the {@link HandBackAgent}'s.
 */
public final class HandBack {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int QUEUE_BITS = 16;

    private final SpscRing ring;
    private final HandBackBell bell;
    private final long costNs;
    private final long burstNs;
    private long creditNs;
    private long lastNs;

    /**
     * A way back.
     *
     * @param ring      to the hand-back thread.
     * @param bell      wakes that thread; rung for each packet, so {@code perSecond} bounds what it costs.
     * @param perSecond packets a second, at least 1; a tenth of them may come at once.
     */
    public HandBack(final SpscRing ring, final HandBackBell bell, final int perSecond) {
        this.ring = ring;
        this.bell = bell;
        this.costNs = SECOND_NS / perSecond;
        this.burstNs = Math.max(costNs, SECOND_NS / 10);
        this.creditNs = burstNs;
    }

    /** What became of the attempt. */
    public enum Outcome { GIVEN, OVER_LIMIT, RING_FULL }

    /** Copies the packet to the hand-back thread; its frame is free afterwards, whatever the answer. */
    public Outcome give(final Packet packet, final int queue, final long nowNs) {
        creditNs = Math.min(burstNs, creditNs + Math.max(0, nowNs - lastNs));
        lastNs = nowNs;
        if (creditNs < costNs) {
            return Outcome.OVER_LIMIT;
        }
        final int tag = packet.port() << QUEUE_BITS | queue;
        if (!ring.offer(packet.memory(), packet.frame(), packet.lengthBytes(), tag)) {
            return Outcome.RING_FULL;
        }
        creditNs -= costNs;
        bell.ring();
        return Outcome.GIVEN;
    }

    static int port(final int tag) {
        return tag >>> QUEUE_BITS;
    }

    static int queue(final int tag) {
        return tag & (1 << QUEUE_BITS) - 1;
    }
}
