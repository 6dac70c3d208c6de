package io.ringmaster.director;

import io.ringmaster.service.IcmpLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The limits that the host has set for its own ICMP errors, for the director's: who changes them by {@code sysctl}
 * changes both. Owned by the control thread, whose network namespace it is about.
 */
final class HostIcmpLimits {
    private static final long EVERY_NS = 1_000_000_000L;

    private final Path folder;
    private IcmpLimits known = IcmpLimits.LINUX;
    private long nextNs = Long.MIN_VALUE;

    /** Those below /proc/sys/net. */
    HostIcmpLimits() {
        this(Path.of("/proc/sys/net"));
    }

    HostIcmpLimits(final Path folder) {
        this.folder = folder;
    }

    /** Looks once a second; what the limits are, if they changed since the last look. */
    Optional<IcmpLimits> look(final long nowNs) {
        if (nextNs != Long.MIN_VALUE && nowNs - nextNs < 0) {
            return Optional.empty();
        }
        nextNs = nowNs + EVERY_NS;
        final IcmpLimits now = read();
        if (now.equals(known)) {
            return Optional.empty();
        }
        known = now;
        return Optional.of(now);
    }

    private IcmpLimits read() {
        final IcmpLimits linux = IcmpLimits.LINUX;
        // Some kernels have the limit of all errors for the whole host only, and in its own namespace.
        return new IcmpLimits(Math.max(1, value("ipv4/icmp_msgs_per_sec", linux.messagesPerSec())),
            Math.max(1, value("ipv4/icmp_msgs_burst", linux.messagesBurst())),
            value("ipv4/icmp_ratelimit", linux.intervalMs()), value("ipv4/icmp_ratemask", linux.typeMask()),
            value("ipv6/icmp/ratelimit", linux.interval6Ms()));
    }

    private int value(final String name, final int otherwise) {
        try {
            return Math.clamp(Long.parseLong(Files.readString(folder.resolve(name)).strip()), 0,
                Integer.MAX_VALUE);
        } catch (final IOException | NumberFormatException e) {
            return otherwise;
        }
    }
}
