package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Icmp;
import io.ringmaster.service.IcmpLimits;
import org.junit.jupiter.api.Test;

/** The limits of a Linux host, on a clock that the test sets. */
class IcmpRateLimiterTest {
    private static final long MS = 1_000_000L;
    private static final int TIME_EXCEEDED = Icmp.TIME_EXCEEDED;
    private long nowNs = -5_000_000_000_000L;

    private static IcmpRateLimiter linux() {
        return new IcmpRateLimiter(IcmpLimits.LINUX, 12_345);
    }

    private static IcmpRateLimiter limiter(final int perSec, final int burst, final int intervalMs, final int mask) {
        return new IcmpRateLimiter(new IcmpLimits(perSec, burst, intervalMs, mask, intervalMs), 99);
    }

    @Test
    void sixAtOnceToOneReceiverThenOneASecond() {
        final IcmpRateLimiter limiter = linux();
        assertEquals(6, allowed(limiter, 20, 0x0a09_0101, 0));
        nowNs += 999 * MS;
        assertEquals(0, allowed(limiter, 20, 0x0a09_0101, 0));
        nowNs += MS;
        assertEquals(1, allowed(limiter, 20, 0x0a09_0101, 0));
        nowNs += 3_000 * MS;
        assertEquals(3, allowed(limiter, 20, 0x0a09_0101, 0));
        nowNs += 3_600_000 * MS;
        assertEquals(6, allowed(limiter, 20, 0x0a09_0101, 0));
    }

    @Test
    void fiftyAtOnceInAllThenAThousandASecond() {
        final IcmpRateLimiter limiter = linux();
        assertEquals(50, allowed(limiter, 400, 0x0a09_0000, 1));
        nowNs += 10 * MS;
        assertEquals(10, allowed(limiter, 400, 0x0a0a_0000, 1));
        nowNs += 60_000 * MS;
        assertEquals(50, allowed(limiter, 400, 0x0a0b_0000, 1));
    }

    @Test
    void oneThatIsRefusedCostsNobodyAnything() {
        final IcmpRateLimiter limiter = linux();
        assertEquals(6, allowed(limiter, 1_000, 0x0a09_0101, 0));
        assertEquals(44, allowed(limiter, 400, 0x0a0c_0000, 1));
    }

    @Test
    void fragmentationNeededIsNeverLimited() {
        final IcmpRateLimiter limiter = linux();
        for (int i = 0; i < 10_000; i++) {
            assertTrue(limiter.allow(Icmp.DESTINATION_UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, 1, nowNs));
        }
        assertEquals(6, allowed(limiter, 20, 0x0a09_0101, 0));
    }

    @Test
    void onlyTypesOfTheMaskAreLimited() {
        final IcmpRateLimiter limiter = limiter(1_000, 50, 1_000, 1 << Icmp.DESTINATION_UNREACHABLE);
        assertEquals(1_000, allowed(limiter, 1_000, 0x0a09_0101, 0));
        assertTrue(limiter.allow(255, 0, 1, nowNs));
    }

    @Test
    void zeroIsNoLimit() {
        final IcmpRateLimiter limiter = limiter(0, 1, 0, IcmpLimits.LINUX.typeMask());
        assertEquals(1_000, allowed(limiter, 1_000, 0x0a09_0101, 0));
    }

    @Test
    void manyReceiversHaveTheirOwnBuckets() {
        final IcmpRateLimiter limiter = limiter(0, 1, 1_000, IcmpLimits.LINUX.typeMask());
        final int sent = allowed(limiter, 1_000, 0x0a09_0000, 1);
        assertEquals(1_000, sent, "a thousand receivers, one error each");
    }

    @Test
    void impossibleLimitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> limiter(-1, 50, 1_000, 0));
        assertThrows(IllegalArgumentException.class, () -> limiter(1_000, 0, 1_000, 0));
        assertThrows(IllegalArgumentException.class, () -> limiter(1_000, 50, -1, 0));
    }

    @Test
    void errorsOfIpv6HaveAnIntervalOfTheirOwnAndNoMask() {
        final IcmpRateLimiter limiter = new IcmpRateLimiter(new IcmpLimits(0, 1, 0, 0, 100), 5);
        int allowed = 0;
        for (int i = 0; i < 20; i++) {
            allowed += limiter.allow6(0xfd09_0001, nowNs) ? 1 : 0;
        }
        assertEquals(6, allowed);
        nowNs += 100 * MS;
        assertTrue(limiter.allow6(0xfd09_0001, nowNs));
        assertEquals(1_000, allowed(limiter, 1_000, 0x0a09_0101, 0), "IPv4 has no limit here");
    }

    @Test
    void otherLimitsAreTakenAtOnce() {
        final IcmpRateLimiter limiter = linux();
        assertEquals(6, allowed(limiter, 20, 0x0a09_0101, 0));
        limiter.use(new IcmpLimits(0, 1, 0, IcmpLimits.LINUX.typeMask(), 0));
        assertEquals(20, allowed(limiter, 20, 0x0a09_0101, 0));
        limiter.use(IcmpLimits.LINUX);
        assertEquals(0, allowed(limiter, 20, 0x0a09_0101, 0), "nothing was saved up without limit");
    }

    /** How many of the attempts may be sent now, each to the next receiver by the step. */
    private int allowed(final IcmpRateLimiter limiter, final int attempts, final int target, final int step) {
        int allowed = 0;
        for (int i = 0; i < attempts; i++) {
            allowed += limiter.allow(TIME_EXCEEDED, 0, target + i * step, nowNs) ? 1 : 0;
        }
        return allowed;
    }
}
