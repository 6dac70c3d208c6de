package io.ringmaster.service;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What routers on the way to one real server's address told of the MTU there: kept for ten minutes, as the kernel keeps
 * it with its routes (net/ipv4/route.c, __ip_rt_update_pmtu; net/ipv6/route.c, __ip6_rt_update_pmtu). There is one for
 * each address, however many services it serves. Shared by all workers, each of which may learn it and any of which may
 * use it; it is one word, so nobody sees half of it, and no other memory hangs on it: opaque access is enough.
 */
public final class PathMtu {
    /** The least that is believed (net.ipv4.route.min_pmtu): whoever claims less must not get the way cut up. */
    public static final int LEAST_BYTES = 552;
    /** The least that is believed of a way over IPv6, which no link may have less of (RFC 8200 §5). */
    public static final int LEAST_IPV6_BYTES = 1280;
    /** How long it is believed (net.ipv4.route.mtu_expires, net.ipv6.route.mtu_expires). */
    public static final long KEPT_MS = 600_000;

    private static final VarHandle LEARNED;
    private static final int MTU_BITS = 16;

    private final int leastBytes;
    // Milliseconds of the deadline << 16 | MTU; 0 if nothing was learned.
    @SuppressWarnings("FieldMayBeFinal")
    private long learned;

    static {
        try {
            LEARNED = MethodHandles.lookup().findVarHandle(PathMtu.class, "learned", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A way of which nothing was told.
     *
     * @param ipv6 whether it is one over IPv6.
     */
    public PathMtu(final boolean ipv6) {
        this.leastBytes = ipv6 ? LEAST_IPV6_BYTES : LEAST_BYTES;
    }

    /** The largest packet that fits into it whatever routers tell, unless the route itself has less. */
    public int leastBytes() {
        return leastBytes;
    }

    /**
     * Largest IP packet that the way takes as far as is known.
     *
     * @param linkMtuBytes MTU of the route.
     * @param nowMs        clock of the workers.
     */
    public int within(final int linkMtuBytes, final long nowMs) {
        final long word = (long) LEARNED.getOpaque(this);
        return word == 0 || word >>> MTU_BITS <= nowMs ? linkMtuBytes
            : Math.min(linkMtuBytes, (int) word & (1 << MTU_BITS) - 1);
    }

    /**
     * Takes over what a router told. A larger MTU than is known is not believed; a packet tries that when the time is
     * over. Where two workers learn at once either's word is as good.
     *
     * @param toldBytes    as it stands in the error, 0 to 65,535.
     * @param linkMtuBytes MTU of the route.
     * @param nowMs        clock of the workers.
     * @return whether anything changed.
     */
    public boolean learn(final int toldBytes, final int linkMtuBytes, final long nowMs) {
        final int known = within(linkMtuBytes, nowMs);
        if (toldBytes > known) {
            return false;
        }
        final int believed = Math.min(known, Math.max(toldBytes, leastBytes));
        final long word = (long) LEARNED.getOpaque(this);
        if (believed == known && (word >>> MTU_BITS) - nowMs > KEPT_MS / 2) {
            return false;
        }
        LEARNED.setOpaque(this, nowMs + KEPT_MS << MTU_BITS | believed);
        return true;
    }
}
