package io.ringmaster.transmit;

import io.ringmaster.packet.Icmp;
import java.util.Arrays;

/**
 * How many ICMP errors may be sent, as a Linux host limits its own (Documentation/networking/ip-sysctl.rst): one token
 * bucket over all of them (icmp_msgs_per_sec, icmp_msgs_burst) and one per receiver (icmp_ratelimit, six errors deep),
 * for the types in icmp_ratemask. "Fragmentation needed" is never limited: path MTU discovery lives on it.
 * <p>
 * One per worker, owned by it; a host's limit is the sum of its workers'. Receivers share a fixed number of buckets by
 * a seeded hash: memory is bounded, and what two receivers on one bucket share errs on the side of silence.
 */
public final class IcmpRateLimiter {
    /** icmp_msgs_per_sec of Linux. */
    public static final int MESSAGES_PER_SEC = 1_000;
    /** icmp_msgs_burst of Linux. */
    public static final int MESSAGES_BURST = 50;
    /** icmp_ratelimit of Linux, in milliseconds between two errors to one receiver. */
    public static final int TARGET_INTERVAL_MS = 1_000;
    /** icmp_ratemask of Linux: destination unreachable, source quench, time exceeded, parameter problem. */
    public static final int TYPE_MASK = 1 << Icmp.DESTINATION_UNREACHABLE | 1 << Icmp.SOURCE_QUENCH
        | 1 << Icmp.TIME_EXCEEDED | 1 << Icmp.PARAMETER_PROBLEM;

    private static final int BUCKETS = 4_096;
    private static final int TARGET_BURST = 6;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;

    private final long messageCostNs;
    private final long messageCreditMaxNs;
    private final long targetCostNs;
    private final long targetCreditMaxNs;
    private final int typeMask;
    private final int seed;
    private final long[] targetCreditNs = new long[BUCKETS];
    private final long[] targetSeenNs = new long[BUCKETS];
    private long messageCreditNs;
    private long messageSeenNs;

    /**
     * A limiter with full buckets. A bucket's credit is time: it grows as time goes by, and an error costs its share.
     *
     * @param messagesPerSec   errors a second in all, 0 for no such limit.
     * @param messagesBurst    errors at once in all, at least 1.
     * @param targetIntervalMs milliseconds between two errors to one receiver, 0 for no such limit.
     * @param typeMask         bit n: type n is limited.
     * @param seed             of the hash over receivers, random so that nobody can choose who shares a bucket.
     */
    public IcmpRateLimiter(final int messagesPerSec, final int messagesBurst, final int targetIntervalMs,
        final int typeMask, final int seed) {
        if (messagesPerSec < 0 || messagesBurst < 1 || targetIntervalMs < 0) {
            throw new IllegalArgumentException("ICMP errors cannot be limited to " + messagesPerSec
                + " a second in bursts of " + messagesBurst + " and one in " + targetIntervalMs
                + " ms to each receiver: give 0 or more, and a burst of 1 or more.");
        }
        this.messageCostNs = messagesPerSec == 0 ? 0 : SECOND_NS / messagesPerSec;
        this.messageCreditMaxNs = messageCostNs * messagesBurst;
        this.targetCostNs = targetIntervalMs * MILLISECOND_NS;
        this.targetCreditMaxNs = targetCostNs * TARGET_BURST;
        this.typeMask = typeMask;
        this.seed = seed;
        this.messageCreditNs = messageCreditMaxNs;
        Arrays.fill(targetCreditNs, targetCreditMaxNs);
    }

    /**
     * Whether an error may be sent now; if so, it is counted as sent.
     *
     * @param target receiver of the error, 32 bits in network order.
     * @param nowNs  a clock that does not go back.
     */
    public boolean allow(final int type, final int code, final int target, final long nowNs) {
        final boolean pathMtu = type == Icmp.DESTINATION_UNREACHABLE && code == Icmp.FRAGMENTATION_NEEDED;
        if (pathMtu || type >= Integer.SIZE || (typeMask & 1 << type) == 0) {
            return true;
        }
        final int bucket = bucket(target);
        final long sinceTargetNs = Math.max(0, nowNs - targetSeenNs[bucket]);
        final long sinceMessageNs = Math.max(0, nowNs - messageSeenNs);
        targetCreditNs[bucket] = Math.min(targetCreditMaxNs, targetCreditNs[bucket] + sinceTargetNs);
        targetSeenNs[bucket] = nowNs;
        messageCreditNs = Math.min(messageCreditMaxNs, messageCreditNs + sinceMessageNs);
        messageSeenNs = nowNs;
        if (targetCreditNs[bucket] < targetCostNs || messageCreditNs < messageCostNs) {
            return false;
        }
        targetCreditNs[bucket] -= targetCostNs;
        messageCreditNs -= messageCostNs;
        return true;
    }

    /** Top bits of a multiplication by 2^32 over the golden ratio (Knuth, TAOCP vol. 3 §6.4). */
    private int bucket(final int target) {
        final int mixed = (target ^ seed) * 0x9e3779b1;
        return (mixed ^ mixed >>> 15) * 0x9e3779b1 >>> Integer.SIZE - Integer.numberOfTrailingZeros(BUCKETS);
    }
}
