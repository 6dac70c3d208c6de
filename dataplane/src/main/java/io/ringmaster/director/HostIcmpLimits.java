package io.ringmaster.director;

import io.ringmaster.service.IcmpLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The limits that the host has set for its own ICMP errors, for the director's: who changes them by {@code sysctl}
 * changes both. Owned by the control thread, whose network namespace it is about.
 */
final class HostIcmpLimits {
    private static final long EVERY_NS = 1_000_000_000L;

    private static final int MOST_BYTES = 64;

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
        // In one call: of a number in /proc/sys the kernel gives no more after the first read, however short that was,
        // and Files.readString begins with one byte, since such a file has no length.
        try (InputStream file = Files.newInputStream(folder.resolve(name))) {
            final String text = new String(file.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
            return Math.clamp(Long.parseLong(text.strip()), 0, Integer.MAX_VALUE);
        } catch (final IOException | NumberFormatException e) {
            return otherwise;
        }
    }
}
