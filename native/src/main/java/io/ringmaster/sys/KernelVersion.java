package io.ringmaster.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The running kernel's version: its first two numbers. */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
    /** The oldest kernel that has all this product stands on (need-wakeup, six socket counters, bpf_link for XDP). */
    public static final KernelVersion OLDEST = new KernelVersion(5, 10);
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    /** That of this machine. */
    public static KernelVersion running() {
        try {
            return parse(Files.readString(Path.of("/proc/sys/kernel/osrelease")));
        } catch (final IOException e) {
            throw new UncheckedIOException("Could not read the kernel's version from /proc/sys/kernel/osrelease.", e);
        }
    }

    /**
     * Reads what {@code uname -r} prints.
     *
     * @throws IllegalArgumentException if it does not begin with two numbers.
     */
    public static KernelVersion parse(final String release) {
        final Matcher matcher = RELEASE.matcher(release);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("The kernel's version \"" + release.strip() + "\" is not understood.");
        }
        return new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Refuses a kernel that is too old, in one sentence. */
    public static void requireOldest() {
        running().require(OLDEST);
    }

    void require(final KernelVersion oldest) {
        if (compareTo(oldest) < 0) {
            throw new IllegalStateException("This kernel is " + this + ", and Ringmaster needs Linux " + oldest
                + " or newer.");
        }
    }

    /** Whether this is the given version or a newer one. */
    public boolean atLeast(final int otherMajor, final int otherMinor) {
        return compareTo(new KernelVersion(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(final KernelVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
