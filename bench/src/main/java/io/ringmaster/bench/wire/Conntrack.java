package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Room in the kernel's connection tracking, which all namespaces share: raised for a run where it is too little, and
 * set back by {@link #close}.
 */
final class Conntrack implements AutoCloseable {
    private static final Path MOST = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");
    private static final Path BUCKETS = Path.of("/proc/sys/net/netfilter/nf_conntrack_buckets");

    private final long most;
    private final long buckets;

    private Conntrack(final long most, final long buckets) {
        this.most = most;
        this.buckets = buckets;
    }

    /** As an administrator would do it for that many connections: as many buckets, and room for a few more. */
    static Conntrack makeRoom(final long connections) {
        if (!Files.isWritable(MOST)) {
            throw new BenchException("The kernel's connection tracking cannot be set (" + MOST
                + "), which --peer nftables needs; it must be in the kernel or loaded (modprobe nf_conntrack).");
        }
        final Conntrack before = new Conntrack(read(MOST), read(BUCKETS));
        try {
            raise(MOST, before.most, connections + connections / 4);
            raise(BUCKETS, before.buckets, connections);
            return before;
        } catch (final BenchException e) {
            before.close();
            throw e;
        }
    }

    private static void raise(final Path setting, final long now, final long wanted) {
        if (wanted > now) {
            write(setting, wanted);
        }
    }

    /** By a buffer that takes all at once: a setting is told to one read only, however short that is. */
    private static long read(final Path setting) {
        try {
            return Long.parseLong(Files.readAllLines(setting).getFirst().strip());
        } catch (final IOException e) {
            throw new BenchException("Could not read " + setting + ": " + e.getMessage() + ".", e);
        }
    }

    private static void write(final Path setting, final long value) {
        try {
            Files.writeString(setting, Long.toString(value));
        } catch (final IOException e) {
            throw new BenchException("Could not write " + value + " to " + setting + ": " + e.getMessage() + ".", e);
        }
    }

    /** Sets back what was raised. Buckets follow the limit down, and both are set last to what they were. */
    @Override
    public void close() {
        if (read(BUCKETS) != buckets) {
            write(BUCKETS, buckets);
        }
        if (read(MOST) != most) {
            write(MOST, most);
        }
    }
}
