package io.ringmaster.transmit;

import io.ringmaster.packet.Icmp;
import io.ringmaster.service.IcmpLimits;
import java.util.Arrays;

/**
 * How many ICMP errors may be sent, as a Linux host limits its own (Documentation/networking/ip-sysctl.rst): one token
 * bucket over all of them (icmp_msgs_per_sec, icmp_msgs_burst) and one per receiver (icmp_ratelimit and, for ICMPv6,
 * icmp.ratelimit, six errors deep), for the types in icmp_ratemask. "Fragmentation needed" and "packet too big" are
 * never limited: path MTU discovery lives on them.
 * <p>
 * One per worker, owned by it; a host's limit is the sum of its workers'. Receivers share a fixed number of buckets by
 * a seeded hash: memory is bounded, and what two receivers on one bucket share errs on the side of silence.
 */
public final class IcmpRateLimiter {
    private static final int BUCKETS = 4_096;
    private static final int TARGET_BURST = 6;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;

    private final int seed;
    private IcmpLimits limits;
    private long messageCostNs;
    private long messageCreditMaxNs;
    private long targetCostNs;
    private long target6CostNs;
    private final long[] targetCreditNs = new long[BUCKETS];
    private final long[] targetSeenNs = new long[BUCKETS];
    private long messageCreditNs;
    private long messageSeenNs;

    /**
     * A limiter with full buckets. A bucket's credit is time: it grows as time goes by, and an error costs its share.
     *
     * @param seed of the hash over receivers, random so that nobody can choose who shares a bucket.
     */
    public IcmpRateLimiter(final IcmpLimits limits, final int seed) {
        this.seed = seed;
        use(limits);
        messageCreditNs = messageCreditMaxNs;
        Arrays.fill(targetCreditNs, Math.max(targetCostNs, target6CostNs) * TARGET_BURST);
    }

    /** Takes other limits; what buckets hold stays. */
    public void use(final IcmpLimits newLimits) {
        if (newLimits == limits) {
            return;
        }
        if (newLimits.messagesPerSec() < 0 || newLimits.messagesBurst() < 1 || newLimits.intervalMs() < 0
            || newLimits.interval6Ms() < 0) {
            throw new IllegalArgumentException("ICMP errors cannot be limited by " + newLimits
                + ": give 0 or more, and a burst of 1 or more.");
        }
        limits = newLimits;
        messageCostNs = limits.messagesPerSec() == 0 ? 0 : SECOND_NS / limits.messagesPerSec();
        messageCreditMaxNs = messageCostNs * limits.messagesBurst();
        targetCostNs = limits.intervalMs() * MILLISECOND_NS;
        target6CostNs = limits.interval6Ms() * MILLISECOND_NS;
    }

    /**
     * Whether an error to an IPv4 host may be sent now; if so, it is counted as sent.
     *
     * @param target receiver of the error, 32 bits in network order.
     * @param nowNs  a clock that does not go back.
     */
    public boolean allow(final int type, final int code, final int target, final long nowNs) {
        final boolean pathMtu = type == Icmp.DESTINATION_UNREACHABLE && code == Icmp.FRAGMENTATION_NEEDED;
        return pathMtu || type >= Integer.SIZE || (limits.typeMask() & 1 << type) == 0
            || spend(target, targetCostNs, nowNs);
    }

    /**
     * Whether an error other than packet too big may be sent to an IPv6 host now; if so, it is counted as sent.
     *
     * @param target receiver of the error, folded to 32 bits.
     * @param nowNs  a clock that does not go back.
     */
    public boolean allow6(final int target, final long nowNs) {
        return spend(target, target6CostNs, nowNs);
    }

    private boolean spend(final int target, final long costNs, final long nowNs) {
        final int bucket = bucket(target);
        final long sinceTargetNs = Math.max(0, nowNs - targetSeenNs[bucket]);
        final long sinceMessageNs = Math.max(0, nowNs - messageSeenNs);
        targetCreditNs[bucket] = Math.min(costNs * TARGET_BURST, targetCreditNs[bucket] + sinceTargetNs);
        targetSeenNs[bucket] = nowNs;
        messageCreditNs = Math.min(messageCreditMaxNs, messageCreditNs + sinceMessageNs);
        messageSeenNs = nowNs;
        if (targetCreditNs[bucket] < costNs || messageCreditNs < messageCostNs) {
            return false;
        }
        targetCreditNs[bucket] -= costNs;
        messageCreditNs -= messageCostNs;
        return true;
    }

    /** Top bits of a multiplication by 2^32 over the golden ratio (Knuth, TAOCP vol. 3 §6.4). */
    private int bucket(final int target) {
        final int mixed = (target ^ seed) * 0x9e3779b1;
        return (mixed ^ mixed >>> 15) * 0x9e3779b1 >>> Integer.SIZE - Integer.numberOfTrailingZeros(BUCKETS);
    }
}
