package io.ringmaster.service;

/**
 * How many ICMP errors a Linux host sends (Documentation/networking/ip-sysctl.rst).
 *
 * @param messagesPerSec net.ipv4.icmp_msgs_per_sec: errors a second in all, 0 for no such limit.
 * @param messagesBurst  net.ipv4.icmp_msgs_burst: errors at once in all, at least 1.
 * @param intervalMs     net.ipv4.icmp_ratelimit: milliseconds between two errors to one receiver, 0 for no such limit.
 * @param typeMask       net.ipv4.icmp_ratemask: bit n is set if errors of type n are limited. Not those of ICMPv6,
 *                       which are all but packet too big.
 * @param interval6Ms    net.ipv6.icmp.ratelimit: intervalMs for ICMPv6. Linux makes it shorter where the route to the
 *                       receiver is to a prefix, of which a worker does not know.
 */
public record IcmpLimits(int messagesPerSec, int messagesBurst, int intervalMs, int typeMask, int interval6Ms) {
    /** Types 3, 4, 11 and 12: destination unreachable, source quench, time exceeded, parameter problem. */
    private static final int ERRORS = 0x1818;

    /** Linux's defaults. */
    public static final IcmpLimits LINUX = new IcmpLimits(1_000, 50, 1_000, ERRORS, 1_000);
}
